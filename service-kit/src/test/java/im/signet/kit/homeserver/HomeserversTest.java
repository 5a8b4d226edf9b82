package im.signet.kit.homeserver;

import im.signet.kit.homeserver.UserInfo.Known;
import im.signet.kit.homeserver.UserInfo.Refused;
import im.signet.kit.homeserver.UserInfo.Unreachable;
import im.signet.kit.outbound.OutboundResult;
import im.signet.kit.outbound.TestInternet;
import im.signet.kit.outbound.TestInternet.Asked;
import im.signet.kit.outbound.TestInternet.Site;
import im.signet.protocol.identifier.ServerName;
import im.signet.protocol.identifier.UserId;
import im.signet.protocol.json.JsonObject;

import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

@Timeout(60)
class HomeserversTest {

    private static final String IP = "93.184.216.34";
    private static final String USERINFO = "/_matrix/federation/v1/openid/userinfo";
    private static final ServerName SERVER = ServerName.of("hs.example:8448");

    private final TestInternet internet = new TestInternet();
    private final Homeservers homeservers = homeservers();
    private final Site site = internet.site(IP, 8448, "hs.example");

    @BeforeEach
    void resolve() {
        internet.names().answer("hs.example", IP);
    }

    @AfterEach
    void disconnect() throws IOException {
        internet.close();
    }

