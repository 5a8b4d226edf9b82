package im.signet.protocol.error;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/** An answer in the form {@code {"errcode", "error"}}; all it holds is safe to show to the caller. Made by {@link ErrorCode#because(String)}. */
public final class MatrixException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final ErrorCode errorCode;
    private final int status;
    private final Map<String, String> extra;

    MatrixException(ErrorCode errorCode, int status, String message) {
        this(errorCode, status, message, Map.of());
    }

    private MatrixException(ErrorCode errorCode, int status, String message, Map<String, String> extra) {
        super(message);
        if (status < 400 || status > 599) {
            throw new IllegalArgumentException("the status of an error is between 400 and 599");
        }
        this.errorCode = errorCode;
        this.status = status;
        this.extra = extra;
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

    /** Returns the same answer with one more member in its body, in place of any of that name. */
    public MatrixException withExtra(String name, String value) {
        if (name.equals("errcode") || name.equals("error")) {
            throw new IllegalArgumentException("errcode and error are not extra");
        }
        Map<String, String> more = new LinkedHashMap<>(extra);
        more.put(name, value);
        MatrixException copy = new MatrixException(errorCode, status, getMessage(), Collections.unmodifiableMap(more));
        copy.setStackTrace(getStackTrace());
        return copy;
    }
}
