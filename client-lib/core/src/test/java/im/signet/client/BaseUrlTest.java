package im.signet.client;

import im.signet.protocol.Parsed;

import java.net.URI;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class BaseUrlTest {
    private static Parsed<IdentityServer> at(String url, ClientOptions options) {
        return IdentityServer.at(URI.create(url), new ScriptedTransport(), options);
    }

    @ParameterizedTest
    @CsvSource({"https://id.example.org, https://id.example.org",
        "https://ID.Example.org:443//, https://id.example.org",
        "HTTPS://id.example.org:8443/, https://id.example.org:8443",
        "https://example.org/identity/, https://example.org/identity", "https://[2001:db8::1]/, https://[2001:db8::1]"})
    void bringsAnAddressIntoOneForm(String given, String expected) {
        assertThat(at(given, ClientOptions.defaults()).orElseThrow().baseUrl()).isEqualTo(URI.create(expected));
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://id.example.org", "http://localhost:8090", "ftp://id.example.org", "id.example.org",
        "https:///path", "https://user:pw@id.example.org", "https://id.example.org?a=b", "https://id.example.org#a",
        "https://id.example.org/a/../b", "https://id.example.org/../b", "https://id.example.org/..",
        "https://id.example.org/a//b", "https://id.example.org:0",
        "https://id.example.org:70000", "mailto:a@example.org", "https://under_score.example.org"})
    void refusesWhatIsNoAddressOfAServer(String url) {
        assertThat(at(url, ClientOptions.defaults()).isOk()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://localhost:8090", "http://127.0.0.1:8090", "http://127.1.2.3", "http://[::1]:8090/"})
    void allowsHttpToThisMachineWhenToldSo(String url) {
        assertThat(at(url, ClientOptions.defaults().allowingLoopbackHttp()).isOk()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://id.example.org", "http://localhost.example.org", "http://127.0.0.1.example.org",
        "http://10.0.0.1", "http://[::2]"})
    void allowsHttpToNoOtherMachine(String url) {
        assertThat(at(url, ClientOptions.defaults().allowingLoopbackHttp()).isOk()).isFalse();
    }

    @Test
    void choosingAServerSendsNothing() {
        Scene scene = new Scene();
        scene.server();
        assertThat(scene.wire.routes()).isEmpty();
    }
}
