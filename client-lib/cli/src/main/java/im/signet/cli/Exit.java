package im.signet.cli;

/** How a command ended, for scripts: the status of the process. */
enum Exit {
    /** It is done. */
    DONE(0, "done"),
    /** The answer is no: refused, not found, not the same. */
    NO(1, "no"),
    /** The command was not understood. */
    USAGE(2, "usage"),
    /** The user did not agree to something; it was not sent. */
    NOT_AGREED(3, "not_agreed"),
    /** A server could not be reached, answered nonsense, or has a limit: another time it may go well. */
    NOT_NOW(4, "not_now"),
    /** Something else is to be done first: log in, make an identity, give the right passphrase. */
    FIRST(5, "first"),
    /** What was found contradicts what was known: somebody may be lying. */
    ALARM(6, "alarm"),
    /** A defect of this program. */
    DEFECT(70, "defect");

    private final int status;
    private final String word;

    Exit(int status, String word) {
        this.status = status;
        this.word = word;
    }

    /** Returns the status of the process. */
    int status() {
        return status;
    }

    /** Returns the word that stands for it in {@code --json}. */
    String word() {
        return word;
    }
}
