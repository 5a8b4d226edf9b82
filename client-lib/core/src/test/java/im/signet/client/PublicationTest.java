package im.signet.client;

import im.signet.protocol.identifier.ClientSecret;
import im.signet.protocol.identifier.ServerName;
import im.signet.protocol.json.JsonNumber;
import im.signet.protocol.json.JsonObject;
import im.signet.protocol.json.StrictJson;
import im.signet.protocol.signature.KeyId;
import im.signet.protocol.signature.SignedJson;
import im.signet.protocol.signature.SigningKey;

import java.time.Instant;
import java.util.Arrays;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class PublicationTest {
    private static final String REQUEST = "POST /v2/validate/email/requestToken";
    private static final String SUBMIT = "POST /v2/validate/email/submitToken";
    private static final String PROOF = "GET /v2/3pid/getValidated3pid";
    private static final String BIND = "POST /v2/3pid/bind";
    private static final String KEY = "GET /v2/pubkey/ed25519:0";

    private final Scene scene = new Scene();
    private final Publication publication = scene.publication();

    private Binding bind(JsonObject answer) {
        scene.wire.instead(BIND, 200, StrictJson.write(answer));
        return publication.bind(scene.proven(publication));
    }

    @Test
    void requestsATokenWithASecretOfItsOwn() {
        PendingAddress pending = scene.pending(publication);

        JsonObject sent = scene.wire.bodies(REQUEST).get(0);
        assertThat(sent.members()).containsOnlyKeys("client_secret", "email", "send_attempt");
        assertThat(sent.string("email")).contains("alice@example.org");
        assertThat(sent.integer("send_attempt")).contains(1L);
        assertThat(sent.string("client_secret")).contains(pending.clientSecret().value());
        assertThat(pending.clientSecret().value()).hasSize(43);
        assertThat(pending.sessionId()).hasToString("sid1");
        assertThat(pending.toString()).doesNotContain(pending.clientSecret().value()).doesNotContain("alice");
    }

    @Test
    void thinksUpANewSecretEachTime() {
        ClientSecret first = scene.pending(publication).clientSecret();
        assertThat(scene.pending(publication).clientSecret()).isNotEqualTo(first);
    }

    @Test
    void asksAgainWithTheSameSecretAndAHigherAttempt() {
        PendingAddress pending = scene.pending(publication);
        TokenRequest.Sent again = (TokenRequest.Sent) publication.requestAgain(pending);

        assertThat(again.pending().sendAttempt()).isEqualTo(2);
        List<JsonObject> sent = scene.wire.bodies(REQUEST);
        assertThat(sent).extracting(body -> body.integer("send_attempt").orElseThrow()).containsExactly(1L, 2L);
        assertThat(sent.get(1).string("client_secret")).isEqualTo(sent.get(0).string("client_secret"));
    }

    @Test
    void sendsNoMailToAPhone() {
        assertThatIllegalArgumentException().isThrownBy(() -> publication.requestEmailToken(Scene.CAROLS_PHONE));
        assertThat(scene.wire.routes()).isEmpty();
    }

    @Test
    void tellsARefusedAddressFromAMailThatCouldNotBeSent() {
        scene.wire.instead(REQUEST, 400, Scene.error("M_INVALID_EMAIL"))
                .on(REQUEST, 500, Scene.error("M_EMAIL_SEND_ERROR"))
                .on(REQUEST, 403, Scene.error("M_FORBIDDEN"));

        assertThat(publication.requestEmailToken(Scene.ALICES_MAIL)).isEqualTo(new TokenRequest.AddressRefused("no"));
        assertThat(publication.requestEmailToken(Scene.ALICES_MAIL)).isEqualTo(new TokenRequest.NotSent("no"));
        assertThat(publication.requestEmailToken(Scene.ALICES_MAIL))
                .isEqualTo(new Failure.Refused(403, "M_FORBIDDEN", "no"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "{\"sid\":7}", "{\"sid\":\"\"}", "{\"sid\":\"a b\"}", "{\"sid\":\"a\\n\"}"})
    void takesNothingElseForASessionId(String answer) {
        scene.wire.instead(REQUEST, 200, answer);
        assertThat(publication.requestEmailToken(Scene.ALICES_MAIL)).isInstanceOf(Failure.Malformed.class);
    }

    @Test
    void submitsTheTokenUnchanged() {
        PendingAddress pending = scene.pending(publication);
        assertThat(publication.submitToken(pending, "12 34 ß")).isEqualTo(new TokenCheck.Correct());

        JsonObject sent = scene.wire.bodies(SUBMIT).get(0);
        assertThat(sent.string("token")).contains("12 34 ß");
        assertThat(sent.string("sid")).contains("sid1");
        assertThat(sent.string("client_secret")).contains(pending.clientSecret().value());
    }

    @ParameterizedTest
    @CsvSource({"400, M_TOKEN_INCORRECT, Wrong", "400, M_SESSION_EXPIRED, Expired",
        "404, M_NO_VALID_SESSION, UnknownSession",
        "400, M_INVALID_PARAM, Refused", "401, M_UNAUTHORIZED, SignedOut"})
    void tellsWhyATokenIsNotTheOne(int status, String errcode, String outcome) {
        scene.wire.instead(SUBMIT, status, Scene.error(errcode));
        assertThat(publication.submitToken(scene.pending(publication), "1").getClass().getSimpleName())
                .isEqualTo(outcome);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"{\"success\":false} | Wrong",
        "{\"success\":false,\"errcode\":\"M_SESSION_EXPIRED\"} | Expired",
        "{\"success\":false,\"errcode\":\"M_NO_VALID_SESSION\"} | UnknownSession", "{} | Malformed",
        "{\"success\":\"true\"} | Malformed", "{\"success\":1} | Malformed"})
    void understandsServersThatAnswerOkToAWrongToken(String answer, String outcome) {
        scene.wire.instead(SUBMIT, 200, answer);
        assertThat(publication.submitToken(scene.pending(publication), "1").getClass().getSimpleName())
                .isEqualTo(outcome);
    }

    @Test
    void seesTheProof() {
        PendingAddress pending = scene.pending(publication);
        Proof.Proven proven = (Proof.Proven) publication.proof(pending);

        assertThat(proven.address().address()).isEqualTo(Scene.ALICES_MAIL);
        assertThat(proven.address().provenAt()).isEqualTo(Instant.ofEpochMilli(1_700_000_000_000L));
        assertThat(proven.address().sessionId()).isEqualTo(pending.sessionId());
        assertThat(proven.address().clientSecret()).isEqualTo(pending.clientSecret());
        assertThat(scene.wire.only(PROOF).url().getQuery())
                .isEqualTo("sid=sid1&client_secret=" + pending.clientSecret().value());
    }

    @Test
    void hidesTheSecretOfTheQuery() {
        PendingAddress pending = scene.pending(publication);
        publication.proof(pending);

        String secret = pending.clientSecret().value();
        assertThat(scene.planned).extracting(planned -> planned.url().toString())
                .noneMatch(url -> url.contains(secret))
                .endsWith(
                        "https://id.example.org/_matrix/identity/v2/3pid/getValidated3pid?sid=sid1&client_secret=hidden");
        assertThat(scene.wire.only(PROOF).toString()).doesNotContain(secret);
    }

    @ParameterizedTest
    @CsvSource({"400, M_SESSION_NOT_VALIDATED, NotYet", "400, M_SESSION_EXPIRED, Expired",
        "404, M_NO_VALID_SESSION, UnknownSession", "400, M_MISSING_PARAMS, Refused"})
    void tellsWhyThereIsNoProof(int status, String errcode, String outcome) {
        scene.wire.instead(PROOF, status, Scene.error(errcode));
        assertThat(publication.proof(scene.pending(publication)).getClass().getSimpleName()).isEqualTo(outcome);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "{\"medium\":\"email\",\"address\":\"eve@example.org\",\"validated_at\":1}",
        "{\"medium\":\"msisdn\",\"address\":\"alice@example.org\",\"validated_at\":1}",
        "{\"medium\":\"email\",\"address\":\"alice@example.org\",\"validated_at\":\"1\"}",
        "{\"medium\":\"email\",\"address\":\"alice@example.org\",\"validated_at\":1.5}",
        "{\"medium\":\"email\",\"address\":\"alice@example.org\"}"})
    void aProofOfSomethingElseIsNone(String answer) {
        scene.wire.instead(PROOF, 200, answer);
        assertThat(publication.proof(scene.pending(publication))).isInstanceOf(Failure.Malformed.class);
    }

    @Test
    void bindsAndVerifiesTheSignature() {
        ProvenAddress proven = scene.proven(publication);
        Association association = ((Binding.Bound) publication.bind(proven)).association();

        assertThat(association.address()).isEqualTo(Scene.ALICES_MAIL);
        assertThat(association.userId()).isEqualTo(Scene.ALICE);
        assertThat(association.signedBy()).isEqualTo(Scene.SIGNER);
        assertThat(association.keyId()).isEqualTo(KeyId.of("ed25519:0"));
        assertThat(association.boundAt()).isEqualTo(Instant.ofEpochMilli(1_700_000_000_001L));
        assertThat(scene.wire.bodies(BIND).get(0)).isEqualTo(JsonObject.builder()
                .put("sid", "sid1")
                .put("client_secret", proven.clientSecret().value())
                .put("mxid", "@alice:example.org")
                .build());
        assertThat(scene.wire.only(KEY).headers()).doesNotContainKey("Authorization");
    }

    @Test
    void keepsMembersOfTheAssociationThatItDoesNotKnow() {
        JsonObject signed = Scene.signed(Scene.association().with("org.example.extra", "kept"));
        assertThat(((Binding.Bound) bind(signed)).association().signed()).isEqualTo(signed);
    }

    @Test
    void findsTheOneSignatureThatHolds() {
        SigningKey unknown = SigningKey.fromSeed(KeyId.of("ed25519:unknown"), new byte[32]);
        JsonObject twice = SignedJson.sign(Scene.association(), ServerName.of("other.example.org"), unknown);

        assertThat(bind(Scene.signed(twice))).isInstanceOf(Binding.Bound.class);
    }

    @Test
    void doesNotTrustAChangedAssociation() {
        JsonObject changed = Scene.signed(Scene.association()).with("not_after", JsonNumber.of(1));
        assertThat(bind(changed)).isInstanceOf(Binding.Unverified.class);
    }

    @Test
    void doesNotTrustAnotherKey() {
        byte[] seed = new byte[32];
        Arrays.fill(seed, (byte) 7);
        SigningKey other = SigningKey.fromSeed(KeyId.of("ed25519:0"), seed);

        assertThat(bind(SignedJson.sign(Scene.association(), Scene.SIGNER, other)))
                .isInstanceOf(Binding.Unverified.class);
    }

    @Test
    void doesNotTrustAnAssociationOfSomebodyElse() {
        assertThat(bind(Scene.signed(Scene.association().with("mxid", "@eve:example.org"))))
                .isInstanceOf(Binding.Unverified.class);
        assertThat(bind(Scene.signed(Scene.association().with("address", "eve@example.org"))))
                .isInstanceOf(Binding.Unverified.class);
    }

    @Test
    void doesNotTrustWhatIsNotSignedOrHasNoTimes() {
        assertThat(bind(Scene.association())).isInstanceOf(Binding.Unverified.class);
        assertThat(bind(Scene.signed(Scene.association().without("not_after")))).isInstanceOf(Binding.Unverified.class);
        assertThat(bind(Scene.association().with("signatures", "x"))).isInstanceOf(Binding.Unverified.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "{\"public_key\":\"AAAA\"}", "{\"public_key\":7}", "<html>"})
    void doesNotTrustAKeyThatIsNone(String key) {
        scene.wire.instead(KEY, 200, key);
        assertThat(bind(Scene.signed(Scene.association()))).isInstanceOf(Binding.Unverified.class);
    }

    @Test
    void fetchesOnlyAFewKeys() {
        JsonObject.Builder keys = JsonObject.builder();
        for (int i = 0; i < 100; i++) {
            keys.put("ed25519:k" + i, "AAAA");
        }
        JsonObject signatures = JsonObject.builder().put("id.example.org", keys.build()).build();
        assertThat(bind(Scene.association().with("signatures", signatures))).isInstanceOf(Binding.Unverified.class);
        assertThat(scene.wire.routes()).filteredOn(route -> route.startsWith("GET /v2/pubkey/")).hasSize(4);
    }

    @ParameterizedTest
    @CsvSource({"400, M_SESSION_NOT_VALIDATED, NotProven", "400, M_SESSION_EXPIRED, NotProven",
        "404, M_NO_VALID_SESSION, NotProven", "403, M_UNAUTHORIZED, Refused"})
    void tellsWhyNothingWasBound(int status, String errcode, String outcome) {
        ProvenAddress proven = scene.proven(publication);
        scene.wire.instead(BIND, status, Scene.error(errcode));
        assertThat(publication.bind(proven).getClass().getSimpleName()).isEqualTo(outcome);
    }

    @Test
    void takesABindingBack() {
        ProvenAddress proven = scene.proven(publication);

        assertThat(publication.unbind(proven)).isEqualTo(new Unbinding.Unbound());
        JsonObject sent = scene.wire.bodies("POST /v2/3pid/unbind").get(0);
        assertThat(sent.members()).containsOnlyKeys("sid", "client_secret", "mxid", "threepid");
        assertThat(sent.object("threepid").orElseThrow().string("address")).contains("alice@example.org");
    }

    @Test
    void storesAnAddressUntilItIsProven() {
        for (PendingAddress pending : List.of(scene.pending(publication), phone())) {
            JsonObject stored = pending.toJson();
            PendingAddress restored = PendingAddress.parse(stored).orElseThrow();

            assertThat(restored.toJson()).isEqualTo(stored);
            assertThat(restored.address()).isEqualTo(pending.address());
            assertThat(restored.clientSecret()).isEqualTo(pending.clientSecret());
            for (String member : List.of("sid", "client_secret", "medium", "address", "send_attempt")) {
                assertThat(PendingAddress.parse(stored.without(member)).isOk()).as(member).isFalse();
            }
        }
        assertThat(PendingAddress.parse(phone().toJson().without("country")).isOk()).isFalse();
        assertThat(scene.proven(publication).pending().address()).isEqualTo(Scene.ALICES_MAIL);
    }

    private PendingAddress phone() {
        if (publication.requestPhoneToken(Scene.CAROLS_PHONE, "GB") instanceof TokenRequest.Sent sent) {
            return sent.pending();
        }
        throw new AssertionError("no token was requested");
    }
}
