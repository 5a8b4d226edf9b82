package im.signet.terms;

import im.signet.demo.DemoHomeserver;
import im.signet.protocol.identifier.UserId;
import im.signet.protocol.json.JsonObject;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static im.signet.terms.TermsServer.ACCOUNT;
import static im.signet.terms.TermsServer.REGISTER;
import static org.assertj.core.api.Assertions.assertThat;

/** No token, ours or a homeserver's, comes into the log, however much is logged. */
@ExtendWith(OutputCaptureExtension.class)
class SecretsStayOutOfTheLogTest {

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
            homeserver.answer("/_matrix/federation/v1/openid/userinfo", 200, "{\"sub\":\"@secret-of-theirs:x\"}");
            homeserver.resume();
            server.post(REGISTER, homeserver.openId(alice)).is(401, "M_UNAUTHORIZED");

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
