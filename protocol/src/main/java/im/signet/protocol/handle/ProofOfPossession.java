package im.signet.protocol.handle;

import im.signet.protocol.json.JsonObject;
import im.signet.protocol.json.StrictJson;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * That whoever sends a request holds the key that signed a binding, now and for this server: an answer to its challenge.
 * See {@code docs/spec/handles.md}, section 6.
 *
 * @param request what it is made for
 * @param iat     when it was made, in seconds since 1970
 */
public record ProofOfPossession(Request request, long iat) {
    private static final List<String> NAMES = List.of("t", "aud", "nonce", "b", "htm", "htu", "iat");
    private static final int NONCE_BYTES = 32;
    private static final int MAX_URL_LENGTH = 512;

    /** Throws an {@link IllegalArgumentException} when {@code iat} is no time. */
    public ProofOfPossession {
        if (iat < 0 || iat > Members.MAX_INTEGER) {
            throw new IllegalArgumentException("iat is a time in seconds since 1970");
        }
    }

    /** The methods that a proof can be made for. */
    public enum Method {
        /** A registration. */
        POST,
        /** A renewal, move or release. */
        PUT
    }

    /**
     * What a proof is made for; the server knows all of it.
     *
     * @param audience the base URL of the nameserver, as it names itself
     * @param nonce    what the server has challenged with
     * @param binding  the binding that is registered or renewed
     * @param method   the method of the request
     * @param uri      the URL of the request, without a query
     */
    public record Request(String audience, Nonce nonce, OpId binding, Method method, String uri) {
        /** Throws an {@link IllegalArgumentException} when a URL has not 1 to 512 printable characters of ASCII. */
        public Request {
            if (!isUrl(audience) || !isUrl(uri)) {
                throw new IllegalArgumentException("a URL has 1 to 512 printable characters of ASCII");
            }
        }

        /** Returns the reason why a proof for this is none for {@code expected}, in which a server has put what it knows. */
        private void requireSameAs(Request expected) throws Refusal {
            Refusal.when(!audience.equals(expected.audience), Reason.WRONG_AUDIENCE);
            Refusal.when(!nonce.equals(expected.nonce), Reason.WRONG_NONCE);
            Refusal.when(!binding.equals(expected.binding), Reason.WRONG_BINDING);
            Refusal.when(method != expected.method || !uri.equals(expected.uri), Reason.WRONG_REQUEST);
        }
    }

    /**
     * What a server challenges with: 32 bytes, used once. {@link #toString()} hides it; {@link #equals} takes the same
     * time wherever two differ.
     *
     * @param value 43 characters of base64url
     */
    public record Nonce(String value) {
        /** Throws an {@link IllegalArgumentException} when {@code value} is not 32 bytes. */
        public Nonce {
            if (!Base64Url.decode(value, NONCE_BYTES).isPresent()) {
                throw new IllegalArgumentException("a nonce is 32 bytes as 43 characters of base64url");
            }
        }

        /** Returns the nonce that {@code text} is. */
        public static Verdict<Nonce> parse(String text) {
            return Base64Url.decode(text, NONCE_BYTES).isPresent()
                    ? Verdict.valid(new Nonce(text))
                    : Verdict.refused(Reason.MALFORMED_MEMBER);
        }

        /** Returns a new nonce. */
        public static Nonce generate(SecureRandom random) {
            byte[] bytes = new byte[NONCE_BYTES];
            random.nextBytes(bytes);
            return new Nonce(Base64Url.encode(bytes));
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Nonce that && MessageDigest.isEqual(
                    value.getBytes(StandardCharsets.US_ASCII), that.value.getBytes(StandardCharsets.US_ASCII));
        }

        @Override
        public int hashCode() {
            return value.hashCode();
        }

        @Override
        public String toString() {
            return "Nonce[hidden]";
        }
    }

    /**
     * Returns the proof of {@code jws} when {@code signer}, the key that signed the binding, made it for {@code expected}.
     * That the nonce is used once, and {@code iat} near, is for the server to see.
     */
    public static Verdict<ProofOfPossession> verify(Jws jws, JwsKey signer, Request expected) {
        return Refusal.judge(() -> {
            ProofOfPossession proof = read(jws);
            proof.request.requireSameAs(expected);
            jws.soleSigner(List.of(signer));
            return proof;
        });
    }

    /** Returns the nonce that {@code jws} claims to answer, for the server to look up what it expects; believes nothing else. */
    public static Verdict<Nonce> claimedNonce(Jws jws) {
        return Refusal.judge(() -> read(jws).request.nonce());
    }

    /** Returns the envelope of this proof, signed by the key that signed the binding. */
    public Jws sign(JwsSigner signer) {
        JsonObject payload = JsonObject.builder()
                .put("t", RecordType.PROOF_OF_POSSESSION.t())
                .put("aud", request.audience())
                .put("nonce", request.nonce().value())
                .put("b", request.binding().value())
                .put("htm", request.method().name())
                .put("htu", request.uri())
                .put("iat", iat)
                .build();
        return Jws.sign(RecordType.PROOF_OF_POSSESSION,
                StrictJson.write(payload).getBytes(StandardCharsets.UTF_8), List.of(signer));
    }

    private static ProofOfPossession read(Jws jws) throws Refusal {
        Members members = Members.of(jws, RecordType.PROOF_OF_POSSESSION);
        members.allow(NAMES);
        String audience = members.string("aud", ProofOfPossession::url);
        Nonce nonce = members.string("nonce", Nonce::parse);
        OpId binding = members.string("b", OpId::parse);
        Method method = members.string("htm", Members.oneOf(Method.values(), Method::name));
        String uri = members.string("htu", ProofOfPossession::url);
        return new ProofOfPossession(new Request(audience, nonce, binding, method, uri), members.natural("iat"));
    }

    private static Verdict<String> url(String text) {
        return isUrl(text) ? Verdict.valid(text) : Verdict.refused(Reason.MALFORMED_MEMBER);
    }

    private static boolean isUrl(String text) {
        return !text.isEmpty() && text.length() <= MAX_URL_LENGTH && text.chars().allMatch(c -> c > ' ' && c <= '~');
    }
}
