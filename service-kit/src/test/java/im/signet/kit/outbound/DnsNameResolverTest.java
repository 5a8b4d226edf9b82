package im.signet.kit.outbound;

import im.signet.kit.outbound.NameResolver.ServiceRecord;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.xbill.DNS.AAAARecord;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.CNAMERecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.SRVRecord;
import org.xbill.DNS.Section;
import org.xbill.DNS.SimpleResolver;
import org.xbill.DNS.Type;
import org.xbill.DNS.lookup.LookupSession;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assumptions.assumeThat;

/** Asks a real name server on loopback. */
@Timeout(60)
class DnsNameResolverTest {

    private static final int SILENCE = -1;

    private final Map<String, List<Record>> zone = new ConcurrentHashMap<>();
    private final Map<String, Integer> faults = new ConcurrentHashMap<>();
    private final DatagramSocket server = listen();
    private final NameResolver names = new DnsNameResolver(Clock.systemUTC(), this::session);

    @BeforeEach
    void serve() {
        Thread.ofPlatform().daemon().start(() -> {
            byte[] buffer = new byte[4096];
            while (!server.isClosed()) {
                try {
                    DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
                    server.receive(packet);
                    Message query = new Message(Arrays.copyOf(buffer, packet.getLength()));
                    String question = query.getQuestion().getName() + " " + Type.string(query.getQuestion().getType());
                    if (faults.getOrDefault(question, 0) != SILENCE) {
                        byte[] answer = answer(query, question).toWire();
                        server.send(new DatagramPacket(answer, answer.length, packet.getSocketAddress()));
                    }
                } catch (IOException _) {
                    // Closed: the test is over.
                }
            }
        });
    }

    @AfterEach
    void stop() {
        server.close();
    }

