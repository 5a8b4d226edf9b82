package im.signet.demo;

import im.signet.protocol.json.JsonObject;
import im.signet.protocol.json.StrictJson;

import java.util.Map;

/** What the {@link DemoHomeserver} answers to one request. */
record Reply(int status, Map<String, String> headers, String body) {
    static Reply ok(JsonObject body) {
        return json(200, body);
    }

    static Reply refused(int status, String errcode, String error) {
        return json(status, JsonObject.builder().put("errcode", errcode).put("error", error).build());
    }

    static Reply text(int status, String body) {
        return new Reply(status, Map.of(), body);
    }

    static Reply redirect(String location) {
        return new Reply(302, Map.of("Location", location), "");
    }

    private static Reply json(int status, JsonObject body) {
        return text(status, StrictJson.write(body));
    }
}
