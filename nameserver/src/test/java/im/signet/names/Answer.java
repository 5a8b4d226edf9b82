package im.signet.names;

import im.signet.protocol.handle.Jws;
import im.signet.protocol.handle.Status;
import im.signet.protocol.json.JsonObject;
import im.signet.protocol.json.StrictJson;

import java.net.http.HttpHeaders;

import static org.assertj.core.api.Assertions.assertThat;

/** What the server answered. */
public record Answer(int status, HttpHeaders headers, String body) {

    public String header(String name) {
        return headers.firstValue(name).orElse("");
    }

    /** Returns the body of an answer with that status. */
    public JsonObject is(int expected) {
        assertThat(status).as(body).isEqualTo(expected);
        isGuarded();
        return json();
    }

    /** Says that this is the refusal of that status and code, in the form of all refusals. */
    public Answer refuses(int expected, String code) {
        assertThat(status + " " + json().string("code").orElse("without a code")).as(body)
                .isEqualTo(expected + " " + code);
        assertThat(header("Content-Type")).isEqualTo("application/problem+json");
        assertThat(header("Access-Control-Allow-Origin")).isEqualTo("*");
        assertThat(json().integer("status")).contains((long) expected);
        assertThat(json().string("detail")).hasValueSatisfying(detail -> assertThat(detail).isNotBlank());
        assertThat(body).doesNotContain("Exception", "at im.signet", "java.", "org.springframework", "SQL");
        assertThat(header("Cache-Control")).isEqualTo("no-store");
        isGuarded();
        return this;
    }

    /** Security CVE-2026-22732: headers that were missing from some answers. */
    private void isGuarded() {
        assertThat(header("X-Content-Type-Options")).isEqualTo("nosniff");
        assertThat(header("X-Frame-Options")).isEqualTo("DENY");
        assertThat(header("Referrer-Policy")).isEqualTo("no-referrer");
        assertThat(header("Content-Security-Policy")).contains("default-src 'none'", "frame-ancestors 'none'");
    }

    public JsonObject json() {
        return StrictJson.parseObject(body).orElseThrow();
    }

    /** Returns the status of a bundle, unchecked. */
    public JsonObject signedStatus() {
        Jws jws = Jws.of(json().object("status").or(() -> json().object("signed_status")).orElseThrow()).orElseThrow();
        return StrictJson.parseObject(jws.payload()).orElseThrow();
    }

    /** Returns what the signed status says of the handle. */
    public Status.State state() {
        String word = signedStatus().string("st").orElseThrow();
        for (Status.State state : Status.State.values()) {
            if (state.wireName().equals(word)) {
                return state;
            }
        }
        throw new AssertionError(word);
    }
}