    @Test
    void knowsTheUserOfAToken() {
        site.answers(USERINFO, 200, "{\"sub\":\"@alice:hs.example:8448\",\"more\":[]}");
        assertThat(homeservers.userInfo(SERVER, "token")).isEqualTo(new Known(UserId.of("@alice:hs.example:8448")));
        Asked asked = site.asked().getFirst();
        assertThat(asked.method() + " " + asked.target()).isEqualTo("GET " + USERINFO + "?access_token=token");
        assertThat(asked.header("Host")).isEqualTo("hs.example:8448");
        assertThat(asked.header("Authorization")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"@x:other.example", "@x:hs.example", "@x:hs.example:8449", "@x:HS.example:8448",
        "@x:hs.example:8448:8448", "@x:evil.hs.example:8448", "x:hs.example:8448", "@:hs.example:8448",
        "@hs.example:8448",
        "@x:", "", " @x:hs.example:8448", "@x:hs.example:8448 ", "@x y:hs.example:8448", "@x:hs.example:8448\\n",
        "@x:hs.example:8448\\u0000"})
    void refusesAHomeserverThatNamesAnybodyButItsOwnUsers(String sub) {
        site.answers(USERINFO, 200, "{\"sub\":\"" + sub + "\"}");
        assertThat(homeservers.userInfo(SERVER, "token")).isInstanceOf(Refused.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "{\"sub\":null}", "{\"sub\":1}", "{\"sub\":[\"@a:hs.example:8448\"]}",
        "{\"Sub\":\"@a:hs.example:8448\"}"})
    void refusesAnAnswerThatNamesNobody(String json) {
        site.answers(USERINFO, 200, json);
        assertThat(homeservers.userInfo(SERVER, "token")).isInstanceOf(Refused.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "null", "[]", "\"@a:hs.example:8448\"", "<html>", "{\"sub\":\"@a:hs.example:8448\"} x",
        "{\"sub\":\"@a:hs.example:8448\",\"sub\":\"@b:hs.example:8448\"}", "{'sub':'@a:hs.example:8448'}"})
    void findsAHomeserverUnreachableThatAnswersWithoutJson(String body) {
        site.answers(USERINFO, 200, body);
        assertThat(homeservers.userInfo(SERVER, "token")).isInstanceOf(Unreachable.class);
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 401, 403, 404, 405, 422})
    void refusesATokenThatTheHomeserverRefuses(int status) {
        site.answers(USERINFO, status, "{\"errcode\":\"M_UNKNOWN_TOKEN\",\"sub\":\"@alice:hs.example:8448\"}");
        assertThat(homeservers.userInfo(SERVER, "token")).isInstanceOf(Refused.class);
    }

    @ParameterizedTest
    @ValueSource(ints = {201, 204, 301, 304, 307, 408, 429, 500, 502, 503})
    void findsAHomeserverUnreachableThatSaysNothingOfTheToken(int status) {
        site.answers(USERINFO, status, status == 204 || status == 304 ? "" : "{\"sub\":\"@alice:hs.example:8448\"}");
        assertThat(homeservers.userInfo(SERVER, "token")).isInstanceOf(Unreachable.class);
    }

    @Test
    void followsNoRedirectWithAToken() {
        internet.names().answer("other.example", "93.184.216.35");
        Site other = internet.site("93.184.216.35", 443, "other.example")
                .answers("/", 200, "{\"sub\":\"@a:hs.example:8448\"}");
        site.redirects(USERINFO, 302, "https://other.example/");
        assertThat(homeservers.userInfo(SERVER, "token")).isInstanceOf(Unreachable.class);
        assertThat(other.asked()).isEmpty();
    }

    @Test
    void findsAHomeserverUnreachableThatAnswersTooMuch() {
        site.answers(USERINFO, 200, "{\"sub\":\"@alice:hs.example:8448\",\"x\":\"" + "x".repeat(600_000) + "\"}");
        assertThat(homeservers.userInfo(SERVER, "token")).isInstanceOf(Unreachable.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a b", "a+b", "a&sub=@x:hs.example", "a#b", "a%20b", "a/b?c", "\r\nX-Evil: 1", "\u0000",
        "ä€😀",
        "a=b;c", "<>\"'\\^`{|}", "..", "*~-_."})
    void encodesOddTokens(String token) {
        List<String> seen = new ArrayList<>();
        site.handles(USERINFO, exchange -> {
            seen.add(URLDecoder.decode(
                    exchange.getRequestURI().getRawQuery().substring("access_token=".length()),
                    StandardCharsets.UTF_8));
            seen.add(exchange.getRequestURI().getRawQuery());
            TestInternet.respond(exchange, 200, "{\"sub\":\"@alice:hs.example:8448\"}");
        });
        assertThat(homeservers.userInfo(SERVER, token)).isInstanceOf(Known.class);
        assertThat(seen.getFirst()).isEqualTo(token);
        assertThat(seen.getLast()).matches("access_token=[0-9A-Za-z%*._-]+");
        assertThat(site.asked()).allMatch(asked -> asked.header("X-evil").isEmpty());
    }

    @Test
    void asksNobodyAboutATokenThatIsNone() {
        assertThat(homeservers.userInfo(SERVER, "")).isInstanceOf(Refused.class);
        assertThat(homeservers.userInfo(SERVER, "x".repeat(4097))).isInstanceOf(Refused.class);
        assertThat(internet.dialled()).isEmpty();
    }

    @Test
    void tellsNoToken() {
        List<UserInfo> told = new ArrayList<>();
        for (int status : List.of(401, 500, 302)) {
            site.answers(USERINFO, status, "{\"error\":\"s3cret\"}");
            told.add(homeservers.userInfo(SERVER, "s3cret"));
        }
        site.answers(USERINFO, 200, "s3cret");
        told.add(homeservers.userInfo(SERVER, "s3cret"));
        told.add(homeservers.userInfo(ServerName.of("absent.example:1"), "s3cret"));
        told.add(homeservers.userInfo(ServerName.of("127.0.0.1:1"), "s3cret"));
        assertThat(told).noneMatch(info -> info.toString().contains("s3cret"));
    }

    @Test
    void asksOnlyHomeserversOnTheList() {
        site.answers(USERINFO, 200, "{\"sub\":\"@alice:hs.example:8448\"}");
        Homeservers listed = homeservers("other.example", "hs.example:8448");
        assertThat(listed.userInfo(SERVER, "token")).isInstanceOf(Known.class);
        int before = internet.dialled().size();
        Homeservers unlisted = homeservers("other.example", "hs.example", "hs.example:8449");
        assertThat(unlisted.userInfo(SERVER, "token")).isInstanceOf(Refused.class);
        assertThat(unlisted.get(SERVER, "/")).isInstanceOf(OutboundResult.Refused.class);
        assertThat(internet.dialled()).hasSize(before);
    }

    @Test
    void sendsWhatServicesSay() {
        site.answers("/", 200, "{}");
        JsonObject body = JsonObject.builder().put("medium", "email").build();
        assertThat(homeservers.get(SERVER, "/_matrix/key/v2/server")).isInstanceOf(OutboundResult.Answered.class);
        assertThat(homeservers.post(SERVER, "/onbind", body)).isInstanceOf(OutboundResult.Answered.class);
        assertThat(homeservers.put(SERVER, "/onbind", body)).isInstanceOf(OutboundResult.Answered.class);
        assertThat(site.asked()).extracting(asked -> asked.method() + " " + asked.target() + " " + asked.body())
                .containsExactly("GET /_matrix/key/v2/server ", "POST /onbind {\"medium\":\"email\"}",
                        "PUT /onbind {\"medium\":\"email\"}");
    }

    private Homeservers homeservers(String... allowed) {
        FederationProperties federation = new FederationProperties(List.of(), null,
                Stream.of(allowed).map(HomeserverPattern::valueOf).toList(), List.of());
        return new Homeservers(federation::serves, internet.client(), internet.names(), Clock.systemUTC(),
                new SecureRandom());
    }
}
