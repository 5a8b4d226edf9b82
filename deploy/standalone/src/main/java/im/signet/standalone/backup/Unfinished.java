package im.signet.standalone.backup;

/** Says that something was changed, or may have been, and what is still to be done, in words for the operator. */
final class Unfinished extends Exception {

    private static final long serialVersionUID = 1L;

    Unfinished(String what, Throwable why) {
        super(what, why);
    }

    /** Returns what was done and what is to be done. */
    String what() {
        return String.valueOf(getMessage());
    }
}
