package im.signet.protocol.fuzz;

import im.signet.protocol.handle.Binding;
import im.signet.protocol.handle.HandleDomain;
import im.signet.protocol.handle.Identity;
import im.signet.protocol.handle.Jws;
import im.signet.protocol.handle.JwsSigner;
import im.signet.protocol.handle.Operation;
import im.signet.protocol.handle.ProofOfPossession;
import im.signet.protocol.handle.Reason;
import im.signet.protocol.handle.RecordType;
import im.signet.protocol.handle.Rnd;
import im.signet.protocol.handle.SignedBinding;
import im.signet.protocol.handle.Status;
import im.signet.protocol.handle.Verdict;
import im.signet.protocol.signature.UnpaddedBase64;

import java.nio.charset.StandardCharsets;
import java.util.List;

import com.code_intelligence.jazzer.junit.FuzzTest;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

/** Payloads of every kind of record, under headers that are in order. */
class HandleRecordFuzzTest {
    private static final JwsSigner SIGNER = JwsSigner.fromSeed(new byte[JwsSigner.SEED_BYTES]);
    private static final String SIGNATURE = UnpaddedBase64.encodeUrl(new byte[64]);

    private static final Identity IDENTITY = Identity.genesis(Operation
            .genesis(HandleDomain.of("example.org"),
                    List.of(JwsSigner.fromSeed(seed(1)).key()), SIGNER.key(),
                    new Rnd("AAAAAAAAAAAAAAAAAAAAAA"), 0)
            .sign(SIGNER, JwsSigner.fromSeed(seed(1)))).orElseThrow();

    @FuzzTest(maxDuration = "20s")
    void whatIsReadIsSignedAndReadAgain(byte[] payload) {
        if (envelope(RecordType.IDENTITY, payload) instanceof Verdict.Valid<Jws> valid) {
            Verdict<Operation> operation = Operation.read(valid.value());
            operation.toOptional()
                    .ifPresent(read -> assertEquals(operation, Operation.read(read.sign(SIGNER))));
            assertFalse(Identity.genesis(valid.value()).isValid());
            assertFalse(SignedBinding.verify(valid.value(), IDENTITY).isValid());
            Verdict<Binding> binding = Binding.read(envelope(RecordType.BINDING, payload).orElseThrow());
            binding.toOptional().ifPresent(read -> assertEquals(binding, Binding.read(read.sign(SIGNER))));
            assertFalse(SignedBinding.verify(envelope(RecordType.BINDING, payload).orElseThrow(), IDENTITY).isValid());
            assertFalse(Status.verify(envelope(RecordType.STATUS, payload).orElseThrow(), List.of(SIGNER.key()))
                    .isValid());
            ProofOfPossession.claimedNonce(envelope(RecordType.PROOF_OF_POSSESSION, payload).orElseThrow())
                    .toOptional()
                    .ifPresent(nonce -> assertEquals(43, nonce.value().length()));
            assertArrayEquals(payload, valid.value().payload());
        }
    }

    private static byte[] seed(int first) {
        byte[] seed = new byte[JwsSigner.SEED_BYTES];
        seed[0] = (byte) first;
        return seed;
    }

    private static Verdict<Jws> envelope(RecordType type, byte[] payload) {
        String header = "{\"alg\":\"Ed25519\",\"typ\":\"" + type.typ() + "\",\"kid\":\"" + SIGNER.key().thumbprint()
                + "\"}";
        Verdict<Jws> jws = Jws.parse("{\"payload\":\"" + UnpaddedBase64.encodeUrl(payload)
                + "\",\"signatures\":[{\"protected\":\""
                + UnpaddedBase64.encodeUrl(header.getBytes(StandardCharsets.UTF_8)) + "\",\"signature\":\"" + SIGNATURE
                + "\"}]}");
        if (jws.reason().isPresent() && payload.length > 0 && payload.length <= Jws.MAX_PAYLOAD_BYTES) {
            assertEquals(Reason.PAYLOAD_TOO_LARGE, jws.reason().get());
        }
        return jws;
    }
}
