package im.signet.terms;

import im.signet.protocol.json.JsonObject;
import im.signet.protocol.json.StrictJson;

import java.net.http.HttpHeaders;

import static org.assertj.core.api.Assertions.assertThat;

/** What the server answered, and what every answer of its API has to be. */
record Answer(int status, HttpHeaders headers, String body) {

    String header(String name) {
        return headers.firstValue(name).orElse("");
    }

    /** Returns the body of a success. */
    JsonObject ok() {
        assertThat(status).as(body).isEqualTo(200);
        return json();
    }

    /** Says that this is the error of that name, and nothing else beside. */
    Answer is(int expectedStatus, String errcode) {
        assertThat(status + " " + json().string("errcode").orElse("without an errcode")).as(body)
                .isEqualTo(expectedStatus + " " + errcode);
        assertThat(json().string("error")).hasValueSatisfying(error -> assertThat(error).isNotBlank());
        assertThat(json().members()).containsOnlyKeys("errcode", "error");
        assertThat(body).doesNotContain("Exception", "at im.signet", "java.", "org.springframework", "SQL");
        return this;
    }

    /** Returns the body, JSON that pages of any origin may read. */
    JsonObject json() {
        assertThat(header("Content-Type")).as(body).isEqualTo("application/json");
        assertThat(header("Access-Control-Allow-Origin")).isEqualTo("*");
        assertThat(header("Access-Control-Allow-Methods")).isEqualTo("GET, POST, PUT, DELETE, OPTIONS");
        assertThat(header("Access-Control-Allow-Headers"))
                .isEqualTo("Origin, X-Requested-With, Content-Type, Accept, Authorization");
        assertThat(header("Cache-Control")).isEqualTo("no-store");
        assertThat(header("X-Content-Type-Options")).isEqualTo("nosniff");
        return StrictJson.parseObject(body).orElseThrow();
    }
}
