package im.signet.standalone.backup;

/** Why a backup was not made, or not brought back, in words for the operator; nothing was changed. */
public final class Refusal extends Exception {

    private static final long serialVersionUID = 1L;

    /** What kind of reason it is. */
    public enum Kind {
        /** The command was called wrongly, or has to be told more. */
        CALL,
        /** A file is damaged, or not of this program. */
        FILE,
        /** The database, a folder or a file cannot be used now. */
        UNAVAILABLE
    }

    private final Kind kind;

    Refusal(Kind kind, String why) {
        super(why, null, false, false);
        this.kind = kind;
    }

    static Refusal call(String why) {
        return new Refusal(Kind.CALL, why);
    }

    static Refusal file(String why) {
        return new Refusal(Kind.FILE, why);
    }

    static Refusal unavailable(String why) {
        return new Refusal(Kind.UNAVAILABLE, why);
    }

    /** Returns what kind of reason it is. */
    public Kind kind() {
        return kind;
    }

    /** Returns what is wrong and how to mend it. */
    public String why() {
        return String.valueOf(getMessage());
    }
}
