package im.signet.standalone.command;

/** What a command ends with, for scripts; the numbers are those of sysexits.h. */
public enum Exit {
    OK(0), USAGE(64), DATA(65), UNAVAILABLE(69), INTERNAL(70), TEMPORARY(75), CONFIGURATION(78);

    private final int status;

    Exit(int status) {
        this.status = status;
    }

    /** Returns the number that the process ends with. */
    public int status() {
        return status;
    }
}
