package im.signet.kit.homeserver;

import im.signet.kit.outbound.ForbiddenAddresses;
import im.signet.kit.outbound.NameResolver.ServiceRecord;
import im.signet.kit.outbound.OutboundResult;
import im.signet.kit.outbound.OutboundResult.Answered;
import im.signet.kit.outbound.TestInternet;
import im.signet.kit.outbound.TestInternet.Site;
import im.signet.protocol.Parsed;
import im.signet.protocol.identifier.ServerName;

import java.io.IOException;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.List;
import java.util.stream.Stream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/** Each step of "Resolving server names" of the Server-Server API, numbered as there. */
@Timeout(60)
class HomeserverDiscoveryTest {

    private static final String WELL_KNOWN = "/.well-known/matrix/server";
    private static final String WEB_IP = "93.184.216.1";
    private static final String IP = "93.184.216.2";
    private static final String OTHER_IP = "93.184.216.3";

    private final TestInternet internet = new TestInternet();
    private final Homeservers homeservers = new Homeservers(
            new FederationProperties(List.of(), null, List.of(), List.of())::serves,
            internet.client(), internet.names(), Clock.systemUTC(), new SecureRandom());

    @AfterEach
    void disconnect() throws IOException {
        internet.close();
    }

    @ParameterizedTest
    @CsvSource({"9.9.9.9, 9.9.9.9, 8448", "9.9.9.9:1234, 9.9.9.9, 1234", "[2606:4700::1], 2606:4700::1, 8448",
        "[2606:4700::1]:1234, 2606:4700::1, 1234"})
    void step1AsksAnIpAddressWithoutLookups(String server, String ip, int port) {
        Site site = internet.site(ip, port, ip).answers("/", 200, "{}");
        assertAnswered(ask(server));
        assertThat(site.asked().getFirst().header("Host")).isEqualTo(server);
        assertThat(internet.names().questions()).isEmpty();
        assertThat(internet.dialled()).hasSize(1);
    }

    @Test
    void step2AsksAnExplicitPortWithoutLookups() {
        internet.names().answer("hs.example", IP).services("_matrix-fed._tcp.hs.example", srv("machine.example", 1));
        Site site = internet.site(IP, 8080, "hs.example").answers("/", 200, "{}");
        assertAnswered(ask("hs.example:8080"));
        assertThat(site.asked().getFirst().header("Host")).isEqualTo("hs.example:8080");
        assertThat(internet.names().questions()).containsExactly("hs.example");
    }

    @ParameterizedTest
    @CsvSource({"9.9.9.9, 9.9.9.9, 8448", "9.9.9.9:1234, 9.9.9.9, 1234", "[2606:4700::1]:1234, 2606:4700::1, 1234"})
    void step3point1AsksTheDelegatedIpAddress(String delegated, String ip, int port) {
        delegate("hs.example", delegated);
        Site site = internet.site(ip, port, ip).answers("/", 200, "{}");
        assertAnswered(ask("hs.example"));
        assertThat(site.asked().getFirst().header("Host")).isEqualTo(delegated);
    }

    @Test
    void step3point2AsksTheDelegatedPort() {
        delegate("hs.example", "matrix.hs.example:1234");
        internet.names().answer("matrix.hs.example", IP);
        Site site = internet.site(IP, 1234, "matrix.hs.example").answers("/", 200, "{}");
        assertAnswered(ask("hs.example"));
        assertThat(site.asked().getFirst().header("Host")).isEqualTo("matrix.hs.example:1234");
        assertThat(internet.names().questions()).containsExactly("hs.example", "matrix.hs.example");
    }

    @ParameterizedTest
    @ValueSource(strings = {"_matrix-fed._tcp.", "_matrix._tcp."})
    void step3point3AsksTheServiceOfTheDelegatedName(String service) {
        delegate("hs.example", "matrix.hs.example");
        internet.names()
                .answer("machine.example", IP)
                .services(service + "matrix.hs.example", srv("machine.example", 1234));
        Site site = internet.site(IP, 1234, "matrix.hs.example").answers("/", 200, "{}");
        assertAnswered(ask("hs.example"));
        assertThat(site.asked().getFirst().header("Host")).isEqualTo("matrix.hs.example");
    }

    @Test
    void step3point5AsksTheDelegatedNameAt8448() {
        delegate("hs.example", "matrix.hs.example");
        internet.names().answer("matrix.hs.example", IP);
        Site site = internet.site(IP, 8448, "matrix.hs.example").answers("/", 200, "{}");
        assertAnswered(ask("hs.example"));
        assertThat(site.asked().getFirst().header("Host")).isEqualTo("matrix.hs.example");
        assertThat(internet.names().questions()).containsExactly("hs.example", "_matrix-fed._tcp.matrix.hs.example",
                "_matrix._tcp.matrix.hs.example", "matrix.hs.example");
    }

