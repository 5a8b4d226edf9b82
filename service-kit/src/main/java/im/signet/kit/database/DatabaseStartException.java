package im.signet.kit.database;

import org.jspecify.annotations.Nullable;

/** Why there is no database to start on: one line that says what is wrong, and one that says how to mend it. */
final class DatabaseStartException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String remedy;

    /** Both texts are shown to the operator and never hold a password. */
    DatabaseStartException(String problem, String remedy) {
        this(problem, remedy, null);
    }

    DatabaseStartException(String problem, String remedy, @Nullable Throwable cause) {
        super(problem, cause);
        this.remedy = remedy;
    }

    /** Returns what the operator can do about it. */
    String remedy() {
        return remedy;
    }
}
