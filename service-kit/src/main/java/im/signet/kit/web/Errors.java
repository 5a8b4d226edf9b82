package im.signet.kit.web;

import im.signet.protocol.error.ErrorCode;
import im.signet.protocol.error.MatrixException;
import im.signet.protocol.json.JsonObject;
import im.signet.protocol.json.StrictJson;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;

import jakarta.servlet.http.HttpServletResponse;

/// The one writer of `{"errcode","error"}`: whatever refuses a request, the client reads this shape.
///
/// @see <a href="https://spec.matrix.org/latest/identity-service-api/#standard-error-response">Standard error
///      response</a>
public final class Errors {

    private Errors() {}

    /**
     * Writes the exception's status, errcode, message and extra members, and the delay of its {@code Retry-After} in whole
     * seconds, at least one. Does nothing once the response has begun.
     */
    public static void write(HttpServletResponse response, MatrixException error) throws IOException {
        if (response.isCommitted()) {
            return;
        }
        response.resetBuffer();
        response.setStatus(error.status());
        response.setContentType("application/json");
        error.retryAfter().ifPresent(delay -> response.setHeader("Retry-After", Long.toString(wholeSeconds(delay))));
        byte[] body = body(error).getBytes(StandardCharsets.UTF_8);
        response.setContentLength(body.length);
        response.getOutputStream().write(body);
        response.flushBuffer();
    }

    /** Returns the error as the text of a JSON object. */
    static String body(MatrixException error) {
        JsonObject.Builder body = JsonObject.builder()
                .put("errcode", error.errorCode().name())
                .put("error", String.valueOf(error.getMessage()));
        for (Map.Entry<String, String> member : error.extra().entrySet()) {
            body.put(member.getKey(), member.getValue());
        }
        error.retryAfter().ifPresent(delay -> body.put("retry_after_ms", wholeMillis(delay)));
        return StrictJson.write(body.build());
    }

    // Rounded up: whoever waits as long as they were told to is served.
    private static long wholeSeconds(Duration delay) {
        return Math.max(1, delay.plusNanos(999_999_999).toSeconds());
    }

    private static long wholeMillis(Duration delay) {
        return delay.plusNanos(999_999).toMillis();
    }

    /** Returns what a bare status of the servlet container means in this API. */
    static MatrixException ofStatus(int status) {
        return switch (status) {
            case 404 -> ErrorCode.M_UNRECOGNIZED.because(404, "there is no such endpoint");
            case 405 -> ErrorCode.M_UNRECOGNIZED.because(405, "this endpoint does not know that method");
            case 413 -> ErrorCode.M_TOO_LARGE.because(413, "the request is too large");
            case 414, 431 -> ErrorCode.M_TOO_LARGE.because(status, "the request line or its headers are too large");
            case 415 ->
                ErrorCode.M_UNKNOWN.because(415, "the request's body has an encoding this endpoint cannot read");
            default -> status >= 400 && status < 500
                    ? ErrorCode.M_UNKNOWN.because(status, "the request is not one this server can read")
                    : ErrorCode.M_UNKNOWN.because(status >= 500 ? status : 500, "the server failed; its log says why");
        };
    }
}
