package im.signet.identity.binding;

import im.signet.protocol.identifier.ServerName;
import im.signet.protocol.identifier.UserId;
import im.signet.protocol.json.JsonObject;
import im.signet.protocol.signature.KeyId;
import im.signet.protocol.signature.SignedJson;
import im.signet.protocol.signature.SigningKey;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/** The last of several keys signs; what the others signed can be verified for good. */
class KeysOverHttpTest extends UnbindScene {

    @ParameterizedTest
    @ValueSource(strings = {"ed25519:", "ed25519%3A", "ed25519%3a"})
    void publishesEachKey(String algorithm) {
        for (SigningKey key : new SigningKey[]{RETIRED, CURRENT}) {
            assertThat(get("/pubkey/" + algorithm + key.id().version()).json().string("public_key"))
                    .contains(key.verifyKey().encoded());
        }
        assertThat(get("/pubkey/" + algorithm + "another").summary()).isEqualTo("404 M_NOT_FOUND");
    }

    @Test
    void findsEachKeyValid() {
        assertThat(isValid(RETIRED)).isTrue();
        assertThat(isValid(CURRENT)).isTrue();
        assertThat(isValid(SigningKey.generate(KeyId.of("ed25519:current"), new SecureRandom()))).isFalse();
    }

    @Test
    void signsWithTheLast() {
        UserId user = newUser(HOME);
        JsonObject association = bind(user, prove(user, newAddress())).json();
        ServerName us = ServerName.of(NAME);
        assertThat(SignedJson.verify(association, us, CURRENT.id(), CURRENT.verifyKey()))
                .isEqualTo(SignedJson.Check.VALID);
        assertThat(SignedJson.verify(association, us, RETIRED.id(), RETIRED.verifyKey()))
                .isEqualTo(SignedJson.Check.MISSING);
    }

    private boolean isValid(SigningKey key) {
        String publicKey = URLEncoder.encode(key.verifyKey().encoded(), StandardCharsets.UTF_8);
        return get("/pubkey/isvalid?public_key=" + publicKey).json().bool("valid").orElseThrow();
    }
}
