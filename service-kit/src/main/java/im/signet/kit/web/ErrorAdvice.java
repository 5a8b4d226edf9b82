package im.signet.kit.web;

import im.signet.kit.log.FailureTrace;
import im.signet.protocol.error.ErrorCode;
import im.signet.protocol.error.MatrixException;

import java.io.IOException;

import jakarta.servlet.http.HttpServletResponse;
import org.apache.tomcat.util.http.InvalidParameterException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.web.ErrorResponse;
import org.springframework.web.HttpRequestMethodNotSupportedException;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.context.request.async.AsyncRequestNotUsableException;

/**
 * Turns every exception that leaves a controller into an error of this API; what it does not know becomes M_UNKNOWN,
 * with the details in the log and none in the answer.
 */
@RestControllerAdvice
final class ErrorAdvice {

    private static final Logger log = LoggerFactory.getLogger(ErrorAdvice.class);

    @ExceptionHandler
    void refused(MatrixException refusal, HttpServletResponse response) throws IOException {
        Errors.write(response, refusal);
    }

    @ExceptionHandler
    void wrongMethod(HttpRequestMethodNotSupportedException wrong, HttpServletResponse response) throws IOException {
        String[] allowed = wrong.getSupportedMethods();
        if (allowed != null) {
            response.setHeader("Allow", String.join(", ", allowed));
        }
        Errors.write(response, Errors.ofStatus(405));
    }

    /** Answers a query or a form that cannot be read. The exception quotes the parameter, which may be a secret: no log. */
    @ExceptionHandler
    void unreadableParameters(InvalidParameterException unreadable, HttpServletResponse response) throws IOException {
        Errors.write(response, Errors.ofStatus(unreadable.getErrorCode()));
    }

    @ExceptionHandler
    void clientWentAway(AsyncRequestNotUsableException gone) {
        log.debug("a client closed its connection before it had its answer");
    }

    @ExceptionHandler
    void anythingElse(Exception exception, HttpServletResponse response) throws IOException {
        if (exception instanceof ErrorResponse known && known.getStatusCode().is4xxClientError()) {
            Errors.write(response, Errors.ofStatus(known.getStatusCode().value()));
            return;
        }
        log.error("a request failed: {}", FailureTrace.of(exception));
        Errors.write(response, ErrorCode.M_UNKNOWN.because("the server failed; its log says why"));
    }
}
