package im.signet.identity.invitation;

import im.signet.protocol.identifier.Address;
import im.signet.protocol.identifier.Medium;
import im.signet.protocol.identifier.UserId;

import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class WebClientTest {

    private static final List<String> HOSTS = List.of("app.element.io", "chat.example.org");

    @ParameterizedTest
    @CsvSource({"https://app.element.io, https://app.element.io", "https://app.element.io/, https://app.element.io",
        "https://Chat.Example.org/web/, https://chat.example.org/web"})
    void takesTheClientsThatTheOperatorNames(String location, String base) {
        assertThat(WebClient.at(location, HOSTS)).contains(new WebClient(base));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "http://app.element.io", "https://evil.example", "https://app.element.io.evil.example",
        "https://app.element.io@evil.example/", "https://evil.example\\@app.element.io", "https://app.element.io:8443",
        "https://app.element.io/redirect?to=https://evil.example", "https://app.element.io/#/room/x",
        "https://app.element.io/a/../b", "https://app.element.io/%2e%2e/", "https://app.element.io//evil.example",
        "javascript:alert(1)//app.element.io", "//app.element.io", "https:app.element.io",
        "https://app.element.io/\"><b>",
        "https://user@app.element.io"})
    void takesNoOther(String location) {
        assertThat(WebClient.at(location, HOSTS)).isEmpty();
    }

    @Test
    void takesNoneByDefault() {
        assertThat(WebClient.at("https://app.element.io", List.of())).isEmpty();
    }

    @Test
    void linksAsSydentDoes() {
        NewInvitation invitation = new NewInvitation(UserId.of("@alice:example.org"), "Alice & co",
                Address.of(Medium.EMAIL, "bob+1@example.org"), "!garden:example.org", "Gardening",
                "mxc://example.org/a",
                "m.space", "");
        assertThat(new WebClient("https://app.element.io").link(invitation,
                "https://id.example.org/sign?token=a&private_key=b%2B"))
                .isEqualTo("https://app.element.io/#/room/%21garden%3Aexample.org?email=bob%2B1%40example.org"
                        + "&signurl=https%3A%2F%2Fid.example.org%2Fsign%3Ftoken%3Da%26private_key%3Db%252B"
                        + "&room_name=Gardening&room_avatar_url=mxc%3A%2F%2Fexample.org%2Fa"
                        + "&inviter_name=Alice%20%26%20co&guest_access_token=&guest_user_id=&room_type=m.space");
    }
}
