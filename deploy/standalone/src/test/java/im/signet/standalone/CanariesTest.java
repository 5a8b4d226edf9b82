package im.signet.standalone;

import java.nio.charset.StandardCharsets;
import java.util.Base64;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/** The search that {@link NoSecretInAnyLogIT} rests upon finds what it is to find. */
class CanariesTest {

    private static final String SECRET = "canary+alice@example.org";
    private final Canaries canaries = new Canaries();

    CanariesTest() {
        canaries.plant("address", SECRET);
        canaries.plant("code", "271828");
        canaries.plant("IP address", "127.93.4.5");
    }

    @Test
    void findsEverySpelling() {
        Canaries.spellings(SECRET)
                .forEach((how, spellings) -> spellings.forEach(
                        spelling -> assertThat(canaries.foundIn("2026-11-21 WARN x [" + spelling + "] y")).as(how)
                                .isNotEmpty()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"CANARY+ALICE@EXAMPLE.ORG", "a=canary%2Balice%40example.org&b",
        "canary%2balice%40example.org",
        "to=canary%252Balice%2540example.org", "&lt;canary&#43;alice@example.org&gt;", "gro.elpmaxe@ecila+yranac",
        "63616E6172792B616C696365406578616D706C652E6F7267", "code=271828", "code 271828!", "from /127.93.4.5:4711"})
    void findsThemInTheMidstOfOthers(String line) {
        assertThat(canaries.foundIn(line)).isNotEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x", "xy", "xyz"})
    void findsBase64WhereverItBegins(String before) {
        byte[] bytes = (before + SECRET + "tail").getBytes(StandardCharsets.UTF_8);
        assertThat(canaries.foundIn(Base64.getEncoder().encodeToString(bytes))).isNotEmpty();
        assertThat(canaries.foundIn(Base64.getUrlEncoder().encodeToString(bytes))).isNotEmpty();
    }

    @Test
    void findsNothingWhereNothingIs() {
        assertThat(canaries.foundIn("2026-11-21T07:20:26.271828Z WARN 12718281 alice@example.org 127.93.4.6"))
                .isEmpty();
    }
}
