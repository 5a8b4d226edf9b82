package im.signet.kit.web;

import im.signet.kit.log.FailureTrace;
import im.signet.protocol.error.ErrorCode;

import java.io.IOException;
import java.nio.charset.StandardCharsets;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.apache.tomcat.util.http.InvalidParameterException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.web.filter.OncePerRequestFilter;

/// Puts CORS and the safe headers on every response before anything else can happen to it, answers pre-flight requests,
/// which carry no token, and answers what failed in a filter.
///
/// @see <a href="https://spec.matrix.org/latest/identity-service-api/#web-browser-clients">Web browser clients</a>
final class ResponseHeaders extends OncePerRequestFilter {

    private static final Logger log = LoggerFactory.getLogger(ResponseHeaders.class);
    private static final byte[] EMPTY_OBJECT = "{}".getBytes(StandardCharsets.UTF_8);

    private final Drain drain;

    ResponseHeaders(Drain drain) {
        this.drain = drain;
    }

    static void putOn(HttpServletResponse response) {
        response.setHeader("Access-Control-Allow-Origin", "*");
        response.setHeader("Access-Control-Allow-Methods", "GET, POST, PUT, DELETE, OPTIONS");
        // Named one by one: a bare * does not cover Authorization in the Fetch standard.
        response.setHeader("Access-Control-Allow-Headers",
                "Origin, X-Requested-With, Content-Type, Accept, Authorization");
        response.setHeader("Cache-Control", "no-store");
        response.setHeader("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'");
        response.setHeader("Referrer-Policy", "no-referrer");
        response.setHeader("X-Content-Type-Options", "nosniff");
        response.setHeader("X-Frame-Options", "DENY");
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        putOn(response);
        if (drain.isUnderWay()) {
            response.setHeader("Connection", "close");
        }
        if (request.getMethod().equals("OPTIONS")) {
            response.setContentType("application/json");
            response.setContentLength(EMPTY_OBJECT.length);
            response.getOutputStream().write(EMPTY_OBJECT);
            return;
        }
        try {
            chain.doFilter(request, response);
        } catch (InvalidParameterException unreadable) {
            Errors.write(response, Errors.ofStatus(unreadable.getErrorCode()));
        } catch (ServletException | RuntimeException failed) {
            // Further out is the container, which would log the exception's message.
            log.error("a request failed: {}", FailureTrace.of(failed));
            Errors.write(response, ErrorCode.M_UNKNOWN.because("the server failed; its log says why"));
        }
    }
}
