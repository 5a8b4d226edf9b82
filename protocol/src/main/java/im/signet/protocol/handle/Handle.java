package im.signet.protocol.handle;

/**
 * A name that a person gives away, {@code alice@example.org}, in its one form. Other forms are refused and not mended:
 * what {@code Alice@} means is not for a reader to decide. See {@code docs/spec/handles.md}, section 1.
 *
 * @param localPart 1 to 32 characters of {@code a-z0-9}, with single {@code . _ -} in between
 * @param domain    whose nameserver answers for the handle
 */
public record Handle(String localPart, HandleDomain domain) {
    private static final int MAX_LOCAL_PART = 32;

    /** Throws an {@link IllegalArgumentException} when {@code localPart} is no local part. */
    public Handle {
        if (!isLocalPart(localPart)) {
            throw new IllegalArgumentException(Reason.HANDLE_LOCAL_PART.words());
        }
    }

    /** Returns the handle that {@code text} is. */
    public static Verdict<Handle> parse(String text) {
        int at = text.indexOf('@');
        if (at < 0 || text.indexOf('@', at + 1) >= 0) {
            return Verdict.refused(Reason.HANDLE_SHAPE);
        }
        String localPart = text.substring(0, at);
        return isLocalPart(localPart)
                ? HandleDomain.parse(text.substring(at + 1)).map(domain -> new Handle(localPart, domain))
                : Verdict.refused(Reason.HANDLE_LOCAL_PART);
    }

    /** Returns the handle that {@code text} is; throws an {@link IllegalArgumentException} when it is none. */
    public static Handle of(String text) {
        return parse(text).orElseThrow();
    }

    /** Returns the handle as it is written. */
    @Override
    public String toString() {
        return localPart + "@" + domain;
    }

    private static boolean isLocalPart(String text) {
        if (text.isEmpty() || text.length() > MAX_LOCAL_PART) {
            return false;
        }
        // As if a mark stood before the first character: none can follow it, nor another mark.
        boolean afterMark = true;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean mark = c == '.' || c == '_' || c == '-';
            if (mark ? afterMark : !((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'))) {
                return false;
            }
            afterMark = mark;
        }
        return !afterMark;
    }
}
