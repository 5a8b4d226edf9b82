package im.signet.client;

import im.signet.client.transport.Request;
import im.signet.client.transport.Response;
import im.signet.protocol.identifier.ServerName;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/** From the name of a homeserver to its address. */
class HomeserverSearchTest {
    private static final String DOCUMENT = "{\"m.homeserver\":{\"base_url\":\"https://matrix.example.org/\"}}";
    private static final String VERSIONS = "{\"versions\":[\"v1.18\"]}";

    private final List<Request> requests = new ArrayList<>();
    private final Scene scene = new Scene();

    private HomeserverReading find(ServerName name, int status, String document, int then, String versions) {
        return Homeserver.find(name, request -> {
            requests.add(request);
            boolean isFirst = requests.size() == 1;
            return Response.of(isFirst ? status : then, Map.of(),
                    (isFirst ? document : versions).getBytes(StandardCharsets.UTF_8));
        }, ClientOptions.defaults().withListener(scene));
    }

    private HomeserverReading find(int status, String document, int then, String versions) {
        return find(ServerName.of("example.org"), status, document, then, versions);
    }

    @Test
    void findsWhatTheHostNames() {
        assertThat(find(200, DOCUMENT, 200, VERSIONS)).isEqualTo(new HomeserverReading.Found(Scene.HOMESERVER));

        assertThat(requests).extracting(Request::url)
                .containsExactly(URI.create("https://example.org/.well-known/matrix/client"),
                        URI.create("https://matrix.example.org/_matrix/client/versions"));
        assertThat(requests).allSatisfy(request -> assertThat(request.headers()).containsOnlyKeys("Accept"));
    }

    @Test
    void saysWhatItAsks() {
        find(200, DOCUMENT, 200, VERSIONS);
        assertThat(scene.planned).extracting(planned -> planned.disclosure().inWords())
                .containsExactly(
                        "Asks example.org where the homeserver example.org is. It sees your network address, not"
                                + " who you are.",
                        "Asks whether there is a homeserver at https://matrix.example.org. It sees your network address, not"
                                + " who you are.");
    }

    @Test
    void asksTheHostWhateverThePort() {
        find(ServerName.of("[::1]:8448"), 404, "", 200, VERSIONS);
        assertThat(requests.get(0).url().getAuthority()).isEqualTo("[::1]");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"errcode\":\"M_NOT_FOUND\"}", "<html>", ""})
    void aHostMayNotSay(String body) {
        assertThat(find(404, body, 200, VERSIONS)).isEqualTo(new HomeserverReading.Nothing());
        assertThat(requests).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "{\"m.homeserver\":null}", "{\"m.homeserver\":{}}",
        "{\"m.homeserver\":{\"base_url\":7}}", "{\"m.homeserver\":\"https://matrix.example.org\"}",
        "{\"m.homeserver\":{\"base_url\":\"http://matrix.example.org\"}}",
        "{\"m.homeserver\":{\"base_url\":\"http://127.0.0.1\"}}", "{\"m.homeserver\":{\"base_url\":\"\"}}",
        "{\"m.homeserver\":{\"base_url\":\"https://good@evil.example\"}}",
        "{\"m.homeserver\":{\"base_url\":\"https://a b\"}}", "<html>", "[]"})
    void whatIsNoAddressIsNotAsked(String document) {
        assertThat(find(200, document, 200, VERSIONS)).isInstanceOf(Failure.Malformed.class);
        assertThat(requests).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"200 | {} | Malformed", "200 | {\"versions\":\"v1.1\"} | Malformed",
        "200 | <html> | Malformed", "404 | {\"errcode\":\"M_UNRECOGNIZED\"} | Refused", "302 | x | Malformed",
        "502 | x | Unreachable", "429 | {} | Limited"})
    void whatDoesNotAnswerLikeAHomeserverIsNone(int status, String versions, String outcome) {
        assertThat(find(200, DOCUMENT, status, versions).getClass().getSimpleName()).isEqualTo(outcome);
    }

    @ParameterizedTest
    @CsvSource({"301, Malformed", "500, Malformed", "503, Unreachable", "429, Limited"})
    void oddAnswersOfTheHostAreFailures(int status, String outcome) {
        assertThat(find(status, "", 200, VERSIONS).getClass().getSimpleName()).isEqualTo(outcome);
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET /.well-known/matrix/client", "GET /_matrix/client/versions"})
    void theListenerCanVetoBoth(String route) {
        scene.vetoing(route);
        assertThat(find(200, DOCUMENT, 200, VERSIONS)).isInstanceOf(Failure.Vetoed.class);
    }
}