    @ParameterizedTest
    @ValueSource(strings = {"_matrix-fed._tcp.", "_matrix._tcp."})
    void step4And5AskTheService(String service) {
        internet.names().answer("machine.example", IP).services(service + "hs.example", srv("machine.example", 1234));
        Site site = internet.site(IP, 1234, "hs.example").answers("/", 200, "{}");
        assertAnswered(ask("hs.example"));
        assertThat(site.asked().getFirst().header("Host")).isEqualTo("hs.example");
    }

    @Test
    void prefersTheNewServiceNameToTheOld() {
        internet.names()
                .answer("new.example", IP)
                .answer("old.example", OTHER_IP)
                .services("_matrix-fed._tcp.hs.example", srv("new.example", 1))
                .services("_matrix._tcp.hs.example", srv("old.example", 1));
        internet.site(IP, 1, "hs.example").answers("/", 200, "{}");
        assertAnswered(ask("hs.example"));
        assertThat(internet.dialledHosts()).containsExactly(IP);
    }

    @Test
    void step6AsksTheNameAt8448() {
        internet.names().answer("hs.example", IP);
        Site site = internet.site(IP, 8448, "hs.example").answers("/", 200, "{}");
        assertAnswered(ask("hs.example"));
        assertThat(site.asked().getFirst().header("Host")).isEqualTo("hs.example");
    }

    @Test
    void wantsTheCertificateOfTheNameNotOfTheServiceTarget() {
        internet.names()
                .answer("machine.example", IP)
                .services("_matrix-fed._tcp.hs.example", srv("machine.example", 1));
        internet.site(IP, 1, "machine.example").answers("/", 200, "{}");
        assertThat(ask("hs.example")).isInstanceOf(OutboundResult.Unreachable.class);
    }

    @Test
    void wantsTheCertificateOfTheDelegatedNameNotOfTheFirst() {
        delegate("hs.example", "matrix.example:1");
        internet.names().answer("matrix.example", IP);
        internet.site(IP, 1, "hs.example").answers("/", 200, "{}");
        assertThat(ask("hs.example")).isInstanceOf(OutboundResult.Unreachable.class);
    }

    // SRV

    @Test
    void triesServicesByPriority() {
        internet.names()
                .answer("first.example", OTHER_IP)
                .answer("second.example", IP)
                .services("_matrix-fed._tcp.hs.example",
                        new ServiceRecord(20, 0, 1, "second.example"), new ServiceRecord(10, 0, 1, "first.example"));
        internet.site(IP, 1, "hs.example").answers("/", 200, "{}");
        assertAnswered(ask("hs.example"));
        assertThat(internet.dialledHosts()).containsExactly(OTHER_IP, IP);
    }

    @Test
    void drawsServicesOfOnePriorityByWeight() {
        internet.names()
                .answer("heavy.example", IP)
                .answer("light.example", OTHER_IP)
                .services("_matrix-fed._tcp.hs.example",
                        new ServiceRecord(1, 60_000, 1, "heavy.example"),
                        new ServiceRecord(1, 60_000, 1, "light.example"));
        Site one = internet.site(IP, 1, "hs.example").answers("/", 200, "{}");
        Site other = internet.site(OTHER_IP, 1, "hs.example").answers("/", 200, "{}");
        for (int i = 0; i < 60; i++) {
            assertAnswered(ask("hs.example"));
        }
        assertThat(one.asked()).isNotEmpty();
        assertThat(other.asked()).isNotEmpty();
    }

    @Test
    void triesFewOfManyServices() {
        ServiceRecord[] many = new ServiceRecord[500];
        for (int i = 0; i < many.length; i++) {
            many[i] = new ServiceRecord(i, 65_535, 1, "machine" + i + ".example");
            internet.names().answer("machine" + i + ".example", "9.0." + i / 250 + "." + (i % 250 + 1));
        }
        internet.names().services("_matrix-fed._tcp.hs.example", many);
        assertThat(ask("hs.example")).isInstanceOf(OutboundResult.Unreachable.class);
        assertThat(internet.dialled()).hasSize(4);
    }

