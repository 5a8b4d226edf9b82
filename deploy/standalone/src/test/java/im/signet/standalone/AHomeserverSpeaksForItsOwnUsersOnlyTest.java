package im.signet.standalone;

import im.signet.protocol.identifier.UserId;
import im.signet.protocol.json.StrictJson;

import java.time.Duration;
import java.util.Map;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.jdbc.core.simple.JdbcClient;

import static org.assertj.core.api.Assertions.assertThat;

/** A homeserver that answers for somebody else's user gets nothing; neither does one that lies, is slow or is down. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AHomeserverSpeaksForItsOwnUsersOnlyTest {

    private Town town;
    private UserId mallory;

    @BeforeAll
    void start() {
        town = Town.start(Map.of());
        mallory = town.homeserver.register("mallory");
    }

    @AfterEach
    void behave() {
        town.homeserver.behave();
    }

    @AfterAll
    void stop() {
        town.close();
    }

    private Town.Reply register() {
        return town.post("/_matrix/identity/v2/account/register", "",
                StrictJson.write(town.homeserver.openId(mallory)));
    }

    private void getsNothing(Town.Reply reply, int status) {
        assertThat(reply.status()).isEqualTo(status);
        assertThat(reply.json().string("token")).isEmpty();
        assertThat(town.server()
                .getBean(JdbcClient.class)
                .sql("SELECT count(*) FROM terms.access_token")
                .query(Long.class)
                .single()).isZero();
    }

    // Alive in two peers: homeserver `a` answers @x:b and gets a token for @x:b.
    @ParameterizedTest
    @ValueSource(strings = {"@victim:example.org", "@victim:localhost", "@victim:localhost:1"})
    void givesNoTokenForSomebodyElsesUser(String victim) {
        town.homeserver.answerUserInfoAs(UserId.of(victim));
        Town.Reply reply = register();
        getsNothing(reply, 401);
        assertThat(reply.errcode()).isEqualTo("M_UNAUTHORIZED");
    }

    @ParameterizedTest
    @ValueSource(strings = {"<html>", "[]", "{\"sub\":1}", "{\"sub\":\"alice\"}", "{\"sub\":\"@a:b\",\"sub\":\"@a:b\"}",
        "{}"})
    void givesNoTokenForAnAnswerThatIsNone(String answer) {
        town.homeserver.answer("/_matrix/federation/v1/openid/userinfo", 200, answer);
        Town.Reply reply = register();
        assertThat(reply.status()).isIn(401, 502);
        getsNothing(reply, reply.status());
    }

    @Test
    void givesNoTokenWhenTheHomeserverIsDown() {
        String openId = StrictJson.write(town.homeserver.openId(mallory));
        town.homeserver.stopAnswering();
        getsNothing(town.post("/_matrix/identity/v2/account/register", "", openId), 502);
    }

    @Test
    void givesNoTokenWhenTheHomeserverIsSlow() {
        String openId = StrictJson.write(town.homeserver.openId(mallory));
        town.homeserver.hold(Duration.ofSeconds(25));
        getsNothing(town.post("/_matrix/identity/v2/account/register", "", openId), 502);
    }

    @Test
    void givesNoTokenForATokenThatTheHomeserverDoesNotKnow() {
        getsNothing(town.post("/_matrix/identity/v2/account/register", "",
                "{\"access_token\":\"made up & odd/\u00e4\",\"token_type\":\"Bearer\",\"matrix_server_name\":\""
                        + town.homeserver.serverName() + "\",\"expires_in\":3600}"),
                401);
    }
}
