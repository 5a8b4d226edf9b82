package im.signet.identity.key;

import im.signet.identity.Answer;
import im.signet.identity.IdentityScene;
import im.signet.protocol.json.JsonObject;

import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;

import static org.assertj.core.api.Assertions.assertThat;

/** The endpoints below {@code /pubkey}. */
class PubkeyTest extends IdentityScene {

    private static final String PUBKEY = V2 + "/pubkey";
    // The public half of the seed that the Matrix specification signs its examples with.
    private static final String FOREIGN = "XGX0JRS2Af3be3knz2fBiRbApjm2Dh61gXDJA8kcJNI";

    @Autowired
    private SigningKeys keys;

    private String keyId() {
        return keys.sign(JsonObject.of())
                .object("signatures")
                .flatMap(signatures -> signatures.object(SERVER.value()))
                .orElseThrow()
                .members()
                .keySet()
                .iterator()
                .next();
    }

    private String publicKey() {
        return get(PUBKEY + "/" + keyId(), null).string("public_key");
    }

    private Answer isValid(String publicKey) {
        return get(PUBKEY + "/isvalid?" + query(Map.of("public_key", publicKey)), null);
    }

    @Test
    void publishesTheKeyThatSigns() {
        assertThat(keyId()).matches("ed25519:[a-zA-Z0-9_]+");
        Answer answer = get(PUBKEY + "/" + keyId(), null);
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.string("public_key")).matches("[A-Za-z0-9+/]{43}");
    }

    @Test
    void knowsTheKeyWhenItsColonComesEncoded() {
        assertThat(get(PUBKEY + "/" + keyId().replace(":", "%3A"), null).string("public_key")).isEqualTo(publicKey());
        assertThat(get(PUBKEY + "/" + keyId().replace(":", "%3a"), null).string("public_key")).isEqualTo(publicKey());
    }

    @ParameterizedTest
    @ValueSource(strings = {"ed25519:unknown", "ed25519", "ed25519:", ":0", "curve25519:0", "a%20b",
        "ed25519:0:1", "%E2%82%AC"})
    void knowsNoOtherKey(String id) {
        assertThat(get(PUBKEY + "/" + id, null).outcome()).isEqualTo("404 M_NOT_FOUND");
    }

    @ParameterizedTest
    @ValueSource(strings = {"%00", "ed25519:0%0a", "%F0%28%8C%BC"})
    void readsNoKeyIdThatIsNoText(String id) {
        assertThat(get(PUBKEY + "/" + id, null).outcome()).isEqualTo("400 M_UNKNOWN");
    }

    @Test
    void saysThatItsOwnKeyIsValid() {
        assertThat(isValid(publicKey()).body()).isEqualTo("{\"valid\":true}");
        assertThat(isValid(publicKey() + "=").body()).as("with padding").isEqualTo("{\"valid\":true}");
    }

    @ParameterizedTest
    @ValueSource(strings = {FOREIGN, "", "x", "not base64!", "\0", "AAAA"})
    void saysThatOtherKeysAreNotValid(String key) {
        Answer answer = isValid(key);
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.body()).isEqualTo("{\"valid\":false}");
    }

    @Test
    void saysThatItsOwnKeyIsNoEphemeralOne() {
        Answer answer = get(PUBKEY + "/ephemeral/isvalid?" + query(Map.of("public_key", publicKey())), null);
        assertThat(answer.body()).isEqualTo("{\"valid\":false}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/isvalid", "/ephemeral/isvalid"})
    void asksForTheKey(String path) {
        assertThat(get(PUBKEY + path, null).outcome()).isEqualTo("400 M_MISSING_PARAMS");
        assertThat(get(PUBKEY + path + "?public_key=a&public_key=b", null).outcome()).isEqualTo("400 M_INVALID_PARAM");
        assertThat(get(PUBKEY + path + "?public_key=" + "a".repeat(256), null).outcome())
                .isEqualTo("400 M_INVALID_PARAM");
    }
}
