package im.signet.standalone.doctor;

import im.signet.demo.DemoAuthority;
import im.signet.kit.outbound.Destination;
import im.signet.kit.outbound.OutboundRequest;
import im.signet.kit.outbound.OutboundResult;
import im.signet.standalone.config.Service;
import im.signet.standalone.config.SettingsSources;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/** What the doctor makes of answers of a domain of handles, which it gets over TLS from another web server. */
class HandleDomainCheckTest {

    private static final DemoAuthority AUTHORITY = DemoAuthority.create();
    private static final String OWN = "https://id.example.org";

    @TempDir
    Path folder = Path.of("");

    private final HandleDomainCheck check = new HandleDomainCheck();
    private final HttpsServer site;

    HandleDomainCheckTest() throws IOException {
        site = HttpsServer.create(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0), 0);
    }

    @BeforeEach
    void start() {
        AUTHORITY.writeCaFile(folder.resolve("ca.pem"));
        site.setHttpsConfigurator(new HttpsConfigurator(AUTHORITY.serverContext("localhost")));
        site.start();
    }

    @AfterEach
    void stop() {
        site.stop(0);
    }

    private void says(int status, String type, boolean toBrowsers, String body) {
        site.createContext("/", exchange -> {
            exchange.getResponseHeaders().add("Content-Type", type);
            if (toBrowsers) {
                exchange.getResponseHeaders().add("Access-Control-Allow-Origin", "*");
            }
            byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(status, bytes.length);
            exchange.getResponseBody().write(bytes);
            exchange.close();
        });
    }

    private Patient patient(String... more) {
        List<String> settings = List.of("--signet.federation.allow-addresses=127.0.0.0/8,::1",
                "--signet.federation.ca-file=" + folder.resolve("ca.pem"), "--signet.public-url=" + OWN);
        return new Patient(SettingsSources.read(Stream.concat(settings.stream(), Stream.of(more))
                .toList()), Service.Served.of("all").orElseThrow(), Optional.empty(), List.of(), Clock.systemUTC(),
                new SecureRandom());
    }

    private OutboundResult answer() {
        try (Outbound outbound = Outbound.of(patient())) {
            return outbound.http()
                    .send(OutboundRequest.get(Destination.of("localhost", site.getAddress().getPort()), "/"));
        }
    }

    private String signet() {
        return check.signet("example.org", answer(), OWN).toString();
    }

    private String webfinger() {
        return check.webfinger("example.org", answer()).toString();
    }

    @Test
    void aDomainThatNamesThisNameserverIsWell() {
        says(200, "application/json", true, "{\"nameserver\":\"" + OWN + "\"}");
        assertThat(signet()).isEqualTo("ok    handles: example.org names this nameserver.");
    }

    @Test
    void tellsWhichOtherNameserverADomainNames() {
        says(200, "application/json", true, "{\"nameserver\":\"https://other.example\"}");
        assertThat(signet()).startsWith("FAIL")
                .contains("another nameserver, https://other.example", "Pass https://example.org/.well-known/signet");
    }

    @Test
    void aDomainThatNamesNoneIsFoundByNobody() {
        says(404, "application/json", true, "{\"nameserver\":\"" + OWN + "\"}");
        assertThat(signet()).as("a page that is not there").startsWith("FAIL").contains("names no nameserver");
        site.removeContext("/");
        for (String nonsense : List.of("", "<html>", "[]", "{\"nameserver\":7}", "{\"nameserver\":")) {
            says(200, "application/json", true, nonsense);
            assertThat(signet()).as(nonsense).startsWith("FAIL").contains("names no nameserver", "found by nobody");
            site.removeContext("/");
        }
        site.stop(0);
        assertThat(signet()).as("nobody listens").startsWith("FAIL").contains("names no nameserver");
    }

    @Test
    void ourNoToAMadeUpHandleIsTheRightAnswer() {
        says(404, "application/json", true, "{\"errcode\":\"M_NOT_FOUND\"}");
        assertThat(webfinger()).isEqualTo("ok    handles: example.org answers WebFinger.");
    }

    @Test
    void remarksThatSomebodyElseAnswersWebFinger() {
        says(404, "text/html", true, "<html>");
        assertThat(webfinger()).as("a page").startsWith("warn").contains("is not answered by this server");
        site.removeContext("/");
        says(404, "application/json", false, "{}");
        assertThat(webfinger()).as("not for browsers").startsWith("warn");
        site.stop(0);
        assertThat(webfinger()).as("nobody listens").startsWith("warn");
    }

    @Test
    void hasNothingToLookAtWithoutHandles() {
        assertThat(check.look(patient())).extracting(Diagnosis::toString)
                .containsExactly("ok    handles: there are no domains of handles to look at.");
    }
}
