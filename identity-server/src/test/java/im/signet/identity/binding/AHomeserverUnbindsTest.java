package im.signet.identity.binding;

import im.signet.demo.DemoHomeserver;
import im.signet.protocol.identifier.UserId;
import im.signet.protocol.json.JsonObject;
import im.signet.protocol.json.StrictJson;

import java.time.Duration;
import java.util.List;
import java.util.Locale;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/** A homeserver has its user's address unbound, in the name of its user, by an X-Matrix signature. */
class AHomeserverUnbindsTest extends UnbindScene {

    private final String address = newAddress();
    private final UserId user = newUser(HOME);

    @BeforeEach
    void isBound() {
        proveAndBind(user, address);
        assertThat(rowsOf(user)).containsExactly(1L, 1L);
    }

    private Answer unbind(DemoHomeserver homeserver, String destination, JsonObject body) {
        return unbind(body, homeserver.xMatrix("POST", UNBIND, destination, body));
    }

    private void isUnbound(Answer answer) {
        assertThat(answer.summary()).isEqualTo("200 {}");
        assertThat(lookup(address)).isEmpty();
        assertThat(rowsOf(user)).containsExactly(0L, 0L);
    }

    private void isRefused(Answer answer, String summary) {
        assertThat(answer.summary()).isEqualTo(summary);
        assertThat(answer.json().string("error")).isPresent();
        assertThat(lookup(address)).isEqualTo(user.value());
        assertThat(rowsOf(user)).containsExactly(1L, 1L);
    }

