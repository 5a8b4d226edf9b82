package im.signet.kit.web;

import java.util.Collections;
import java.util.List;

import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;
import org.springframework.core.MethodParameter;
import org.springframework.web.bind.support.WebDataBinderFactory;
import org.springframework.web.context.request.NativeWebRequest;
import org.springframework.web.method.support.HandlerMethodArgumentResolver;
import org.springframework.web.method.support.ModelAndViewContainer;

/** Finds the {@link ClientAddress} of a request: the one place that reads a peer's address. */
final class ClientAddressResolver implements HandlerMethodArgumentResolver {

    private final TrustedProxies proxies;

    ClientAddressResolver(TrustedProxies proxies) {
        this.proxies = proxies;
    }

    /** Returns whether a request was brought by a trusted proxy. */
    boolean cameFromAProxy(HttpServletRequest request) {
        return proxies.trusts(request.getRemoteAddr());
    }

    @Override
    public boolean supportsParameter(MethodParameter parameter) {
        return parameter.getParameterType() == ClientAddress.class;
    }

    @Override
    public ClientAddress resolveArgument(MethodParameter parameter, @Nullable ModelAndViewContainer mavContainer,
            NativeWebRequest webRequest, @Nullable WebDataBinderFactory binderFactory) {
        HttpServletRequest request = webRequest.getNativeRequest(HttpServletRequest.class);
        if (request == null) {
            throw new IllegalStateException("not a servlet request");
        }
        List<String> forwardedFor = Collections.list(request.getHeaders("X-Forwarded-For"));
        return proxies.clientOf(request.getRemoteAddr(), forwardedFor);
    }
}
