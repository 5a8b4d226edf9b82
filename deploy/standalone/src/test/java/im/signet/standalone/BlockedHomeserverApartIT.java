package im.signet.standalone;

import im.signet.standalone.Town.Told;

import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;

import static org.assertj.core.api.Assertions.assertThat;

/** The same where the terms-service, which keeps the tokens, is a process of its own with a database of its own. */
@EnabledIf(value = "im.signet.standalone.ReverseProxy#isInstalled", disabledReason = "needs nginx")
class BlockedHomeserverApartIT extends BlockedHomeserverTest {

    @Override
    Town startTown() {
        return Town.startApart(Map.of());
    }

    @Override
    Told operator(String... words) {
        return town.operatorOfTerms(words);
    }

    @Test
    void saysWhichConfigurationACommandNeeds() {
        Told here = town.operator("token", "revoke", "@alice:example.org", "--yes");
        assertThat(here.status()).isEqualTo(69);
        assertThat(here.err()).contains("that database has no terms-service")
                .contains("give the configuration of the terms-service");
        assertThat(town.operatorOfTerms("unbind", "@alice:example.org", "--yes").err())
                .contains("that database has no identity-server");
        assertThat(town.operatorOfTerms("find", "@alice:example.org").out()).contains("tokens: 0")
                .contains("this database has no identity-server and no nameserver");
        assertThat(town.operator("block", "homeserver", "other.example").err())
                .contains("Its users' tokens are the terms-service's");
        assertThat(town.operator("block", "homeserver", "other.example", "--yes").out())
                .contains("give the command once with the configuration of each");
    }
}
