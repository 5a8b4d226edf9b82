package im.signet.kit.settings;

/** A start that failed for a reason the operator can mend: one line that says what is wrong, and one that says how. */
public final class UnusableSettingException extends RuntimeException {

    private final String mend;

    public UnusableSettingException(String whatIsWrong, String mend) {
        super(whatIsWrong);
        this.mend = mend;
    }

    /** Returns what the operator can do. */
    public String mend() {
        return mend;
    }
}
