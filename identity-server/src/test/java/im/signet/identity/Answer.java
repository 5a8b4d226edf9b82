package im.signet.identity;

import im.signet.protocol.json.JsonObject;
import im.signet.protocol.json.StrictJson;

import java.net.http.HttpHeaders;

/** What came back over HTTP. */
public record Answer(int status, HttpHeaders headers, String body) {

    /** Returns the body as the JSON object that it has to be. */
    public JsonObject json() {
        return StrictJson.parseObject(body).orElseThrow();
    }

    /** Returns the errcode; empty when there is none. */
    public String errcode() {
        return json().string("errcode").orElse("");
    }

    /** Returns a string member of the body. */
    public String string(String name) {
        return json().string(name).orElseThrow();
    }

    /** Returns a header; empty when it did not come. */
    public String header(String name) {
        return headers.firstValue(name).orElse("");
    }

    /** Returns status and errcode as one text, such as {@code 400 M_INVALID_PARAM}; the status alone on success. */
    public String outcome() {
        return status < 300 ? String.valueOf(status) : status + " " + errcode();
    }
}
