package im.signet.kit.web;

import im.signet.kit.log.RequestId;

import java.io.IOException;
import java.security.SecureRandom;
import java.util.Optional;
import java.util.function.Predicate;

import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ValveBase;
import org.slf4j.MDC;

/**
 * Gives each request its {@link RequestId}, before any filter can log: that of a trusted proxy, or one of our own. What a
 * client makes up is not taken.
 */
final class RequestIdValve extends ValveBase {

    private final Predicate<HttpServletRequest> cameFromAProxy;
    private final SecureRandom random;

    RequestIdValve(Predicate<HttpServletRequest> cameFromAProxy, SecureRandom random) {
        super(true);
        this.cameFromAProxy = cameFromAProxy;
        this.random = random;
    }

    @Override
    public void invoke(Request request, Response response) throws IOException, ServletException {
        Optional<String> sent = RequestId.of(request);
        String id = sent.isPresent() && cameFromAProxy.test(request) ? sent.get() : RequestId.generate(random);
        response.setHeader(RequestId.HEADER, id);
        // So that a page of another origin can show it to whoever asks for help.
        response.setHeader("Access-Control-Expose-Headers", RequestId.HEADER);
        MDC.put(RequestId.KEY, id);
        try {
            getNext().invoke(request, response);
        } finally {
            MDC.remove(RequestId.KEY);
        }
    }
}
