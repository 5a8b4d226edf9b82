package im.signet.protocol.signature;

import im.signet.protocol.Parsed;
import im.signet.protocol.identifier.ServerName;

import java.util.Optional;

/**
 * What a homeserver says of itself in {@code Authorization: X-Matrix ...}. Nothing of it is proven before
 * {@link FederationRequest#isSignedBy} says so. See
 * <a href="https://spec.matrix.org/latest/server-server-api/#request-authentication">Server-Server API</a>.
 *
 * @param origin      who is said to have sent the request
 * @param destination whom it was sent to, by the name that the sender uses; senders from before v1.3 leave it out. Up to
 *                    {@value #MAX_DESTINATION} visible ASCII characters: Synapse writes an identity server's name as
 *                    its clients do, which may go on with a port and a path
 * @param key         the name of the origin's key
 * @param signature   the signature in unpadded base64, 64 bytes
 */
public record XMatrix(ServerName origin, Optional<String> destination, KeyId key, String signature) {
    /** The name of the scheme. */
    public static final String SCHEME = "X-Matrix";
    private static final int MAX_DESTINATION = 512;
    private static final int MAX_LENGTH = 4096;
    private static final int SIGNATURE_BYTES = 64;
    private static final String SIGNATURE_RULE = "a signature is " + SIGNATURE_BYTES + " bytes in base64";
    private static final String DESTINATION_RULE = "a destination has 1 to " + MAX_DESTINATION
            + " visible ASCII characters";

    /** Throws an {@link IllegalArgumentException} when the destination or the signature is outside its grammar. */
    public XMatrix {
        if (!destination.map(XMatrix::isDestination).orElse(true)) {
            throw new IllegalArgumentException(DESTINATION_RULE);
        }
        signature = unpadded(signature).orElseThrow();
    }

    /** Returns whether a value of {@code Authorization} is of this scheme, well-formed or not. */
    public static boolean isMeantBy(String authorization) {
        return authorization.regionMatches(true, 0, SCHEME, 0, SCHEME.length())
                && (authorization.length() == SCHEME.length() || isBlank(authorization.charAt(SCHEME.length())));
    }

    /**
     * Returns what a value of {@code Authorization} says, read as parameters of RFC 9110, section 11.2: in any order, names
     * in any case, values quoted or not, blanks around {@code ,} and {@code =}. A value without quotes may hold colons, as
     * the Server-Server API wants. No name may come twice; unknown ones are passed over. The specification's prose calls
     * the last parameter {@code signature} and everybody sends {@code sig}: the former counts where the latter is absent.
     */
    public static Parsed<XMatrix> parse(String authorization) {
        if (authorization.length() > MAX_LENGTH) {
            return Parsed.refused("an X-Matrix header has at most " + MAX_LENGTH + " characters");
        }
        if (!isMeantBy(authorization)) {
            return Parsed.refused("the scheme is not X-Matrix");
        }
        return AuthParameters.parse(authorization, SCHEME.length()).flatMap(XMatrix::of);
    }

    private static Parsed<XMatrix> of(AuthParameters parameters) {
        Optional<String> origin = parameters.get("origin");
        Optional<String> key = parameters.get("key");
        Optional<String> signature = parameters.get(parameters.get("sig").isPresent() ? "sig" : "signature");
        Optional<String> destination = parameters.get("destination");
        if (!origin.isPresent() || !key.isPresent() || !signature.isPresent()) {
            return Parsed.refused("an X-Matrix header has origin, key and sig");
        }
        if (!destination.map(XMatrix::isDestination).orElse(true)) {
            return Parsed.refused(DESTINATION_RULE);
        }
        return ServerName.parse(origin.get())
                .flatMap(server -> KeyId.parse(key.get())
                        .flatMap(
                                id -> unpadded(signature.get()).map(sig -> new XMatrix(server, destination, id, sig))));
    }

    private static boolean isDestination(String text) {
        return !text.isEmpty() && text.length() <= MAX_DESTINATION && text.chars().allMatch(c -> c > ' ' && c <= '~');
    }

    private static Parsed<String> unpadded(String base64) {
        return UnpaddedBase64.decode(base64)
                .flatMap(bytes -> bytes.length == SIGNATURE_BYTES
                        ? Parsed.ok(UnpaddedBase64.encode(bytes))
                        : Parsed.refused(SIGNATURE_RULE));
    }

    private static boolean isBlank(char c) {
        return c == ' ' || c == '\t';
    }

    /** Returns the value of an {@code Authorization} header that says this, quoted and escaped as RFC 9110 has it. */
    public String toHeader() {
        StringBuilder header = new StringBuilder(SCHEME).append(" origin=\"").append(origin).append('"');
        destination.ifPresent(name -> header.append(",destination=\"")
                .append(name.replace("\\", "\\\\").replace("\"", "\\\""))
                .append('"'));
        return header.append(",key=\"").append(key).append("\",sig=\"").append(signature).append('"').toString();
    }
}
