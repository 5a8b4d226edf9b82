package im.signet.identity.version;

import im.signet.identity.Answer;
import im.signet.identity.IdentityScene;
import im.signet.protocol.json.JsonArray;
import im.signet.protocol.json.JsonString;

import java.net.http.HttpRequest;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** That an identity server is here, and which one. */
class VersionTest extends IdentityScene {

    @Test
    void answersThePing() {
        assertThat(get(V2, null).body()).isEqualTo("{}");
        assertThat(get(V2, null).header("Content-Type")).isEqualTo("application/json");
    }

    @Test
    void namesVersionsOfTheSpecification() {
        JsonArray versions = get("/_matrix/identity/versions", null).json().array("versions").orElseThrow();
        assertThat(versions.items()).isNotEmpty()
                .allSatisfy(version -> assertThat(((JsonString) version).value()).matches("v1\\.[0-9]+"));
    }

    @Test
    void letsWebPagesOfAllOriginsAsk() {
        Answer answer = send(request(LOOKUP, null).method("OPTIONS", HttpRequest.BodyPublishers.noBody())
                .header("Access-Control-Request-Method", "POST")
                .build());
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.header("Access-Control-Allow-Origin")).isEqualTo("*");
        assertThat(answer.header("Access-Control-Allow-Headers")).contains("Authorization").contains("Content-Type");
    }
}