    @ParameterizedTest
    @ValueSource(strings = {"id.example.org", "www.example.org/id", "id.example.com:8448/path", "id.example.net",
        "ID.example.ORG"})
    void underEachOfOurNames(String name) {
        isUnbound(unbind(HOME, name, body(user, address)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"id.example.org", "www.example.org/id", "id.example.com:8448/path", "id.example.net"})
    void asSynapseSigns(String name) {
        JsonObject body = body(user, address);
        isUnbound(unbind(body, HOME.xMatrixOfSynapse("POST", UNBIND, name, body)));
    }

    @Test
    void withoutADestinationInTheHeader() {
        JsonObject body = body(user, address);
        isUnbound(unbind(body, HOME.xMatrix("POST", UNBIND, NAME, body).replaceFirst("destination=\"[^\"]*\",", "")));
    }

    @Test
    void withOneValidHeaderOfSeveral() {
        JsonObject body = body(user, address);
        isUnbound(unbind(body, "X-Matrix nonsense", FOREIGN.xMatrix("POST", UNBIND, NAME, body),
                HOME.xMatrix("POST", UNBIND, NAME, body)));
    }

    @Test
    void whateverTheSpellingOfTheAddress() {
        isUnbound(unbind(HOME, NAME, body(user, address.toUpperCase(Locale.ROOT))));
    }

    @Test
    void withMembersThatWeDoNotKnow() {
        isUnbound(unbind(HOME, NAME, body(user, address).with("org.example.more", "text")));
    }

    @Test
    void withItsQuery() {
        JsonObject body = body(user, address);
        String uri = UNBIND + "?a=%2F&b=c+d";
        isRefused(send(uri, text(body), HOME.xMatrix("POST", UNBIND, NAME, body)), "403 M_FORBIDDEN");
        isUnbound(send(uri, text(body), HOME.xMatrix("POST", uri, NAME, body)));
    }

    @Test
    void withAKeyThatItMadeSince() {
        HOME.rotateKey();
        // It was asked for its keys less than a minute ago, perhaps.
        CLOCK.move(Duration.ofMinutes(1));
        isUnbound(unbind(HOME, NAME, body(user, address)));
    }

    @Test
    void twiceIsTheSame() {
        isUnbound(unbind(HOME, NAME, body(user, address)));
        isUnbound(unbind(HOME, NAME, body(user, address)));
    }

    @Test
    void andTheUserMayBindAgain() {
        UserId other = newUser(HOME);
        String second = newAddress();
        Session session = proveAndBind(other, second);
        assertThat(unbind(HOME, NAME, body(other, second)).summary()).isEqualTo("200 {}");
        assertThat(bind(other, session).status()).isEqualTo(200);
        assertThat(lookup(second)).isEqualTo(other.value());
    }

    @Test
    void tellsNothingOfWhatIsNotBound() {
        UserId other = newUser(HOME);
        assertThat(unbind(HOME, NAME, body(other, newAddress())).summary()).isEqualTo("200 {}");
        assertThat(unbind(HOME, NAME, body(other, address)).summary()).isEqualTo("200 {}");
        assertThat(rowsOf(user)).containsExactly(1L, 1L);
        assertThat(lookup(address)).isEqualTo(user.value());
    }

    @Test
    void refusesAnotherUsersHomeserver() {
        isRefused(unbind(FOREIGN, NAME, body(user, address)), "403 M_FORBIDDEN");
    }

    @Test
    void refusesAHomeserverThatCallsItselfAnother() {
        JsonObject body = body(user, address);
        isRefused(unbind(body, FOREIGN.xMatrix("POST", UNBIND, NAME, body)
                .replace(FOREIGN.serverName().value(), HOME.serverName().value())), "403 M_FORBIDDEN");
    }

    @Test
    void refusesARequestForAnotherServer() {
        JsonObject body = body(user, address);
        isRefused(unbind(HOME, "id.elsewhere.example", body), "401 M_UNAUTHORIZED");
        isRefused(unbind(body, HOME.xMatrixOfSynapse("POST", UNBIND, "id.example.org/path", body)),
                "401 M_UNAUTHORIZED");
        isRefused(unbind(body, HOME.xMatrix("POST", UNBIND, "id.elsewhere.example", body)
                .replace("id.elsewhere.example", NAME)), "403 M_FORBIDDEN");
    }

    @Test
    void refusesASignatureThatWasForSomethingElse() {
        UserId neighbour = newUser(HOME);
        String another = newAddress();
        String forNeighbour = HOME.xMatrix("POST", UNBIND, NAME, body(neighbour, address));
        String forAnother = HOME.xMatrixOfSynapse("POST", UNBIND, NAME, body(user, another));
        String byPut = HOME.xMatrix("PUT", UNBIND, NAME, body(user, address));
        String elsewhere = HOME.xMatrix("POST", "/_matrix/identity/v2/3pid/bind", NAME, body(user, address));
        for (String header : List.of(forNeighbour, forAnother, byPut, elsewhere)) {
            isRefused(unbind(body(user, address), header), "403 M_FORBIDDEN");
        }
    }

    @Test
    void refusesAChangedSignature() {
        JsonObject body = body(user, address);
        String header = HOME.xMatrix("POST", UNBIND, NAME, body);
        isRefused(unbind(body, header.replaceFirst("sig=\"..", "sig=\"AA")), "403 M_FORBIDDEN");
        isRefused(unbind(body, header.replaceFirst("key=\"ed25519:[^\"]*", "key=\"ed25519:another")),
                "403 M_FORBIDDEN");
    }

    @ParameterizedTest
    @ValueSource(strings = {"X-Matrix", "X-Matrix origin=\"a\"", "x-matrix nonsense", "X-Matrix origin=,key=,sig="})
    void refusesAHeaderThatCannotBeRead(String header) {
        isRefused(unbind(body(user, address), header), "403 M_FORBIDDEN");
    }

    @Test
    void refusesABearerTokenAlone() {
        isRefused(unbind(body(user, address), bearer(user)), "403 M_FORBIDDEN");
    }

    // A session does not make up for a signature that does not hold.
    @Test
    void refusesAWrongSignatureBesideASession() {
        Session session = prove(user, address);
        JsonObject body = body(user, address).with("sid", session.sid()).with("client_secret", session.secret());
        isRefused(unbind(body, FOREIGN.xMatrix("POST", UNBIND, NAME, body)), "403 M_FORBIDDEN");
    }

    @Test
    void refusesARetiredKey() {
        JsonObject body = body(user, address);
        String before = HOME.xMatrix("POST", UNBIND, NAME, body);
        HOME.rotateKey();
        // What was read of the keys before has run out.
        CLOCK.move(Duration.ofDays(1));
        isRefused(unbind(body, before), "403 M_FORBIDDEN");
    }

    @Test
    void cannotTellWithoutTheHomeserversKeys() {
        CLOCK.move(Duration.ofDays(8));
        HOME.answer("/_matrix/key/v2/server", 500, "{}");
        JsonObject body = body(user, address);
        isRefused(unbind(HOME, NAME, body), "502 M_UNKNOWN");
        HOME.behave();
        CLOCK.move(Duration.ofMinutes(1));
        isUnbound(unbind(HOME, NAME, body));
    }

    @Test
    void asksNobodyForAUserOfAnotherServer() {
        int before = FOREIGN.requests().size();
        unbind(FOREIGN, NAME, body(user, address));
        assertThat(FOREIGN.requests()).hasSize(before);
    }

    @Test
    void connectsToNoForbiddenAddress() {
        UserId inside = UserId.of("@a:10.0.0.1:8448");
        String header = HOME.xMatrix("POST", UNBIND, NAME, body(inside, address))
                .replace(HOME.serverName().value(), "10.0.0.1:8448");
        assertThat(unbind(body(inside, address), header).summary()).isEqualTo("502 M_UNKNOWN");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}|M_MISSING_PARAMS", "{\"mxid\":\"@a:b\"}|M_MISSING_PARAMS",
        "{\"mxid\":\"@a:b\",\"threepid\":{}}|M_MISSING_PARAMS",
        "{\"mxid\":\"@a:b\",\"threepid\":{\"medium\":\"email\"}}|M_MISSING_PARAMS",
        "{\"mxid\":\"@a:b\",\"threepid\":[]}|M_INVALID_PARAM", "{\"mxid\":\"@a:b\",\"threepid\":\"a\"}|M_INVALID_PARAM",
        "{\"mxid\":\"a\",\"threepid\":{\"medium\":\"email\",\"address\":\"a@b\"}}|M_INVALID_PARAM",
        "{\"mxid\":1,\"threepid\":{\"medium\":\"email\",\"address\":\"a@b\"}}|M_INVALID_PARAM",
        "{\"mxid\":\"@a:b\",\"threepid\":{\"medium\":\"fax\",\"address\":\"a@b\"}}|M_INVALID_PARAM",
        "{\"mxid\":\"@a:b\",\"threepid\":{\"medium\":\"email\",\"address\":\"a\"}}|M_INVALID_EMAIL",
        "{\"mxid\":\"@a:b\",\"threepid\":{\"medium\":\"email\",\"address\":1}}|M_INVALID_PARAM",
        "{\"mxid\":\"@a:b\",\"threepid\":{\"medium\":\"msisdn\",\"address\":\"+44\"}}|M_INVALID_ADDRESS",
        "[]|M_BAD_JSON",
        "|M_NOT_JSON", "{\"mxid\":\"@a:b\",\"mxid\":\"@a:b\"}|M_NOT_JSON"})
    void saysWhatIsWrongWithABody(String bodyAndErrcode) {
        String[] parts = bodyAndErrcode.split("\\|", 2);
        Answer answer = send(UNBIND, parts[0], HOME.xMatrix("POST", UNBIND, NAME, JsonObject.of()));
        assertThat(answer.summary()).isEqualTo("400 " + parts[1]);
    }

    private static String text(JsonObject body) {
        return StrictJson.write(body);
    }
}
