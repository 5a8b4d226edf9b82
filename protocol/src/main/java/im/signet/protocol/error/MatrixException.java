package im.signet.protocol.error;

import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

import org.jspecify.annotations.Nullable;

/** An answer in the form {@code {"errcode", "error"}}; all it holds is safe to show to the caller. Made by {@link ErrorCode#because(String)}. */
public final class MatrixException extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private static final Set<String> NOT_EXTRA = Set.of("errcode", "error", "retry_after_ms");

    private final ErrorCode errorCode;
    private final int status;
    private final Map<String, String> extra;
    private final @Nullable Duration retryAfter;

    MatrixException(ErrorCode errorCode, int status, String message) {
        this(errorCode, status, message, Map.of(), null);
    }

    private MatrixException(ErrorCode errorCode, int status, String message, Map<String, String> extra,
            @Nullable Duration retryAfter) {
        super(message);
        if (status < 400 || status > 599) {
            throw new IllegalArgumentException("the status of an error is between 400 and 599");
        }
        this.errorCode = errorCode;
        this.status = status;
        this.extra = extra;
        this.retryAfter = retryAfter;
    }

    /** Returns the {@code errcode}. */
    public ErrorCode errorCode() {
        return errorCode;
    }

    /** Returns the HTTP status. */
    public int status() {
        return status;
    }

    /** Returns the {@code error}: one sentence, safe to show. */
    @Override
    public String getMessage() {
        return String.valueOf(super.getMessage());
    }

    /** Returns what the body says beside {@code errcode} and {@code error}, such as {@code mxid}; often empty, never modifiable. */
    public Map<String, String> extra() {
        return extra;
    }

    /** Returns how long to wait before the same request may succeed; empty where waiting is not known to help. */
    public Optional<Duration> retryAfter() {
        return Optional.ofNullable(retryAfter);
    }

    /** Returns the same answer with one more member in its body, in place of any of that name. */
    public MatrixException withExtra(String name, String value) {
        if (NOT_EXTRA.contains(name)) {
            throw new IllegalArgumentException(name + " is not extra");
        }
        Map<String, String> more = new LinkedHashMap<>(extra);
        more.put(name, value);
        return copy(Collections.unmodifiableMap(more), retryAfter);
    }

    /** Returns the same answer with the delay after which to try again; never negative. */
    public MatrixException withRetryAfter(Duration delay) {
        if (delay.isNegative()) {
            throw new IllegalArgumentException("nobody can try again in the past");
        }
        return copy(extra, delay);
    }

    private MatrixException copy(Map<String, String> newExtra, @Nullable Duration newRetryAfter) {
        MatrixException copy = new MatrixException(errorCode, status, getMessage(), newExtra, newRetryAfter);
        copy.setStackTrace(getStackTrace());
        return copy;
    }
}
