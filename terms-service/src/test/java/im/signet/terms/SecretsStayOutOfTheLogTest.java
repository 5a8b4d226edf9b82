package im.signet.terms;

import im.signet.demo.DemoHomeserver;
import im.signet.protocol.identifier.UserId;
import im.signet.protocol.json.JsonObject;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static im.signet.terms.TermsServer.ACCOUNT;
import static im.signet.terms.TermsServer.REGISTER;
import static im.signet.terms.TermsServer.TOKENS;
import static org.assertj.core.api.Assertions.assertThat;

/** No token, ours or a homeserver's, comes into the log, however much is logged. */
@ExtendWith(OutputCaptureExtension.class)
class SecretsStayOutOfTheLogTest {

    private static final String USER_INFO = "/_matrix/federation/v1/openid/userinfo";

    private final Installation installation = Installation.fresh();

    @ParameterizedTest
    @ValueSource(strings = {"info", "debug", "trace"})
    void atWhateverLevel(String level, CapturedOutput output) {
        try (DemoHomeserver homeserver = Installation.homeserver();
                TermsServer server = installation.start("""
                        logging.level:
                          root: %s
                          com.sun.net.httpserver: info # the homeserver of this test, which logs what it is asked
                        """.formatted(level))) {
            server.get(ACCOUNT + "?access_token=token-of-the-first-request").is(401, "M_UNAUTHORIZED");
            UserId alice = homeserver.register("alice");
            JsonObject openId = homeserver.openId(alice);
            String token = server.post(REGISTER, openId).ok().string("token").orElseThrow();
            server.account(token).ok();
            server.get(ACCOUNT + "?access_token=" + token).is(401, "M_UNAUTHORIZED");
            server.accept(token, "https://example.org/").ok();
            server.logout(token).ok();
            homeserver.stopAnswering();
            JsonObject unanswered = homeserver.openId(alice);
            server.post(REGISTER, unanswered).is(502, "M_UNKNOWN");
            homeserver.answer(USER_INFO, 200, "{\"sub\":\"@secret-of-theirs:x\"}");
            homeserver.resume();
            server.post(REGISTER, homeserver.openId(alice)).is(401, "M_UNAUTHORIZED");
            server.post(REGISTER, openId).is(401, "M_UNAUTHORIZED");
            List<JsonObject> inVain = new ArrayList<>();
            for (Runnable misbehaviour : List.<Runnable>of(
                    () -> homeserver.answer(USER_INFO, 200, "<html>secret-of-theirs</html>"),
                    () -> homeserver.answer(USER_INFO, 401,
                            "{\"errcode\":\"M_UNKNOWN_TOKEN\",\"error\":\"secret-of-theirs\"}"),
                    () -> homeserver.redirect(USER_INFO, URI.create("https://localhost/secret-of-theirs")),
                    () -> homeserver.answerUserInfoAs(UserId.of("@secret-of-theirs:example.org")),
                    () -> homeserver.hold(Duration.ofSeconds(60)))) {
                homeserver.behave();
                misbehaviour.run();
                JsonObject refused = homeserver.openId(alice);
                inVain.add(refused);
                assertThat(server.post(REGISTER, refused).status()).isIn(401, 502);
            }
            homeserver.behave();
            String other = server.tokenOf(homeserver, alice);
            String id = server.get(TOKENS, TermsServer.bearer(other))
                    .ok()
                    .array("tokens")
                    .orElseThrow()
                    .items()
                    .toString();
            server.send("DELETE", TOKENS + "/" + other, "", TermsServer.bearer(other)).is(404, "M_NOT_FOUND");
            server.post(TOKENS + "/end_all", "{}", TermsServer.bearer(other)).ok();
            assertThat(id).doesNotContain(other);
            for (JsonObject refused : inVain) {
                String secret = refused.string("access_token").orElseThrow();
                assertThat(output.getAll().lines().filter(line -> line.contains(secret))).isEmpty();
            }
            assertThat(output.getAll().lines().filter(line -> line.contains(other))).isEmpty();

            assertThat(output.getAll()).contains("no account for a user of " + homeserver.serverName());
            for (String secret : new String[]{token, openId.string("access_token").orElseThrow(),
                unanswered.string("access_token").orElseThrow(), "secret-of-theirs",
                "token-of-the-first-request"}) {
                assertThat(output.getAll().lines().filter(line -> line.contains(secret))).isEmpty();
            }
        }
    }

    @Test
    void withTheSettingsOfEveryTest(CapturedOutput output) {
        installation.start().close();
        assertThat(output.getAll()).doesNotContain("ERROR", "WARN");
    }
}
