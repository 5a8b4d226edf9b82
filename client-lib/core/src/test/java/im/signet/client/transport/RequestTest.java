package im.signet.client.transport;

import java.net.URI;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class RequestTest {
    private static final URI URL = URI.create("https://id.example.org/path?client_secret=s3cret");

    @Test
    void hidesItsSecrets() {
        Request request = Request.of(Method.POST, URL, Map.of("Authorization", "Bearer t0ken"), new byte[]{1, 2});

        assertThat(request).hasToString("Request[POST https://id.example.org/path?[hidden] [Authorization]]");
        assertThat(request.url()).isEqualTo(URL);
        assertThat(request.headers()).containsEntry("Authorization", "Bearer t0ken");
    }

    @Test
    void cannotBeChangedThroughWhatWasGiven() {
        byte[] body = {1, 2};
        Request request = Request.of(Method.POST, URL, Map.of(), body);
        body[0] = 9;
        request.body().orElseThrow()[1] = 9;

        assertThat(request.body().orElseThrow()).containsExactly(1, 2);
    }

    @Test
    void tellsNoBodyFromAnEmptyOne() {
        assertThat(Request.of(Method.POST, URL, Map.of()).body()).isEmpty();
        assertThat(Request.of(Method.POST, URL, Map.of(), new byte[0]).body()).isPresent();
    }

    @Test
    void anAnswerFindsItsHeadersInAnyCase() {
        Response response = Response.of(200, Map.of("RETRY-After", List.of("1", "2"), "x", List.of()), new byte[]{'{'});

        assertThat(response.header("retry-after")).contains("1");
        assertThat(response.header("x")).isEmpty();
        assertThat(response.header("y")).isEmpty();
        assertThat(response).hasToString("Response[200, 1 bytes]");
    }
}
