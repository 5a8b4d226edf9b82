package im.signet.protocol.error;

import im.signet.protocol.Parsed;

/**
 * The error codes of the identity service and the HTTP status that goes with each. See
 * <a href="https://spec.matrix.org/latest/identity-service-api/#standard-error-response">Identity Service API</a>.
 */
public enum ErrorCode {
    /** The body is JSON, but not of the shape that was asked for. */
    M_BAD_JSON(400),
    /** The phone number's country or operator is not one that messages are sent to. */
    M_DESTINATION_REJECTED(400),
    /** The mail could not be sent. */
    M_EMAIL_SEND_ERROR(400),
    /** The caller is known and may not do this. */
    M_FORBIDDEN(403),
    /** The phone number is not one that messages can be sent to. */
    M_INVALID_ADDRESS(400),
    /** The e-mail address is badly formed. */
    M_INVALID_EMAIL(400),
    /** A parameter is of the wrong type or outside its grammar. */
    M_INVALID_PARAM(400),
    /** The lookup used a pepper that is not, or no longer, the server's. */
    M_INVALID_PEPPER(400),
    /** Too many requests; later ones may be answered. */
    M_LIMIT_EXCEEDED(429),
    /** A required parameter is absent. */
    M_MISSING_PARAMS(400),
    /** There is nothing under that name. */
    M_NOT_FOUND(404),
    /** The body is no JSON at all. */
    M_NOT_JSON(400),
    /** No validation session has that sid and client secret. */
    M_NO_VALID_SESSION(404),
    /** The message could not be sent. */
    M_SEND_ERROR(400),
    /** The validation session ended before it was completed or used. */
    M_SESSION_EXPIRED(400),
    /** The validation session exists, and its address was not proven yet. */
    M_SESSION_NOT_VALIDATED(400),
    /** The user has not accepted the current terms. */
    M_TERMS_NOT_SIGNED(403),
    /** The address already belongs to a user. */
    M_THREEPID_IN_USE(400),
    /** The validation token is not the one that was sent. */
    M_TOKEN_INCORRECT(400),
    /** The request is larger than the server takes. */
    M_TOO_LARGE(413),
    /** The access token is absent or not valid. */
    M_UNAUTHORIZED(401),
    /** Something failed on the server. */
    M_UNKNOWN(500),
    /** The access token is not one that the server gave out. */
    M_UNKNOWN_TOKEN(401),
    /** The server does not know this endpoint, or does not support what was asked of it. */
    M_UNRECOGNIZED(404);

    private final int defaultStatus;

    ErrorCode(int defaultStatus) {
        this.defaultStatus = defaultStatus;
    }

    /** Returns the error code that {@code errcode} names. */
    public static Parsed<ErrorCode> parse(String errcode) {
        for (ErrorCode code : values()) {
            if (code.name().equals(errcode)) {
                return Parsed.ok(code);
            }
        }
        return Parsed.refused("not an error code of the identity service");
    }

    /** Returns the HTTP status of answers with this code, unless an endpoint's definition says otherwise. */
    public int defaultStatus() {
        return defaultStatus;
    }

    /** Returns the exception that answers with this code and its usual status; {@code message} is shown to the caller. */
    public MatrixException because(String message) {
        return because(defaultStatus, message);
    }

    /** Returns the exception that answers with this code and {@code status} (400 to 599); {@code message} is shown to the caller. */
    public MatrixException because(int status, String message) {
        return new MatrixException(this, status, message);
    }
}
