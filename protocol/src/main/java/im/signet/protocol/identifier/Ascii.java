package im.signet.protocol.identifier;

/** Questions about ASCII text that the JDK answers only for all of Unicode. */
final class Ascii {
    private Ascii() {}

    static boolean isDigit(int character) {
        return character >= '0' && character <= '9';
    }

    static boolean isLetterOrDigit(int character) {
        return isDigit(character) || (character >= 'a' && character <= 'z') || (character >= 'A' && character <= 'Z');
    }

    static boolean isHexDigit(int character) {
        return isDigit(character) || (character >= 'a' && character <= 'f') || (character >= 'A' && character <= 'F');
    }

    /** Returns whether {@code text} has no other characters than digits; true when it is empty. */
    static boolean isDigits(String text) {
        return text.chars().allMatch(Ascii::isDigit);
    }

    /** Returns whether lenient readers of IPv4 addresses take {@code label} for a number: {@code 10}, {@code 012}, {@code 0xA}. */
    static boolean isNumber(String label) {
        boolean hexadecimal = label.startsWith("0x") || label.startsWith("0X");
        return hexadecimal ? label.chars().skip(2).allMatch(Ascii::isHexDigit) : !label.isEmpty() && isDigits(label);
    }
}
