package im.signet.kit.web;

import im.signet.protocol.json.JsonObject;
import im.signet.protocol.json.StrictJson;

import java.io.IOException;
import java.nio.charset.StandardCharsets;

import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpInputMessage;
import org.springframework.http.HttpOutputMessage;
import org.springframework.http.MediaType;
import org.springframework.http.converter.AbstractHttpMessageConverter;
import org.springframework.http.converter.HttpMessageNotReadableException;

/** Writes a controller's {@link JsonObject} as the response, whatever the client's {@code Accept} says. */
final class JsonObjectConverter extends AbstractHttpMessageConverter<JsonObject> {

    JsonObjectConverter() {
        super(MediaType.APPLICATION_JSON, MediaType.ALL);
    }

    @Override
    protected boolean supports(Class<?> type) {
        return type == JsonObject.class;
    }

    @Override
    protected boolean canRead(@Nullable MediaType mediaType) {
        return false;
    }

    @Override
    protected JsonObject readInternal(Class<? extends JsonObject> type, HttpInputMessage message) {
        throw new HttpMessageNotReadableException("bodies are read as Params", message);
    }

    @Override
    protected void writeInternal(JsonObject json, HttpOutputMessage message) throws IOException {
        byte[] body = StrictJson.write(json).getBytes(StandardCharsets.UTF_8);
        message.getHeaders().setContentType(MediaType.APPLICATION_JSON);
        message.getHeaders().setContentLength(body.length);
        message.getBody().write(body);
    }
}
