package im.signet.kit.web;

import java.io.IOException;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;

import static org.assertj.core.api.Assertions.assertThat;

/** First the token, then the terms, then the parameters. */
@SpringBootTest(classes = TinyService.class, webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
class BearerTokensTest {

    @LocalServerPort
    private int port;

    private Wire.Answer send(String method, String target, String authorization, String body) throws IOException {
        return Wire.send(port, method, target,
                authorization.isEmpty() ? Map.of() : Map.of("Authorization", authorization), body);
    }

    private void isUnauthorized(Wire.Answer answer) {
        assertThat(answer.status()).isEqualTo(401);
        assertThat(answer.errcode()).isEqualTo("M_UNAUTHORIZED");
        assertThat(answer.headers()).containsEntry("access-control-allow-origin", "*");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Bearer", "Bearer ", "Bearer wrong", "Bearer a b", "Basic YTpi",
        "token-of-one-who-signed",
        "Bearer token-of-one-who-signed,x", "Bearer \u00e4", "X-Matrix origin=a"})
    void wantsATokenThatIsKnown(String authorization) throws IOException {
        isUnauthorized(send("POST", "/secured", authorization, "{\"text\":\"a\"}"));
    }

    @Test
    void asksForTheTokenBeforeItLooksAtParameters() throws IOException {
        isUnauthorized(send("POST", "/secured", "", "not json"));
    }

    @Test
    void asksForTermsBeforeItLooksAtParameters() throws IOException {
        Wire.Answer answer = send("POST", "/secured", "Bearer " + TinyService.UNSIGNED, "not json");
        assertThat(answer.status()).isEqualTo(403);
        assertThat(answer.errcode()).isEqualTo("M_TERMS_NOT_SIGNED");
    }

    @Test
    void servesWhoSigned() throws IOException {
        Wire.Answer answer = send("POST", "/secured", "Bearer " + TinyService.SIGNED, "{\"text\":\"a\"}");
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.json().string("user")).contains("@alice:example.org");
        assertThat(send("POST", "/secured", "bearer " + TinyService.SIGNED, "{\"text\":\"a\"}").status())
                .isEqualTo(200);
    }

    @Test
    void letsWhoDidNotSignLeave() throws IOException {
        assertThat(send("POST", "/leave", "Bearer " + TinyService.UNSIGNED, "").status()).isEqualTo(200);
        isUnauthorized(send("POST", "/leave", "", ""));
    }

    @Test
    void asksForTheTermsOfTheServiceThatIsCalled() throws IOException {
        String carol = "Bearer " + TinyService.NAMES_ONLY_UNSIGNED;
        assertThat(send("POST", "/secured", carol, "{\"text\":\"a\"}").status()).isEqualTo(200);
        assertThat(send("POST", "/names", carol, "").errcode()).isEqualTo("M_TERMS_NOT_SIGNED");
        assertThat(send("POST", "/names", "Bearer " + TinyService.SIGNED, "").status()).isEqualTo(200);
    }

    // Neither in, nor told that the token is bad: a client would throw it away.
    @Test
    void saysSoWhenNobodyCanBeAsked() throws IOException {
        for (String path : new String[]{"/secured", "/names", "/leave"}) {
            Wire.Answer answer = send("POST", path, "Bearer " + TinyService.UNASKABLE, "{\"text\":\"a\"}");
            assertThat(answer.status()).as(path).isEqualTo(503);
            assertThat(answer.errcode()).isEqualTo("M_UNKNOWN");
            assertThat(answer.headers()).containsEntry("access-control-allow-origin", "*")
                    .containsKey("retry-after")
                    .doesNotContainKey("www-authenticate");
        }
        assertThat(send("GET", "/open", "Bearer " + TinyService.UNASKABLE, "").status()).isEqualTo(200);
    }

    @Test
    void looksAtNoTokenWhereNoneIsNeeded() throws IOException {
        assertThat(send("GET", "/open", "Bearer wrong", "").status()).isEqualTo(200);
        assertThat(send("GET", "/open", "Bearer a b", "").status()).isEqualTo(200);
    }

    // Synapse sends the token of GET /hash_details in the query, and only there.
    @Test
    void takesTheQueryTokenOnlyWhereItIsAllowed() throws IOException {
        assertThat(send("GET", "/query?access_token=" + TinyService.SIGNED, "", "").status()).isEqualTo(200);
        assertThat(send("GET", "/query", "Bearer " + TinyService.SIGNED, "").status()).isEqualTo(200);
        isUnauthorized(send("GET", "/query?access_token=wrong", "", ""));
        isUnauthorized(send("GET", "/query", "", ""));
        isUnauthorized(send("POST", "/secured?access_token=" + TinyService.SIGNED, "", "{\"text\":\"a\"}"));
        isUnauthorized(send("POST", "/leave?access_token=" + TinyService.SIGNED, "", ""));
    }

    @Test
    void refusesTwoTokensAtOnce() throws IOException {
        isUnauthorized(send("GET", "/query?access_token=" + TinyService.SIGNED, "Bearer " + TinyService.UNSIGNED, ""));
        isUnauthorized(send("GET", "/query?access_token=" + TinyService.SIGNED + "&access_token=x", "", ""));
    }

    @Test
    void neverTakesATokenFromAForm() throws IOException {
        isUnauthorized(Wire.send(port, "POST", "/leave", Map.of("Content-Type", "application/x-www-form-urlencoded"),
                "access_token=" + TinyService.SIGNED));
    }

    @Test
    void servesNobodyWhatDeclaresNoCallers() throws IOException {
        for (String authorization : new String[]{"", "Bearer " + TinyService.SIGNED}) {
            Wire.Answer answer = send("GET", "/undeclared", authorization, "");
            assertThat(answer.status()).isEqualTo(404);
            assertThat(answer.body()).doesNotContain("nobody may see");
        }
    }

    @Test
    void tellsAnUnknownPathFromAForbiddenOneWithoutAToken() throws IOException {
        assertThat(send("GET", "/nope", "Bearer wrong", "").status()).isEqualTo(404);
        assertThat(send("GET", "/secured", "", "").status()).isEqualTo(405);
    }
}
