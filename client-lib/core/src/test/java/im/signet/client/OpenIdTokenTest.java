package im.signet.client;

import im.signet.protocol.identifier.ServerName;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class OpenIdTokenTest {
    @Test
    void readsWhatAHomeserverAnswers() {
        OpenIdToken token = Scene.openId();

        assertThat(token.homeserver()).isEqualTo(ServerName.of("example.org"));
        assertThat(token.toString()).contains("example.org").doesNotContain("open-id-secret");
    }

    @ParameterizedTest
    @ValueSource(strings = {"<html>", "[]", "{}",
        "{\"access_token\":\"a\",\"token_type\":\"Bearer\",\"matrix_server_name\":\"a/b\",\"expires_in\":1}",
        "{\"access_token\":\"a\",\"token_type\":\"Bearer\",\"matrix_server_name\":\"a.org\",\"expires_in\":\"1\"}",
        "{\"access_token\":1,\"token_type\":\"Bearer\",\"matrix_server_name\":\"a.org\",\"expires_in\":1}"})
    void refusesAnythingElse(String answer) {
        assertThat(OpenIdToken.parse(answer).isOk()).isFalse();
    }
}
