package im.signet.kit.web;

import im.signet.protocol.error.ErrorCode;
import im.signet.protocol.json.Json;
import im.signet.protocol.json.JsonObject;
import im.signet.protocol.json.StrictJson;

import java.io.IOException;
import java.io.InputStream;

import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;
import org.springframework.core.MethodParameter;
import org.springframework.web.bind.support.WebDataBinderFactory;
import org.springframework.web.context.request.NativeWebRequest;
import org.springframework.web.method.support.HandlerMethodArgumentResolver;
import org.springframework.web.method.support.ModelAndViewContainer;

/** Reads {@link Params} from a request's body, never more of it than the endpoint's limit; those of a GET from its query. */
final class ParamsResolver implements HandlerMethodArgumentResolver {

    static final int DEFAULT_LIMIT_BYTES = 512 * 1024;
    private static final int MAX_DEPTH = 64;

    @Override
    public boolean supportsParameter(MethodParameter parameter) {
        return parameter.getParameterType() == Params.class;
    }

    @Override
    public Params resolveArgument(MethodParameter parameter, @Nullable ModelAndViewContainer mavContainer,
            NativeWebRequest webRequest, @Nullable WebDataBinderFactory binderFactory) throws IOException {
        HttpServletRequest request = webRequest.getNativeRequest(HttpServletRequest.class);
        if (request == null) {
            throw new IllegalStateException("not a servlet request");
        }
        if (request.getMethod().equals("GET") || request.getMethod().equals("HEAD")) {
            return Params.of(queryOf(request));
        }
        if (request.getHeader("Content-Encoding") != null) {
            throw Errors.ofStatus(415);
        }
        BodyLimit raised = parameter.getMethodAnnotation(BodyLimit.class);
        int limit = raised == null ? DEFAULT_LIMIT_BYTES : raised.bytes();
        byte[] body = read(request, limit);
        if (parameter.hasMethodAnnotation(FormToo.class) && FormBody.is(request.getContentType(), body)) {
            return Params.of(FormBody.parse(body)
                    .orElseThrow(reason -> ErrorCode.M_INVALID_PARAM
                            .because("the body is not a form that can be read: " + reason)));
        }
        Json json = StrictJson.parse(body, new StrictJson.Limits(limit, MAX_DEPTH))
                .orElseThrow(
                        reason -> ErrorCode.M_NOT_JSON.because("the body is not JSON that can be read: " + reason));
        if (!(json instanceof JsonObject object)) {
            throw ErrorCode.M_BAD_JSON.because("the body must be a JSON object");
        }
        return Params.of(object);
    }

    private static JsonObject queryOf(HttpServletRequest request) {
        JsonObject.Builder query = JsonObject.builder();
        request.getParameterMap().forEach((name, values) -> {
            if (values.length != 1) {
                throw ErrorCode.M_INVALID_PARAM.because(name + " came more than once");
            }
            query.put(name, values[0]);
        });
        return query.build();
    }

    private static byte[] read(HttpServletRequest request, int limit) throws IOException {
        if (request.getContentLengthLong() > limit) {
            throw tooLarge(limit);
        }
        try (InputStream in = request.getInputStream()) {
            byte[] body = in.readNBytes(limit + 1);
            if (body.length > limit) {
                throw tooLarge(limit);
            }
            return body;
        }
    }

    private static RuntimeException tooLarge(int limit) {
        return ErrorCode.M_TOO_LARGE.because("the body may have at most " + limit / 1024 + " KiB");
    }
}
