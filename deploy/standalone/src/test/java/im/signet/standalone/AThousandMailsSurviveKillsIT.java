package im.signet.standalone;

import im.signet.demo.DemoAuthority;
import im.signet.demo.DemoHomeserver;
import im.signet.demo.ScriptedSmtpServer;
import im.signet.demo.SmtpStage;
import im.signet.demo.SmtpTransaction;
import im.signet.demo.walk.ServerProcess;
import im.signet.protocol.json.StrictJson;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.BooleanSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The packaged server takes a thousand mails while no SMTP server does, and is killed again and again. The promise is
 * delivery at least once, always under the same Message-ID: only a mail that was under way in the moment of a kill may come
 * twice.
 */
class AThousandMailsSurviveKillsIT {

    private static final Path JAR = Path.of("target", "signet.jar");
    private static final int MAILS = 1000;
    private static final int CLIENTS = 8;
    /** How many mails the server delivers at once. */
    private static final int UNDER_WAY = 4;
    private static final Pattern MESSAGE_ID = Pattern.compile("(?m)^Message-ID: (<\\S+>)");
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    @TempDir
    Path folder;

    private final HttpClient http = HttpClient.newHttpClient();
    private final Set<String> acknowledged = ConcurrentHashMap.newKeySet();
    private final int port = ServerProcess.freePort();
    private String token = "";

    private ServerProcess start(int smtpPort) throws IOException {
        return ServerProcess.start(JAR, Files.writeString(folder.resolve("signet.yaml"), """
                server: {port: %1$d, address: 127.0.0.1}
                signet:
                  server-name: localhost:%1$d
                  public-url: http://localhost:%1$d
                  data-dir: %2$s/data
                  mail: {host: 127.0.0.1, port: %3$d, security: none, from: signet@example.org}
                  limits.enabled: false
                  federation: {allow-addresses: [127.0.0.0/8, "::1"], ca-file: %2$s/ca.pem}
                """.formatted(port, folder, smtpPort)), port);
    }

    private HttpResponse<String> post(String path, String body) throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest
                .newBuilder(URI.create("http://127.0.0.1:" + port + "/_matrix/identity/v2" + path))
                .timeout(Duration.ofMinutes(1))
                .POST(HttpRequest.BodyPublishers.ofString(body));
        if (!token.isEmpty()) {
            request.header("Authorization", "Bearer " + token);
        }
        return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private void ask(String address) throws IOException, InterruptedException {
        HttpResponse<String> answer = post("/validate/email/requestToken", "{\"client_secret\":\""
                + address.replace('@', '.') + "\",\"email\":\"" + address + "\",\"send_attempt\":1}");
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        acknowledged.add(address);
    }

    /** Asks for mails until all are acknowledged or the server is gone; what was not acknowledged can be asked for again. */
    private List<Thread> askForAll(List<String> addresses, List<Throwable> faults) {
        Queue<String> open = new ConcurrentLinkedQueue<>(
                addresses.stream().filter(address -> !acknowledged.contains(address)).toList());
        return IntStream.range(0, CLIENTS).mapToObj(_ -> Thread.ofVirtual().start(() -> {
            try {
                for (String address = open.poll(); address != null; address = open.poll()) {
                    ask(address);
                }
            } catch (IOException killed) {
                // the server is gone
            } catch (InterruptedException | AssertionError fault) {
                faults.add(fault);
            }
        })).toList();
    }

    private static void await(String what, BooleanSupplier condition) throws InterruptedException {
        for (long i = PATIENCE.toMillis() / 20; i > 0 && !condition.getAsBoolean(); i--) {
            Thread.sleep(20);
        }
        assertThat(condition.getAsBoolean()).as(what).isTrue();
    }

    private static void join(List<Thread> threads) throws InterruptedException {
        for (Thread thread : threads) {
            thread.join();
        }
    }

