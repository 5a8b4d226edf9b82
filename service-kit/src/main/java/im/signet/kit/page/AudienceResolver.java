package im.signet.kit.page;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;
import org.springframework.core.MethodParameter;
import org.springframework.web.bind.support.WebDataBinderFactory;
import org.springframework.web.context.request.NativeWebRequest;
import org.springframework.web.method.support.HandlerMethodArgumentResolver;
import org.springframework.web.method.support.ModelAndViewContainer;

/**
 * Tells from a request's {@code Accept-Language}, and the {@code brand} in its query, who its {@link Audience} is, or which
 * {@link AcceptedLanguages} it has.
 */
final class AudienceResolver implements HandlerMethodArgumentResolver {

    static final String BRAND = "brand";

    private final Templates templates;

    AudienceResolver(Templates templates) {
        this.templates = templates;
    }

    @Override
    public boolean supportsParameter(MethodParameter parameter) {
        return parameter.getParameterType() == Audience.class
                || parameter.getParameterType() == AcceptedLanguages.class;
    }

    @Override
    public Object resolveArgument(MethodParameter parameter, @Nullable ModelAndViewContainer mavContainer,
            NativeWebRequest webRequest, @Nullable WebDataBinderFactory binderFactory) {
        HttpServletRequest request = webRequest.getNativeRequest(HttpServletRequest.class);
        if (request == null) {
            throw new IllegalStateException("not a servlet request");
        }
        AcceptedLanguages accepted = AcceptedLanguages.in(request.getHeader("Accept-Language"));
        return parameter.getParameterType() == AcceptedLanguages.class
                ? accepted
                : templates.audience(accepted, brandIn(request.getQueryString()));
    }

    // Of the query alone: to ask the container for a parameter would have it read a body that says to be a form.
    private static Optional<String> brandIn(@Nullable String query) {
        try {
            return query == null
                    ? Optional.empty()
                    : Arrays.stream(query.split("&", -1))
                            .filter(field -> field.startsWith(BRAND + "="))
                            .map(field -> URLDecoder.decode(field.substring(BRAND.length() + 1),
                                    StandardCharsets.UTF_8))
                            .findFirst();
        } catch (IllegalArgumentException notEncoded) {
            return Optional.empty();
        }
    }
}
