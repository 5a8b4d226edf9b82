package im.signet.kit.token;

import im.signet.kit.web.NeedsToken;
import im.signet.kit.web.OpenToAll;
import im.signet.kit.web.ServiceName;

import java.util.Optional;

import jakarta.servlet.http.HttpServletRequest;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.web.HttpRequestMethodNotSupportedException;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.HandlerExecutionChain;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;
import org.springframework.web.util.ServletRequestPathUtils;

/**
 * Who may call the endpoint that a request is for, read off the very mapping that will serve it: whatever a path is
 * spelled like, what decides and what answers cannot disagree.
 */
final class EndpointAccess {

    private static final Logger log = LoggerFactory.getLogger(EndpointAccess.class);
    private static final String ATTRIBUTE = EndpointAccess.class.getName();

    private final RequestMappingHandlerMapping mapping;

    EndpointAccess(RequestMappingHandlerMapping mapping) {
        this.mapping = mapping;
    }

    /** What an endpoint asks of its caller. */
    sealed interface Rule {

        /** No token is needed. */
        record Open() implements Rule {}

        /** A token is needed. */
        record Token(ServiceName service, boolean termsMayBeOutstanding, boolean alsoInQuery) implements Rule {}

        /** Nothing serves this path, or not by this method: 404 or 405, whoever asks. */
        record NoEndpoint() implements Rule {}

        /** A mapping that says nothing of its callers: a mistake of ours, so nobody is served. */
        record Undeclared() implements Rule {}
    }

    Rule of(HttpServletRequest request) {
        if (request.getAttribute(ATTRIBUTE) instanceof Rule known) {
            return known;
        }
        Rule rule = handlerOf(request).map(EndpointAccess::declaredBy).orElseGet(Rule.NoEndpoint::new);
        request.setAttribute(ATTRIBUTE, rule);
        return rule;
    }

    private Optional<HandlerMethod> handlerOf(HttpServletRequest request) {
        if (!ServletRequestPathUtils.hasParsedRequestPath(request)) {
            ServletRequestPathUtils.parseAndCache(request);
        }
        try {
            HandlerExecutionChain chain = mapping.getHandler(request);
            return chain != null && chain.getHandler() instanceof HandlerMethod method
                    ? Optional.of(method)
                    : Optional.empty();
        } catch (HttpRequestMethodNotSupportedException wrongMethod) {
            return Optional.empty();
        } catch (Exception unsuitable) {
            // The dispatcher meets the same exception and answers it; no controller is reached.
            return Optional.empty();
        }
    }

    private static Rule declaredBy(HandlerMethod method) {
        if (method.hasMethodAnnotation(OpenToAll.class)) {
            return new Rule.Open();
        }
        NeedsToken needsToken = method.getMethodAnnotation(NeedsToken.class);
        if (needsToken != null) {
            return new Rule.Token(needsToken.service(), needsToken.termsMayBeOutstanding(),
                    needsToken.alsoInQuery());
        }
        log.error("{} says neither @OpenToAll nor @NeedsToken: it is served to nobody", method.getShortLogMessage());
        return new Rule.Undeclared();
    }
}