    @Test
    void takesADotForNoSuchService() {
        internet.names().answer("hs.example", IP).services("_matrix-fed._tcp.hs.example", srv("", 0));
        internet.site(IP, 8448, "hs.example").answers("/", 200, "{}");
        assertThat(ask("hs.example")).isInstanceOf(OutboundResult.Unreachable.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"bad_host.example", "a\\013\\010b.example", "user@host.example", "host.example/",
        "-x.example"})
    void connectsToNoServiceTargetThatIsNoHost(String target) {
        internet.names().answer(target, IP).services("_matrix-fed._tcp.hs.example", srv(target, 1));
        assertThat(ask("hs.example")).isInstanceOf(OutboundResult.Unreachable.class);
        assertThat(internet.dialled()).isEmpty();
    }

    // Addresses that nobody may lead us to, through each entry

    @ParameterizedTest
    @MethodSource("im.signet.kit.outbound.ForbiddenAddresses#asHosts")
    void isNotLedAstrayByAServerName(String host) {
        for (String text : List.of(host, host + ":443", host + ":8448")) {
            if (ServerName.parse(text) instanceof Parsed.Ok<ServerName>(ServerName server)) {
                assertThat(homeservers.get(server, "/")).isNotInstanceOf(Answered.class);
            }
        }
        assertThat(internet.dialled()).isEmpty();
    }

    @Test
    void isNotLedAstrayByAWellKnown() {
        Site web = internet.site(WEB_IP, 443, "*.hosts.example");
        List<String> hosts = ForbiddenAddresses.asHosts().flatMap(host -> Stream.of(host, host + ":443")).toList();
        for (int i = 0; i < hosts.size(); i++) {
            internet.names().answer("hs" + i + ".hosts.example", WEB_IP);
            web.answers(WELL_KNOWN, 200, "{\"m.server\":\"" + hosts.get(i) + "\"}");
            assertThat(ask("hs" + i + ".hosts.example")).as(hosts.get(i)).isNotInstanceOf(Answered.class);
        }
        assertThat(web.asked()).hasSize(hosts.size());
        assertThat(internet.dialledHosts()).containsOnly(WEB_IP);
    }

    @ParameterizedTest
    @MethodSource("im.signet.kit.outbound.ForbiddenAddresses#asHosts")
    void isNotLedAstrayByAServiceTarget(String host) {
        String bare = host.replace("[", "").replace("]", "");
        internet.names().services("_matrix-fed._tcp.hs.example", srv(bare, 443));
        assertThat(ask("hs.example")).isNotInstanceOf(Answered.class);
        assertThat(internet.dialled()).isEmpty();
    }

    @Test
    void isNotLedAstrayByNames() {
        Site web = internet.site(WEB_IP, 443, "*.hosts.example");
        List<String> ips = ForbiddenAddresses.all().toList();
        for (int i = 0; i < ips.size(); i++) {
            String inside = "inside" + i + ".example";
            internet.names()
                    .answer(inside, ips.get(i))
                    .answer("hs" + i + ".hosts.example", WEB_IP)
                    .services("_matrix-fed._tcp.service" + i + ".example", srv(inside, 443));
            web.answers(WELL_KNOWN, 200, "{\"m.server\":\"" + inside + ":443\"}");
            for (String server : List.of(inside, inside + ":443", "service" + i + ".example",
                    "hs" + i + ".hosts.example")) {
                assertThat(ask(server)).as(server + " " + ips.get(i)).isNotInstanceOf(Answered.class);
            }
        }
        assertThat(web.asked()).hasSize(ips.size());
        assertThat(internet.dialledHosts()).containsOnly(WEB_IP);
    }

    @Test
    void isNotLedAstrayByARedirectOfAWellKnown() {
        Site web = internet.site(WEB_IP, 443, "*.hosts.example");
        List<String> hosts = ForbiddenAddresses.asHosts().toList();
        for (int i = 0; i < hosts.size(); i++) {
            internet.names().answer("hs" + i + ".hosts.example", WEB_IP);
            web.redirects(WELL_KNOWN, 302, "https://" + hosts.get(i) + WELL_KNOWN);
            assertThat(ask("hs" + i + ".hosts.example")).as(hosts.get(i)).isNotInstanceOf(Answered.class);
        }
        assertThat(web.asked()).hasSize(hosts.size());
        assertThat(internet.dialledHosts()).containsOnly(WEB_IP);
    }

    private void delegate(String host, String server) {
        internet.names().answer(host, WEB_IP);
        internet.site(WEB_IP, 443, host)
                .answers(WELL_KNOWN, 200, "{\"m.server\":\"" + server + "\"}");
    }

    private static ServiceRecord srv(String target, int port) {
        return new ServiceRecord(10, 0, port, target);
    }

    private OutboundResult ask(String server) {
        return homeservers.get(ServerName.of(server), "/_matrix/key/v2/server");
    }

    private static void assertAnswered(OutboundResult result) {
        assertThat(result).isInstanceOf(Answered.class);
    }
}