    private static String recipient(SmtpTransaction transaction) {
        assertThat(transaction.recipients()).hasSize(1);
        return transaction.recipients().getFirst();
    }

    private static String messageId(SmtpTransaction transaction) {
        Matcher found = MESSAGE_ID.matcher(transaction.data());
        assertThat(found.find()).as(transaction.data()).isTrue();
        return found.group(1);
    }

    private static long recipients(ScriptedSmtpServer smtp) {
        return smtp.accepted().stream().map(SmtpTransaction::recipients).distinct().count();
    }

    @Test
    void deliversEachAtLeastOnceUnderOneMessageId() throws Exception {
        List<String> addresses = IntStream.range(0, MAILS).mapToObj(i -> "person" + i + "@mail.example.org").toList();
        DemoAuthority authority = DemoAuthority.create();
        authority.writeCaFile(folder.resolve("ca.pem"));
        List<Throwable> faults = new ArrayList<>();
        try (DemoHomeserver homeserver = DemoHomeserver.start(authority);
                ScriptedSmtpServer dead = ScriptedSmtpServer.start().drop(SmtpStage.MESSAGE);
                ScriptedSmtpServer smtp = ScriptedSmtpServer.start()) {
            // Killed while it takes mails, and nobody listens where they are to go.
            try (ServerProcess server = start(ServerProcess.freePort())) {
                String registered = post("/account/register",
                        StrictJson.write(homeserver.openId(homeserver.register("alice")))).body();
                token = StrictJson.parseObject(registered).orElseThrow().string("token").orElseThrow();
                List<Thread> clients = askForAll(addresses, faults);
                await("enough mails are queued", () -> acknowledged.size() > MAILS / 3);
                server.kill();
                join(clients);
            }
            // Killed while it tries to deliver to a server that takes nothing.
            try (ServerProcess server = start(dead.port())) {
                join(askForAll(addresses, faults));
                assertThat(faults).isEmpty();
                assertThat(acknowledged).containsExactlyInAnyOrderElementsOf(addresses);
                await("it tries to deliver", () -> dead.transactions().size() > 2 * UNDER_WAY);
                server.kill();
                assertThat(dead.accepted()).isEmpty();
            }
            // And once more while it delivers.
            try (ServerProcess server = start(smtp.port())) {
                await("it delivers", () -> recipients(smtp) > MAILS / 10);
                server.kill();
            }
            try (ServerProcess _ = start(smtp.port())) {
                await("all are delivered", () -> recipients(smtp) == MAILS);
            }
            holdsThePromise(addresses, dead, smtp);
        }
    }

    private static void holdsThePromise(List<String> addresses, ScriptedSmtpServer dead, ScriptedSmtpServer smtp) {
        Map<String, List<String>> delivered = smtp.accepted()
                .stream()
                .collect(Collectors.groupingBy(AThousandMailsSurviveKillsIT::recipient,
                        Collectors.mapping(AThousandMailsSurviveKillsIT::messageId, Collectors.toList())));
        assertThat(delivered.keySet()).containsExactlyInAnyOrderElementsOf(addresses);
        Map<String, Set<String>> idsOf = new HashMap<>();
        delivered.forEach((address, ids) -> idsOf.computeIfAbsent(address, _ -> ConcurrentHashMap.newKeySet())
                .addAll(ids));
        dead.transactions()
                .stream()
                .filter(SmtpTransaction::complete)
                .forEach(tried -> idsOf.computeIfAbsent(recipient(tried), _ -> ConcurrentHashMap.newKeySet())
                        .add(messageId(tried)));
        assertThat(idsOf).as("one mail each, whatever was tried").allSatisfy((_, ids) -> assertThat(ids).hasSize(1));
        assertThat(idsOf.values().stream().distinct()).as("and no two the same").hasSize(MAILS);
        assertThat(delivered.values().stream().mapToInt(List::size).sum() - MAILS).as("came twice")
                .isLessThanOrEqualTo(UNDER_WAY);
    }
}
