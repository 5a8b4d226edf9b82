package im.signet.names.problem;

import im.signet.protocol.error.MatrixException;
import im.signet.protocol.json.StrictJson;

import java.io.IOException;
import java.nio.charset.StandardCharsets;

import jakarta.servlet.http.HttpServletResponse;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;

/** Writes what the controllers of this service refuse as {@code application/problem+json}. */
@RestControllerAdvice("im.signet.names")
@Order(Ordered.HIGHEST_PRECEDENCE)
final class ProblemAdvice {

    @ExceptionHandler
    void refused(Problem problem, HttpServletResponse response) throws IOException {
        write(problem, response);
    }

    /** What the shared parts refuse: their errcode, less its {@code M_}, is the code. */
    @ExceptionHandler
    void refusedByTheKit(MatrixException refusal, HttpServletResponse response) throws IOException {
        // Rounded up: whoever waits as long as they were told to is served.
        refusal.retryAfter()
                .ifPresent(delay -> response.setHeader("Retry-After",
                        Long.toString(Math.max(1, delay.plusNanos(999_999_999).toSeconds()))));
        write(Problem.of(refusal.status(), refusal.errorCode().name().substring(2),
                String.valueOf(refusal.getMessage())), response);
    }

    private static void write(Problem problem, HttpServletResponse response) throws IOException {
        byte[] body = StrictJson.write(problem.body()).getBytes(StandardCharsets.UTF_8);
        response.setStatus(problem.status());
        response.setContentType("application/problem+json");
        response.setContentLength(body.length);
        response.getOutputStream().write(body);
    }
}
