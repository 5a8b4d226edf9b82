package im.signet.identity;

import im.signet.protocol.identifier.Address;
import im.signet.protocol.identifier.Medium;

import java.net.http.HttpRequest;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/** A client of an early draft proves and publishes an address with nothing but form bodies. */
class FormBodiesTest extends IdentityScene {

    private Answer postForm(String target, Person who, Map<String, String> fields) {
        return send(request(target, who).header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString(query(fields)))
                .build());
    }

    @Test
    void provesAndBindsAnAddress() {
        String address = "stra\u00dfe+tag." + freshAddress();
        String secret = freshSecret();
        Answer begun = postForm(REQUEST_TOKEN, Person.ALICE,
                Map.of("client_secret", secret, "email", address, "send_attempt", "1"));
        assertThat(begun.outcome()).isEqualTo("200");
        String folded = Address.of(Medium.EMAIL, address).value();
        Map<String, String> session = Map.of("sid", begun.string("sid"), "client_secret", secret);
        assertThat(postForm(SUBMIT_TOKEN, Person.ALICE, with(session, "token", "wrong")).outcome())
                .isEqualTo("400 M_TOKEN_INCORRECT");
        String token = Objects.requireNonNull(linkParams(mailTo(folded)).get("token"));
        assertThat(postForm(SUBMIT_TOKEN, Person.ALICE, with(session, "token", token)).outcome()).isEqualTo("200");
        assertThat(postForm(BIND, Person.BOB, with(session, "mxid", Person.BOB.user().value())).outcome())
                .isEqualTo("404 M_NO_VALID_SESSION");
        assertThat(postForm(BIND, Person.ALICE, with(session, "mxid", Person.ALICE.user().value())).string("address"))
                .isEqualTo(folded);
        assertThat(found(folded)).isEqualTo(Person.ALICE.user().value());
    }

    @ParameterizedTest
    @ValueSource(strings = {"/lookup", "/store-invite", "/sign-ed25519"})
    void areReadWhereTheTextAllowsThemOnly(String endpoint) {
        assertThat(postForm(V2 + endpoint, Person.ALICE, Map.of("algorithm", "sha256")).outcome())
                .isEqualTo("400 M_NOT_JSON");
    }

    @Test
    void aTokenInTheFormIsNone() {
        assertThat(send(request(REQUEST_TOKEN, null).header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString("access_token=" + Person.ALICE.token()))
                .build()).outcome()).isEqualTo("401 M_UNAUTHORIZED");
    }

    private static Map<String, String> with(Map<String, String> fields, String name, String value) {
        Map<String, String> more = new LinkedHashMap<>(fields);
        more.put(name, value);
        return more;
    }
}
