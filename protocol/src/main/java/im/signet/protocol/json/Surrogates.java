package im.signet.protocol.json;

/** Half characters of UTF-16, which no UTF-8 can hold and which two systems rarely treat alike. */
final class Surrogates {
    static final String RULE = "a string has no lone surrogates";

    private Surrogates() {}

    /** Returns whether each surrogate in {@code text} is half of a pair. */
    static boolean allPaired(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (Character.isSurrogate(c)) {
                if (Character.isLowSurrogate(c) || i + 1 == text.length()
                        || !Character.isLowSurrogate(text.charAt(i + 1))) {
                    return false;
                }
                i++;
            }
        }
        return true;
    }
}
