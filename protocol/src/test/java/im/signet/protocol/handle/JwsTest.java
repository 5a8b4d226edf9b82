package im.signet.protocol.handle;

import im.signet.protocol.json.JsonObject;
import im.signet.protocol.json.StrictJson;
import im.signet.protocol.signature.VerifyKey;

import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSObjectJSON;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.jca.JCAContext;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.util.Base64URL;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/** Envelopes beside those of nimbus-jose-jwt: it reads what we write, we read what it writes, and it takes more than we do. */
class JwsTest {
    private static final byte[] PAYLOAD = "{\"t\":\"signet.binding.v1\"}".getBytes(StandardCharsets.UTF_8);

    private final Random random = new Random(20261121);

    @Test
    void isReadByNimbus() throws ParseException, JOSEException {
        for (int i = 0; i < 100; i++) {
            byte[] payload = new byte[random.nextInt(600) + 1];
            random.nextBytes(payload);
            List<JwsSigner> signers = signers(random.nextInt(Jws.MAX_SIGNATURES) + 1);
            RecordType type = random.nextBoolean() ? RecordType.IDENTITY : RecordType.STATUS;
            JWSObjectJSON read = JWSObjectJSON.parse(Jws.sign(type, payload, signers).toText());

            assertThat(read.getPayload().toBytes()).isEqualTo(payload);
            assertThat(read.getSignatures()).hasSize(signers.size());
            for (int j = 0; j < signers.size(); j++) {
                JWSObjectJSON.Signature signature = read.getSignatures().get(j);
                assertThat(signature.getHeader().getAlgorithm()).isEqualTo(JWSAlgorithm.Ed25519);
                assertThat(signature.getHeader().getType()).hasToString(type.typ());
                assertThat(signature.getHeader().getKeyID()).isEqualTo(thumbprint(signers.get(j)));
                assertThat(signature.verify(new Verifier(signers.get(j)))).isTrue();
                assertThat(signature.verify(new Verifier(Forge.key("mallory")))).isFalse();
            }
        }
    }

    @Test
    void readsWhatNimbusWrites() throws JOSEException {
        for (int i = 0; i < 100; i++) {
            byte[] payload = new byte[random.nextInt(600) + 1];
            random.nextBytes(payload);
            List<JwsSigner> signers = signers(random.nextInt(Jws.MAX_SIGNATURES) + 1);
            JWSObjectJSON written = new JWSObjectJSON(new Payload(payload));
            for (JwsSigner signer : signers) {
                written.sign(new JWSHeader.Builder(JWSAlgorithm.Ed25519)
                        .type(new JOSEObjectType("signet-status+jws"))
                        .keyID(thumbprint(signer))
                        .build(), new Signer(signer));
            }
            Jws read = Jws.parse(written.serializeGeneral()).orElseThrow();

            assertThat(read.type()).isEqualTo(RecordType.STATUS);
            assertThat(read.payload()).isEqualTo(payload);
            assertThat(read.kids()).isEqualTo(signers.stream().map(signer -> signer.key().thumbprint()).toList());
            assertThat(signers).allMatch(signer -> read.isSignedBy(signer.key()));
            assertThat(read.isSignedBy(Forge.key("mallory").key())).isFalse();
        }
    }

    /** Each of these nimbus verifies as if it were the text that was signed. */
    @ParameterizedTest
    @ValueSource(strings = {"==", "=", "\\n", "!", " ", "\\u0000", ".", "\u00e9"})
    void refusesSignaturesThatNimbusMends(String appended) throws ParseException, JOSEException {
        JwsSigner signer = Forge.key("phone");
        String text = Jws.sign(RecordType.BINDING, PAYLOAD, List.of(signer)).toText();
        String mended = Forge.replace(text, "\"}]", appended + "\"}]");

        assertThat(JWSObjectJSON.parse(mended).getSignatures().get(0).verify(new Verifier(signer))).isTrue();
        assertThat(Jws.parse(mended).reason()).contains(Reason.NOT_BASE64URL);
    }

    @Test
    void refusesTrailingBitsAndTheStandardAlphabetWhichNimbusMends() throws ParseException, JOSEException {
        JwsSigner signer = Forge.key("phone");
        String alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
        int mendedAlphabets = 0;
        for (int i = 0; i < 40; i++) {
            String text = Jws.sign(RecordType.BINDING, ("{\"i\":" + i + "}").getBytes(StandardCharsets.UTF_8),
                    List.of(signer)).toText();
            int last = text.lastIndexOf('"') - 1;
            String spare = text.substring(0, last) + alphabet.charAt(alphabet.indexOf(text.charAt(last)) | 1)
                    + text.substring(last + 1);
            assertThat(JWSObjectJSON.parse(spare).getSignatures().get(0).verify(new Verifier(signer))).isTrue();
            assertThat(Jws.parse(spare).reason()).contains(Reason.NOT_BASE64URL);

            int start = text.lastIndexOf(':') + 2;
            String standard = text.substring(0, start) + text.substring(start).replace('-', '+').replace('_', '/');
            if (!standard.equals(text)) {
                mendedAlphabets++;
                assertThat(JWSObjectJSON.parse(standard).getSignatures().get(0).verify(new Verifier(signer))).isTrue();
                assertThat(Jws.parse(standard).reason()).contains(Reason.NOT_BASE64URL);
            }
        }
        assertThat(mendedAlphabets).isPositive();
    }

