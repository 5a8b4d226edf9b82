package im.signet.kit.outbound;

import im.signet.kit.outbound.OutboundResult.Answered;
import im.signet.kit.outbound.TestInternet.Site;

import java.io.IOException;
import java.nio.charset.StandardCharsets;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static im.signet.kit.outbound.Outcomes.answered;
import static im.signet.kit.outbound.Outcomes.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

@Timeout(60)
class RedirectsTest {

    private static final String IP = "93.184.216.34";
    private static final String OTHER_IP = "93.184.216.35";
    private static final String HOST = "example.org";

    private final TestInternet internet = new TestInternet();

    @AfterEach
    void disconnect() throws IOException {
        internet.close();
    }

    @Test
    void followsNoRedirectUnlessToldTo() {
        internet.names().answer(HOST, IP);
        Site site = internet.site(IP, 443, HOST).redirects("/", 302, "https://example.org/elsewhere");
        Answered answered = answered(internet.client().send(get("/")));
        assertThat(answered.status()).isEqualTo(302);
        assertThat(site.asked()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(ints = {301, 302, 303, 307, 308})
    void followsRedirectsToOtherHosts(int status) {
        internet.names().answer(HOST, IP).answer("other.example", OTHER_IP);
        internet.site(IP, 443, HOST).redirects("/", status, "https://other.example:8443/there?a=%41#part");
        Site other = internet.site(OTHER_IP, 8443, "other.example").answers("/", 200, "{}");
        assertThat(answered(internet.client().send(get("/").followingRedirects())).status()).isEqualTo(200);
        assertThat(other.asked().getFirst().target()).isEqualTo("/there?a=%41");
        assertThat(other.asked().getFirst().header("Host")).isEqualTo("other.example:8443");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/b/c", "c", "./c", "../b/c", "//example.org/b/c", "HTTPS://example.org/b/c",
        "https://EXAMPLE.org/b/c", "https://example.org:443/b/c"})
    void followsRelativeRedirects(String location) {
        internet.names().answer(HOST, IP).answer("EXAMPLE.org", IP);
        internet.site(IP, 443, HOST).redirects("/b/a", 302, location).answers("/b/c", 200, "{}");
        assertThat(answered(internet.client().send(get("/b/a").followingRedirects())).status()).isEqualTo(200);
    }

    @Test
    void followsFiveRedirectsAndNoSixth() {
        internet.names().answer(HOST, IP);
        Site site = internet.site(IP, 443, HOST);
        for (int i = 0; i < 6; i++) {
            site.redirects("/" + i, 302, "/" + (i + 1));
        }
        site.answers("/6", 200, "{}");
        GuardedHttpClient client = internet.client();
        assertThat(answered(client.send(get("/1").followingRedirects())).status()).isEqualTo(200);
        assertRefused(client.send(get("/0").followingRedirects()), HOST, "more than 5 times");
    }

    @Test
    void leavesARedirectLoop() {
        internet.names().answer(HOST, IP).answer("other.example", OTHER_IP);
        Site site = internet.site(IP, 443, HOST).redirects("/", 302, "https://other.example/");
        Site other = internet.site(OTHER_IP, 443, "other.example").redirects("/", 302, "https://example.org/");
        assertRefused(internet.client().send(get("/").followingRedirects()), HOST, "more than 5 times");
        assertThat(site.asked().size() + other.asked().size()).isEqualTo(6);
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://example.org/", "http://other.example/", "ftp://other.example/",
        "file:///etc/passwd",
        "javascript:alert(1)", "https:", "https:///", "https://", "https://user@other.example/",
        "https://user:password@other.example/", "https://@other.example/", "https://other_host.example/",
        "https://other.example:0/", "https://other.example:99999/", "https://other.example:x/",
        "https://[fe80::1%25eth0]/", "https://other.example\\@example.org/", "https://other.example//x",
        "https://ät.example/", "https://other%2eexample/", "\t", "::"})
    void followsNothingButCleanHttpsUrls(String location) {
        internet.names().answer(HOST, IP).answer("other.example", OTHER_IP);
        internet.hostileSite(IP, 443, (in, out) -> {
            TestInternet.readHead(in);
            out.write(("HTTP/1.1 302 Found\r\nContent-Length: 0\r\nLocation: " + location + "\r\n\r\n")
                    .getBytes(StandardCharsets.UTF_8));
        }, HOST);
        OutboundResult result = internet.client().send(get("/").followingRedirects());
        assertThat(result instanceof Answered answered && answered.status() == 200).isFalse();
        assertThat(internet.dialledHosts()).containsExactly(IP);
    }

    @Test
    void followsNoRedirectToAForbiddenAddress() {
        internet.names().answer(HOST, IP);
        Site site = internet.site(IP, 443, HOST);
        GuardedHttpClient client = internet.client();
        for (String host : ForbiddenAddresses.asHosts().toList()) {
            site.redirects("/", 302, "https://" + host + "/");
            assertThat(client.send(get("/").followingRedirects())).as(host).isNotInstanceOf(Answered.class);
        }
        assertThat(internet.dialledHosts()).containsExactly(IP);
    }

    @Test
    void followsNoRedirectToANameThatLeadsToAForbiddenAddress() {
        internet.names().answer(HOST, IP).answer("inside.example", "192.168.1.1");
        internet.site(IP, 443, HOST).redirects("/", 302, "https://inside.example/");
        assertRefused(internet.client().send(get("/").followingRedirects()), "inside.example",
                "may not be connected to");
        assertThat(internet.dialledHosts()).containsExactly(IP);
    }

    @Test
    void carriesNoBodyToAnotherHost() {
        OutboundRequest post = OutboundRequest.post(Destination.of(HOST, 443), "/", new byte[0]);
        assertThatIllegalStateException().isThrownBy(post::followingRedirects);
    }

    private static OutboundRequest get(String pathAndQuery) {
        return OutboundRequest.get(Destination.of(HOST, 443), pathAndQuery);
    }

}
