package im.signet.kit.homeserver;

import im.signet.protocol.identifier.ServerName;

import java.util.List;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

class FederationPropertiesTest {

    private static FederationProperties lists(List<String> allowed, List<String> denied) {
        return new FederationProperties(List.of(), null, patterns(allowed), patterns(denied));
    }

    private static List<HomeserverPattern> patterns(List<String> texts) {
        return texts.stream().map(HomeserverPattern::valueOf).toList();
    }

    @ParameterizedTest
    @CsvSource({"hs.example, hs.example, true", "hs.example, HS.example, false", "hs.example, hs.example:8448, false",
        "hs.example, a.hs.example, false", "hs.example:8448, hs.example:8448, true",
        "hs.example:8448, hs.example, false",
        "*.hs.example, a.hs.example, true", "*.hs.example, a.b.hs.example, true", "*.hs.example, hs.example, false",
        "*.hs.example, ahs.example, false", "*.hs.example, a.hs.example:8448, false",
        "*.hs.example:8448, a.hs.example:8448, true", "*.hs.example, a.hs.example.org, false",
        "192.0.2.1, 192.0.2.1, true", "[::1], [::1], true", "[::1], [0::1], false"})
    void allowToTheLetter(String pattern, String server, boolean served) {
        assertThat(lists(List.of("other.example", pattern), List.of()).serves(ServerName.of(server))).isEqualTo(served);
    }

    // Whoever is denied has every spelling of the name to try.
    @ParameterizedTest
    @CsvSource({"evil.example, evil.example, false", "evil.example, EVIL.Example, false",
        "Evil.example, evil.example, false", "evil.example, evil.example:8448, false",
        "evil.example:1, evil.example, true", "evil.example:1, evil.example:1, false",
        "evil.example:1, evil.example:01, false", "evil.example, a.evil.example, true",
        "*.evil.example, a.EVIL.example:443, false", "*.evil.example, a.b.evil.example, false",
        "*.evil.example, evil.example, true", "*.evil.example, notevil.example, true", "[::1], [0:0::1]:8448, false",
        "192.0.2.1, 192.0.2.1:443, false", "192.0.2.1, [::ffff:192.0.2.1], false"})
    void denyHoweverItIsSpelled(String pattern, String server, boolean served) {
        assertThat(lists(List.of(), List.of("other.example", pattern)).serves(ServerName.of(server)))
                .isEqualTo(served);
        assertThat(lists(List.of(server), List.of(pattern)).serves(ServerName.of(server))).isEqualTo(served);
    }

    @Test
    void serveEverybodyWhenThereAreNone() {
        assertThat(Stream.of("hs.example", "hs.example:1", "192.0.2.1", "[::1]").map(ServerName::of))
                .allMatch(lists(List.of(), List.of())::serves);
    }
}
