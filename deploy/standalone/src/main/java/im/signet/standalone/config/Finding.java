package im.signet.standalone.config;

/**
 * What a check found.
 *
 * @param where the file and line, or the variable, that says it; empty where nothing does
 * @param what  what is wrong, in a sentence
 * @param mend  what the operator can do, in a sentence
 */
public record Finding(Severity severity, String where, String what, String mend) {

    /** Whether it stops a start. */
    public enum Severity {
        /** It does. */
        ERROR,
        /** It does not, and is probably not meant. */
        WARNING
    }
}
