package im.signet.kit.token;

import im.signet.protocol.identifier.UserId;

import java.security.SecureRandom;
import java.util.HashSet;
import java.util.Set;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class AccessTokenTest {

    @Test
    void has256RandomBits() {
        SecureRandom random = new SecureRandom();
        Set<String> seen = new HashSet<>();
        for (int i = 0; i < 1000; i++) {
            String value = AccessToken.generate(random).value();
            assertThat(value).matches("[A-Za-z0-9_-]{43}");
            assertThat(seen.add(value)).isTrue();
        }
    }

    @Test
    void hidesItself() {
        AccessToken token = new AccessToken("very-secret");
        assertThat(token.toString()).doesNotContain("very-secret");
        assertThat(new Caller(UserId.of("@a:b"), token, false).toString()).doesNotContain("very-secret");
    }

    @Test
    void hashesToTheSame32BytesAlways() {
        assertThat(new AccessToken("a").hash()).hasSize(32)
                .isEqualTo(new AccessToken("a").hash())
                .isNotEqualTo(new AccessToken("b").hash());
    }
}
