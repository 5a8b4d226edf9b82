package im.signet.terms.account;

import im.signet.protocol.identifier.ServerName;

import java.time.Duration;
import java.util.Optional;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

class OpenIdTokenTest {

    private static OpenIdToken token(Optional<Long> expiresIn) {
        return new OpenIdToken(ServerName.of("hs.example"), "a-secret", expiresIn);
    }

    @ParameterizedTest
    @CsvSource({"1, P1D", "3600, P1D", "86400, P1D", "86401, PT24H1S", "604800, P7D", "2592000, P30D",
        "2592001, P30D", "9223372036854775807, P30D", "0, P30D", "-1, P30D", "-9223372036854775808, P30D"})
    void isRememberedForItsLifeWithinReason(long expiresIn, Duration memory) {
        assertThat(token(Optional.of(expiresIn)).memory()).isEqualTo(memory);
    }

    @Test
    void isRememberedLongestWhenNothingIsSaidOfItsLife() {
        assertThat(token(Optional.empty()).memory()).isEqualTo(Duration.ofDays(30));
    }

    @Test
    void hidesItself() {
        assertThat(token(Optional.empty())).hasToString("OpenIdToken[hs.example, hidden]");
    }
}
