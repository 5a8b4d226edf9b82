package im.signet.client;

import im.signet.protocol.Parsed;
import im.signet.protocol.json.JsonObject;
import im.signet.protocol.json.StrictJson;

import java.net.URI;
import java.util.Optional;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class ServerChoiceTest {
    private static Optional<ServerChoice> stored(String json) {
        return ServerChoice.ofAccountData(StrictJson.parseObject(json).orElseThrow());
    }

    @Test
    void noServerIsAChoiceThatIsKept() {
        JsonObject content = ServerChoice.none().toAccountData();

        assertThat(StrictJson.write(content)).isEqualTo("{\"base_url\":null}");
        assertThat(ServerChoice.ofAccountData(content)).contains(ServerChoice.none());
    }

    @Test
    void aServerIsKept() {
        ServerChoice.Server server = ServerChoice.parse("https://id.example.org").orElseThrow();

        assertThat(StrictJson.write(server.toAccountData())).isEqualTo("{\"base_url\":\"https://id.example.org\"}");
        assertThat(ServerChoice.ofAccountData(server.toAccountData())).contains(server);
    }

    @ParameterizedTest
    @ValueSource(strings = {"id.example.org", " https://ID.example.org/ ", "HTTPS://id.example.org:443"})
    void readsAnAddressAsPeopleTypeIt(String typed) {
        assertThat(ServerChoice.parse(typed).orElseThrow().baseUrl()).isEqualTo(URI.create("https://id.example.org"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "http://id.example.org", "http://localhost", "ftp://id.example.org",
        "id example.org",
        "alice@example.org", "https://", "id.example.org?x", "\u0456d.example.org"})
    void refusesWhatIsNoHttpsAddress(String typed) {
        assertThat(ServerChoice.parse(typed)).isInstanceOf(Parsed.Refused.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "{\"base_url\":\"\"}", "{\"base_url\":7}", "{\"base_url\":false}",
        "{\"base_url\":{}}",
        "{\"base_url\":\"http://id.example.org\"}", "{\"base_url\":\"id.example.org\"}", "{\"url\":null}"})
    void whatCannotBeReadIsNeitherNoServerNorOne(String content) {
        assertThat(stored(content)).isEmpty();
    }
}
