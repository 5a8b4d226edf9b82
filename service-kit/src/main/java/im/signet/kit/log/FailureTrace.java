package im.signet.kit.log;

import java.sql.SQLException;

import org.jspecify.annotations.Nullable;

/**
 * An exception as a log may have it: its classes and places and, from a database, the SQLSTATE. Messages are left out: those
 * of libraries quote addresses, tokens and rows.
 */
public final class FailureTrace {

    private static final int MAX_CAUSES = 10;

    private FailureTrace() {}

    /** Returns the trace, of several lines, the causes below what they caused. */
    public static String of(Throwable failure) {
        StringBuilder trace = new StringBuilder();
        @Nullable
        Throwable cause = failure;
        for (int depth = 0; cause != null && depth < MAX_CAUSES; depth++) {
            trace.append(depth == 0 ? "" : "\nCaused by: ").append(cause.getClass().getName());
            if (cause instanceof SQLException sql && sql.getSQLState() != null) {
                trace.append(" [SQLSTATE ").append(sql.getSQLState()).append(']');
            }
            for (StackTraceElement place : cause.getStackTrace()) {
                trace.append("\n\tat ").append(place);
            }
            cause = cause.getCause();
        }
        return trace.toString();
    }
}
