package im.signet.protocol.identifier;

/** The grammar that the specification gives to client secrets, session ids and invitation tokens. */
final class OpaqueGrammar {
    private static final int MAX_LENGTH = 255;

    private OpaqueGrammar() {}

    /** Returns whether {@code text} has 1 to 255 characters, all of them of {@code 0-9a-zA-Z.=_-}. */
    static boolean matches(String text) {
        return !text.isEmpty() && text.length() <= MAX_LENGTH
                && text.chars().allMatch(c -> Ascii.isLetterOrDigit(c) || ".=_-".indexOf(c) >= 0);
    }
}
