package im.signet.protocol.signature;

import im.signet.protocol.Parsed;

/**
 * The name of a key among the keys of its owner, {@code algorithm:version}, such as {@code ed25519:0}.
 *
 * @param algorithm what the key is for: letters, digits and '_'
 * @param version   which of the owner's keys it is: letters, digits and '_'
 */
public record KeyId(String algorithm, String version) {
    /** The only algorithm that Matrix servers sign with. */
    public static final String ED25519 = "ed25519";
    private static final int MAX_LENGTH = 255;
    private static final String RULE = "a key id has the form algorithm:version, both of letters, digits and '_'";

    /** Throws an {@link IllegalArgumentException} when the parts make no key id. */
    public KeyId {
        if (!isWord(algorithm) || !isWord(version) || algorithm.length() + 1 + version.length() > MAX_LENGTH) {
            throw new IllegalArgumentException(RULE);
        }
    }

    /** Returns the key id that {@code text} is. */
    public static Parsed<KeyId> parse(String text) {
        int colon = text.indexOf(':');
        if (colon < 0 || text.length() > MAX_LENGTH) {
            return Parsed.refused(RULE);
        }
        String algorithm = text.substring(0, colon);
        String version = text.substring(colon + 1);
        return isWord(algorithm) && isWord(version) ? Parsed.ok(new KeyId(algorithm, version)) : Parsed.refused(RULE);
    }

    /** Returns the key id that {@code text} is; throws an {@link IllegalArgumentException} when it is none. */
    public static KeyId of(String text) {
        return parse(text).orElseThrow();
    }

    /** Returns the key id as it is written: {@code ed25519:0}. */
    @Override
    public String toString() {
        return algorithm + ":" + version;
    }

    private static boolean isWord(String text) {
        return !text.isEmpty() && text.chars()
                .allMatch(
                        c -> (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_');
    }
}
