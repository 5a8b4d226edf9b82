package im.signet.client;

import im.signet.client.transport.Disclosure.Subject;
import im.signet.client.transport.Request;
import im.signet.client.transport.Response;
import im.signet.protocol.identifier.ServerName;

import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/** What a homeserver proposes is shown, and never used by itself. */
class ServerProposalTest {
    private static final ServerName HOMESERVER = ServerName.of("example.org");

    private final List<Request> requests = new ArrayList<>();
    private final Scene scene = new Scene();

    private ProposalReading read(ServerName homeserver, int status, String body) {
        return ServerProposal.of(homeserver, request -> {
            requests.add(request);
            return Response.of(status, Map.of(), body.getBytes(StandardCharsets.UTF_8));
        }, ClientOptions.defaults().withListener(scene));
    }

    private ProposalReading read(int status, String body) {
        return read(HOMESERVER, status, body);
    }

    private static String document(String identityServer) {
        return "{\"m.homeserver\":{\"base_url\":\"https://matrix.example.org\"},\"m.identity_server\":" + identityServer
                + "}";
    }

    private ServerProposal proposal(String url) {
        return ((ProposalReading.Proposed) read(200, document("{\"base_url\":\"" + url + "\"}"))).proposal();
    }

    @Test
    void isReadFromTheHomeserverAndSentNowhere() {
        ServerProposal proposal = proposal("https://ID.example.com/");

        assertThat(requests).extracting(Request::url)
                .containsExactly(URI.create("https://example.org/.well-known/matrix/client"));
        assertThat(requests.get(0).headers()).containsOnlyKeys("Accept");
        assertThat(proposal.homeserver()).isEqualTo(HOMESERVER);
        assertThat(proposal.inWords()).isEqualTo("Your homeserver example.org proposes the identity server"
                + " https://id.example.com. You can take it, choose another one, or use none.");
    }

    @Test
    void becomesAServerWhenTheUserTakesIt() {
        ServerChoice.Server choice = proposal("https://id.example.org").choose();

        assertThat(choice.baseUrl()).isEqualTo(Scene.SERVER);
        assertThat(IdentityServer.at(choice.baseUrl(), scene.wire).orElseThrow().status())
                .isInstanceOf(Status.Available.class);
    }

    @Test
    void hasNoAddressBefore() {
        assertThat(Arrays.stream(ServerProposal.class.getDeclaredMethods())
                .filter(method -> Modifier.isPublic(method.getModifiers()))
                .filter(method -> method.getReturnType() == URI.class)
                .map(Method::getName)).isEmpty();
    }

    @Test
    void isAskedForAtTheHostWhateverThePort() {
        read(ServerName.of("example.org:8448"), 404, "");
        read(ServerName.of("[::1]:8448"), 404, "");

        assertThat(requests).extracting(request -> request.url().getAuthority())
                .containsExactly("example.org", "[::1]");
    }

    @Test
    void theListenerSeesTheRequestAndCanVetoIt() {
        read(404, "");
        assertThat(scene.planned.get(0).disclosure().inWords()).isEqualTo("Asks example.org which identity server it"
                + " proposes. It sees your network address, not who you are.");
        assertThat(scene.planned.get(0).disclosure().subjects()).containsExactly(Subject.INTEREST);

        requests.clear();
        scene.vetoing("GET /.well-known/matrix/client");
        assertThat(read(200, document("{}"))).isInstanceOf(Failure.Vetoed.class);
        assertThat(requests).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"404 | {\"errcode\":\"M_NOT_FOUND\"}", "404 | <html>", "200 | {}",
        "200 | {\"m.homeserver\":{\"base_url\":\"https://matrix.example.org\"}}"})
    void aHomeserverMayProposeNone(int status, String body) {
        assertThat(read(status, body)).isEqualTo(new ProposalReading.Nothing());
    }

    @ParameterizedTest
    @ValueSource(strings = {"null", "7", "\"https://id.example.org\"", "{}", "{\"base_url\":null}", "{\"base_url\":7}",
        "{\"base_url\":\"\"}", "{\"base_url\":\"http://id.example.org\"}", "{\"base_url\":\"http://127.0.0.1\"}",
        "{\"base_url\":\"javascript:alert(1)\"}", "{\"base_url\":\"https://good@evil.example\"}",
        "{\"base_url\":\"https://id.example.org/?a\"}", "{\"base_url\":\"https://a/../b\"}",
        "{\"base_url\":\"https://id example.org\"}", "{\"base_url\":\"/id\"}"})
    void whatIsNoServerIsNotProposed(String identityServer) {
        assertThat(read(200, document(identityServer))).isInstanceOf(Failure.Malformed.class);
    }

    @ParameterizedTest
    @CsvSource({"301, Malformed", "500, Malformed", "503, Unreachable", "429, Limited"})
    void oddAnswersAreFailures(int status, String outcome) {
        assertThat(read(status, "").getClass().getSimpleName()).isEqualTo(outcome);
    }
}
