package im.signet.protocol.signature;

import im.signet.protocol.identifier.ServerName;
import im.signet.protocol.json.CanonicalJson;
import im.signet.protocol.json.JsonObject;
import im.signet.protocol.json.StrictJson;
import im.signet.protocol.signature.FederationRequest.Addressing;

import java.nio.charset.StandardCharsets;
import java.util.Optional;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class FederationRequestTest {
    private static final ServerName ORIGIN = ServerName.of("a.example");
    private static final String US = "id.example/path";
    private static final SigningKey KEY = SigningKey.fromSeed(KeyId.of("ed25519:1"), new byte[32]);
    private static final FederationRequest REQUEST = request("POST", "/unbind?a=b", "{\"mxid\":\"@a:a.example\"}");

    private static FederationRequest request(String method, String uri, String content) {
        return new FederationRequest(method, uri, Optional.of(StrictJson.parseObject(content).orElseThrow()));
    }

    @Test
    void isSignedAsTheSpecificationHasIt() {
        assertThat(canonical(REQUEST.signable(ORIGIN, Addressing.DESTINATION, US)))
                .isEqualTo(
                        "{\"content\":{\"mxid\":\"@a:a.example\"},\"destination\":\"id.example/path\",\"method\":\"POST\","
                                + "\"origin\":\"a.example\",\"uri\":\"/unbind?a=b\"}");
        assertThat(canonical(new FederationRequest("GET", "/", Optional.empty()).signable(ORIGIN,
                Addressing.DESTINATION_IS, "b")))
                .isEqualTo("{\"destination_is\":\"b\",\"method\":\"GET\",\"origin\":\"a.example\",\"uri\":\"/\"}");
    }

    @Test
    void isSignedInBothForms() {
        for (Addressing addressing : Addressing.values()) {
            XMatrix header = REQUEST.sign(ORIGIN, addressing, US, KEY);
            for (Addressing asked : Addressing.values()) {
                assertThat(REQUEST.isSignedBy(header, KEY.verifyKey(), asked, US)).isEqualTo(asked == addressing);
            }
        }
    }

    @Test
    void isSignedWithAllItsParts() {
        XMatrix header = REQUEST.sign(ORIGIN, Addressing.DESTINATION, US, KEY);
        VerifyKey key = KEY.verifyKey();
        String content = "{\"mxid\":\"@a:a.example\"}";

        assertThat(request("POST", "/unbind?a=b", content).isSignedBy(header, key, Addressing.DESTINATION, US))
                .isTrue();
        assertThat(REQUEST.isSignedBy(header, key, Addressing.DESTINATION, "id.example")).isFalse();
        assertThat(request("PUT", "/unbind?a=b", content).isSignedBy(header, key, Addressing.DESTINATION, US))
                .isFalse();
        assertThat(request("POST", "/unbind", content).isSignedBy(header, key, Addressing.DESTINATION, US)).isFalse();
        assertThat(request("POST", "/unbind?a=b", "{}").isSignedBy(header, key, Addressing.DESTINATION, US)).isFalse();
        assertThat(new FederationRequest("POST", "/unbind?a=b", Optional.empty())
                .isSignedBy(header, key, Addressing.DESTINATION, US)).isFalse();
        assertThat(REQUEST.isSignedBy(
                new XMatrix(ServerName.of("b.example"), header.destination(), header.key(), header.signature()), key,
                Addressing.DESTINATION, US)).isFalse();
        assertThat(REQUEST.isSignedBy(
                new XMatrix(ORIGIN, header.destination(), KeyId.of("rsa:1"), header.signature()), key,
                Addressing.DESTINATION, US)).isFalse();
        VerifyKey other = SigningKey.fromSeed(KEY.id(), KEY.verifyKey().toBytes()).verifyKey();
        assertThat(REQUEST.isSignedBy(header, other, Addressing.DESTINATION, US)).isFalse();
    }

    // A body may have members of these names, and none of them may stay out of what is signed.
    @Test
    void isSignedWithEveryMemberOfTheContent() {
        XMatrix header = request("POST", "/", "{\"signatures\":{},\"unsigned\":1}").sign(ORIGIN, Addressing.DESTINATION,
                US, KEY);
        assertThat(request("POST", "/", "{\"signatures\":{},\"unsigned\":2}").isSignedBy(header, KEY.verifyKey(),
                Addressing.DESTINATION, US)).isFalse();
    }

    @Test
    void isNotSignedWhereItHasNoCanonicalForm() {
        XMatrix header = REQUEST.sign(ORIGIN, Addressing.DESTINATION, US, KEY);
        assertThat(request("POST", "/unbind?a=b", "{\"n\":1.5}").isSignedBy(header, KEY.verifyKey(),
                Addressing.DESTINATION, US)).isFalse();
    }

    private static String canonical(JsonObject object) {
        return new String(CanonicalJson.encode(object).orElseThrow(), StandardCharsets.UTF_8);
    }
}
