package im.signet.protocol.identifier;

import im.signet.protocol.Parsed;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class UserIdTest {
    @ParameterizedTest
    @CsvSource({
        "@alice:example.com,           alice,          example.com",
        "@alice:example.com:8448,      alice,          example.com:8448",
        "@alice:[::1]:8448,            alice,          [::1]:8448",
        "@alice:1.2.3.4,               alice,          1.2.3.4",
        "@a.b-c_d=e/f+1:example.com,   a.b-c_d=e/f+1,  example.com",
        "@Alice~!#@$%^&*():localhost,  Alice~!#@$%^&*(), localhost"})
    void takesApartWhatItAccepts(String text, String localpart, String server) {
        UserId user = UserId.parse(text).orElseThrow();

        assertThat(user).hasToString(text).isEqualTo(UserId.of(text));
        assertThat(user.localpart()).isEqualTo(localpart);
        assertThat(user.serverName()).isEqualTo(ServerName.of(server));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "@", ":", "@:", "@alice", "@alice:", "@:example.com", "alice:example.com",
        "!room:example.com",
        " @alice:example.com", "@alice:example.com ", "@al ice:example.com", "@al\0ice:example.com",
        "@al\u007fice:example.com",
        "@al\u00efce:example.com", "@\ud83d:example.com", "@alice:example.com\n", "@alice\n:example.com",
        "@alice:user@example.com",
        "@alice:example.com/path", "@alice:exa_mple.com", "@alice:bob:example.com:1"})
    void refusesWhatIsNoUserId(String text) {
        assertThat(UserId.parse(text)).isInstanceOf(Parsed.Refused.class);
    }

    @Test
    void hasAtMost255Characters() {
        String server = ":example.com";
        String longest = "@" + "a".repeat(254 - server.length()) + server;

        assertThat(longest).hasSize(255);
        assertThat(UserId.parse(longest).isOk()).isTrue();
        assertThat(UserId.parse("@a" + longest.substring(1)).isOk()).isFalse();
        assertThat(UserId.parse("@" + "a".repeat(1_000_000) + server).isOk()).isFalse();
    }

    @Test
    void cannotBeWrong() {
        assertThatIllegalArgumentException().isThrownBy(() -> new UserId("nobody")).withMessageNotContaining("nobody");
    }
}
