package im.signet.standalone;

import im.signet.protocol.identifier.UserId;
import im.signet.protocol.json.StrictJson;
import im.signet.standalone.Town.Told;

import java.time.Duration;
import java.util.Map;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** A homeserver that the operator blocks while servers run. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BlockedHomeserverTest {

    private static final String V2 = "/_matrix/identity/v2";
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    Town town;

    @BeforeAll
    void start() {
        town = startTown();
    }

    Town startTown() {
        return Town.start(Map.of());
    }

    @AfterAll
    void stop() {
        town.close();
    }

    /** Gives a command to whoever keeps the tokens. */
    Told operator(String... words) {
        return town.operator(words);
    }

    @Test
    void hasItsUsersTokensDeadForAsLongAsItIsBlocked() {
        UserId user = town.homeserver.register("gus");
        String token = town.register(user);
        town.acceptTerms(token);
        assertThat(town.get(V2 + "/hash_details", token).status()).isEqualTo(200);
        String name = user.serverName().value();

        assertThat(operator("block", "homeserver", name).err()).contains("no user of it gets a token");
        Told blocked = operator("block", "homeserver", name, "--yes", "--reason", "spam");
        assertThat(blocked.status()).as(blocked.err()).isZero();
        assertThat(blocked.out()).contains("Noted as terms/");
        // At every service.
        await().atMost(PATIENCE).until(() -> town.get(V2 + "/hash_details", token).status() == 401);
        await().atMost(PATIENCE).until(() -> town.get(V2 + "/account", token).status() == 401);
        assertThat(town.post(V2 + "/account/register", "", StrictJson.write(town.homeserver.openId(user))).status())
                .isEqualTo(403);
        assertThat(operator("block", "list").out()).contains("homeserver " + name).contains("spam");
        assertThat(operator("audit", "list").out()).contains("block homeserver").contains("about " + name);

        assertThat(operator("unblock", "homeserver", name).status()).isZero();
        await().atMost(PATIENCE).until(() -> town.get(V2 + "/hash_details", token).status() == 200);
        await().atMost(PATIENCE).until(() -> town.get(V2 + "/account", token).status() == 200);
        town.register(user);
        assertThat(operator("unblock", "homeserver", name).status()).isEqualTo(64);
    }
}