    /** The table of hosts is read while the first ones ask: none of them is told that it is empty. */
    @Test
    void findsInTheTableOfHostsWhoeverAsksFirst() throws Exception {
        assumeThat(Files.readString(Path.of("/etc/hosts"))).contains("localhost");
        try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
            for (int round = 0; round < 50; round++) {
                NameResolver fresh = new DnsNameResolver(Clock.systemUTC());
                CyclicBarrier together = new CyclicBarrier(8);
                List<Callable<List<InetAddress>>> questions = Collections.nCopies(8, () -> {
                    together.await();
                    return fresh.addresses("localhost");
                });
                for (Future<List<InetAddress>> answer : threads.invokeAll(questions)) {
                    assertThat(answer.get()).isNotEmpty();
                }
            }
        }
    }

    @Test
    void putsIpv4First() throws IOException {
        add(new AAAARecord(name("example.org"), DClass.IN, 60, InetAddress.getByName("2606:4700::1")));
        add(new ARecord(name("example.org"), DClass.IN, 60, InetAddress.getByName("93.184.216.34")));
        add(new ARecord(name("example.org"), DClass.IN, 60, InetAddress.getByName("93.184.216.35")));
        List<String> addresses = names.addresses("example.org").stream().map(InetAddress::getHostAddress).toList();
        assertThat(addresses.subList(0, 2)).containsExactlyInAnyOrder("93.184.216.34", "93.184.216.35");
        assertThat(addresses.getLast()).isEqualTo("2606:4700:0:0:0:0:0:1");
        assertThat(addresses).hasSize(3);
    }

    @Test
    void followsAliases() throws IOException {
        add(new CNAMERecord(name("alias.example.org"), DClass.IN, 60, name("example.org")));
        add(new ARecord(name("example.org"), DClass.IN, 60, InetAddress.getByName("93.184.216.34")));
        assertThat(names.addresses("alias.example.org")).hasSize(1);
    }

    @Test
    void getsOutOfALoopOfAliases() throws IOException {
        add(new CNAMERecord(name("a.example"), DClass.IN, 60, name("b.example")));
        add(new CNAMERecord(name("b.example"), DClass.IN, 60, name("a.example")));
        assertThatExceptionOfType(UnknownHostException.class).isThrownBy(() -> names.addresses("a.example"));
    }

    @Test
    void oneKindIsEnoughWhereNobodyAnswersOfTheOther() throws IOException {
        add(new ARecord(name("example.org"), DClass.IN, 60, InetAddress.getByName("93.184.216.34")));
        faults.put("example.org. AAAA", SILENCE);
        assertThat(names.addresses("example.org")).hasSize(1);
    }

    @Test
    void isContentWithOneKindWhenTheOtherFails() throws IOException {
        add(new ARecord(name("example.org"), DClass.IN, 60, InetAddress.getByName("93.184.216.34")));
        faults.put("example.org. AAAA", Rcode.SERVFAIL);
        assertThat(names.addresses("example.org")).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"absent.example", "a..b", ""})
    void saysThatAHostHasNoAddress(String host) {
        assertThatExceptionOfType(UnknownHostException.class).isThrownBy(() -> names.addresses(host));
    }

    @Test
    void givesUpOnASilentServer() {
        faults.put("example.org. A", SILENCE);
        faults.put("example.org. AAAA", SILENCE);
        faults.put("_x._tcp.example.org. SRV", SILENCE);
        assertThatExceptionOfType(UnknownHostException.class).isThrownBy(() -> names.addresses("example.org"));
        assertThatExceptionOfType(UnknownHostException.class).isThrownBy(() -> names.services("_x._tcp.example.org"));
    }

    @Test
    void findsServices() throws IOException {
        add(new SRVRecord(name("_x._tcp.example.org"), DClass.IN, 60, 10, 5, 8448, name("machine.example.org")));
        add(new SRVRecord(name("_x._tcp.example.org"), DClass.IN, 60, 0, 0, 443, Name.root));
        assertThat(names.services("_x._tcp.example.org")).containsExactlyInAnyOrder(
                new ServiceRecord(10, 5, 8448, "machine.example.org"), new ServiceRecord(0, 0, 443, ""));
    }

    @Test
    void tellsNoServicesFromNoAnswer() throws IOException {
        faults.put("_y._tcp.example.org. SRV", Rcode.SERVFAIL);
        assertThat(names.services("_x._tcp.example.org")).isEmpty();
        assertThatExceptionOfType(UnknownHostException.class).isThrownBy(() -> names.services("_y._tcp.example.org"));
    }

    @Test
    void readsTheHostsFileOfThisMachine() throws UnknownHostException {
        assertThat(NameResolver.system(Clock.systemUTC()).addresses("localhost"))
                .allMatch(InetAddress::isLoopbackAddress);
    }

    /** A server that drains still asks other hosts while its JVM ends, be it for the first time. */
    @ParameterizedTest
    @ValueSource(strings = {"asked-before", "never-asked"})
    void answersWhileTheJvmEnds(String before) throws Exception {
        add(new ARecord(name("example.org"), DClass.IN, 60, InetAddress.getByName("93.184.216.34")));
        Process ending = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-cp",
                System.getProperty("java.class.path"), EndingJvm.class.getName(), before,
                String.valueOf(server.getLocalPort())).redirectErrorStream(true).start();
        String said = new String(ending.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(said).contains("found [example.org./93.184.216.34]");
    }

    /** Asks for an address while it ends, and says what it was told. */
    static final class EndingJvm {

        private EndingJvm() {}

        public static void main(String[] arguments) throws Exception {
            NameResolver names = new DnsNameResolver(Clock.systemUTC(), () -> session(Integer.parseInt(arguments[1])));
            if (arguments[0].equals("asked-before")) {
                names.addresses("example.org");
            }
            Runtime.getRuntime().addShutdownHook(new Thread(() -> {
                try {
                    Thread.sleep(500); // the other hooks had their turn
                    System.out.println("found " + names.addresses("example.org"));
                } catch (UnknownHostException | InterruptedException e) {
                    System.out.println(e);
                }
            }));
        }
    }

    private LookupSession session() {
        return session(server.getLocalPort());
    }

    private static LookupSession session(int port) {
        SimpleResolver resolver = new SimpleResolver(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        resolver.setTimeout(Duration.ofMillis(500));
        return LookupSession.builder().resolver(resolver).build();
    }

    private Message answer(Message query, String question) {
        Message answer = new Message(query.getHeader().getID());
        answer.getHeader().setFlag(Flags.QR);
        answer.addRecord(query.getQuestion(), Section.QUESTION);
        List<Record> found = new ArrayList<>(zone.getOrDefault(question, List.of()));
        if (found.isEmpty()) {
            found.addAll(zone.getOrDefault(query.getQuestion().getName() + " CNAME", List.of()));
        }
        found.forEach(each -> answer.addRecord(each, Section.ANSWER));
        answer.getHeader().setRcode(faults.getOrDefault(question, found.isEmpty() ? Rcode.NXDOMAIN : Rcode.NOERROR));
        return answer;
    }

    private void add(Record found) {
        zone.computeIfAbsent(found.getName() + " " + Type.string(found.getType()), _ -> new ArrayList<>()).add(found);
    }

    private static Name name(String text) throws IOException {
        return Name.fromString(text + ".");
    }

    private static DatagramSocket listen() {
        try {
            return new DatagramSocket(0, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
