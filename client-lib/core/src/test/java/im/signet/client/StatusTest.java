package im.signet.client;

import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class StatusTest {
    private final Scene scene = new Scene();

    @Test
    void tellsTheVersions() {
        assertThat(scene.server().status()).isEqualTo(new Status.Available(List.of("v1.1", "v1.18")));
        assertThat(scene.wire.routes()).containsExactly("GET /versions");
    }

    @Test
    void pingsAServerTooOldToSay() {
        scene.wire.instead("GET /versions", 404, Scene.error("M_UNRECOGNIZED")).on("GET /v2", 200, "{}");

        assertThat(scene.server().status()).isEqualTo(new Status.Available(List.of()));
        assertThat(scene.wire.routes()).containsExactly("GET /versions", "GET /v2");
    }

    @Test
    void tellsThatItIsNoIdentityServer() {
        scene.wire.instead("GET /versions", 404, Scene.error("M_UNRECOGNIZED"));

        assertThat(scene.server().status()).isEqualTo(new Failure.Refused(404, "M_UNRECOGNIZED", "no such endpoint"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "{\"versions\":\"v1.1\"}", "{\"versions\":[1]}", "{\"versions\":null}", "[]"})
    void doesNotBelieveAnythingElse(String answer) {
        scene.wire.instead("GET /versions", 200, answer);

        assertThat(scene.server().status()).isInstanceOf(Failure.Malformed.class);
    }
}