    @Test
    void isTheSameInsideSomethingLarger() {
        Jws jws = Jws.sign(RecordType.PROOF_OF_POSSESSION, PAYLOAD, signers(2));
        JsonObject bundle = StrictJson.parseObject("{\"binding\":" + jws.toText() + "}").orElseThrow();

        assertThat(Jws.of(bundle.get("binding").orElseThrow()).orElseThrow().toText()).isEqualTo(jws.toText());
        assertThat(Jws.of(bundle).reason()).contains(Reason.ENVELOPE_SHAPE);
    }

    @Test
    void isSignedByOneKeyAfterTheOther() {
        JwsSigner first = Forge.key("first");
        JwsSigner second = Forge.key("second");
        Jws one = Jws.sign(RecordType.IDENTITY, PAYLOAD, List.of(first));
        Jws both = Jws.parse(one.toText()).orElseThrow().signedBy(second);

        assertThat(both.toText()).isEqualTo(Jws.sign(RecordType.IDENTITY, PAYLOAD, List.of(first, second)).toText());
        assertThat(both.opId()).isEqualTo(one.opId());
        assertThatIllegalArgumentException().isThrownBy(() -> both.signedBy(first));
        assertThatIllegalArgumentException().isThrownBy(() -> Jws.sign(RecordType.IDENTITY, PAYLOAD, signers(21)));
        assertThatIllegalArgumentException().isThrownBy(() -> Jws.sign(RecordType.IDENTITY, PAYLOAD, List.of()));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Jws.sign(RecordType.IDENTITY, new byte[8193], List.of(first)));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Jws.sign(RecordType.IDENTITY, new byte[0], List.of(first)));
    }

    @Test
    void takesNoTimeToSpeakOfOnHostileTexts() {
        assertThat(Jws.parse("[".repeat(10_000_000)).reason()).contains(Reason.ENVELOPE_TOO_LARGE);
        assertThat(Jws.parse("[".repeat(Jws.MAX_TEXT_BYTES)).reason()).contains(Reason.ENVELOPE_NOT_STRICT_JSON);
        assertThat(Jws.parse("\u00e9".repeat(Jws.MAX_TEXT_BYTES - 1)).reason()).contains(Reason.ENVELOPE_TOO_LARGE);
        assertThat(Jws.parse("\ud800").reason()).contains(Reason.ENVELOPE_NOT_STRICT_JSON);
        assertThat(Jws.parse(new byte[]{(byte) 0xFF}).reason()).contains(Reason.ENVELOPE_NOT_STRICT_JSON);
    }

    @Test
    void tellsNothingOfItsContent() {
        assertThat(Jws.sign(RecordType.BINDING, PAYLOAD, signers(3))).hasToString("Jws[BINDING, 3 signatures]");
    }

    private static List<JwsSigner> signers(int count) {
        List<JwsSigner> signers = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            signers.add(Forge.key("signer " + i));
        }
        return signers;
    }

    /** As nimbus computes it. */
    private static String thumbprint(JwsSigner signer) throws JOSEException {
        return new OctetKeyPair.Builder(Curve.Ed25519, new Base64URL(signer.key().x())).build()
                .computeThumbprint()
                .toString();
    }

    /** Its own signers and verifiers of Ed25519 would need Tink. */
    private static final class Verifier implements JWSVerifier {
        private final VerifyKey key;
        private final JCAContext context = new JCAContext();

        Verifier(JwsSigner signer) {
            this.key = VerifyKey.ofBytes(signer.key().toBytes()).orElseThrow();
        }

        @Override
        public boolean verify(JWSHeader header, byte[] signingInput, Base64URL signature) {
            return key.verifies(signingInput, signature.decode());
        }

        @Override
        public Set<JWSAlgorithm> supportedJWSAlgorithms() {
            return Set.of(JWSAlgorithm.Ed25519);
        }

        @Override
        public JCAContext getJCAContext() {
            return context;
        }
    }

    private static final class Signer implements JWSSigner {
        private final JwsSigner signer;
        private final JCAContext context = new JCAContext();

        Signer(JwsSigner signer) {
            this.signer = signer;
        }

        @Override
        public Base64URL sign(JWSHeader header, byte[] signingInput) {
            return Base64URL.encode(signer.sign(signingInput));
        }

        @Override
        public Set<JWSAlgorithm> supportedJWSAlgorithms() {
            return Set.of(JWSAlgorithm.Ed25519);
        }

        @Override
        public JCAContext getJCAContext() {
            return context;
        }
    }
}
