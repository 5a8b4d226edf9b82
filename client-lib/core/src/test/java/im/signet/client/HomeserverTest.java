package im.signet.client;

import im.signet.client.transport.Disclosure.Subject;
import im.signet.client.transport.Method;
import im.signet.client.transport.PlannedRequest;
import im.signet.client.transport.Request;
import im.signet.client.transport.Response;
import im.signet.protocol.identifier.UserId;
import im.signet.protocol.json.JsonObject;
import im.signet.protocol.json.StrictJson;

import java.net.ConnectException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class HomeserverTest {
    private static final String WHO_AM_I = "GET /_matrix/client/v3/account/whoami";
    private static final String OPEN_ID = "POST /_matrix/client/v3/user/@alice:example.org/openid/request_token";
    private static final String ACCOUNT_DATA = " /_matrix/client/v3/user/@alice:example.org/account_data/m.accepted_terms";
    private static final String READ_TERMS = "GET" + ACCOUNT_DATA;
    private static final String WRITE_TERMS = "PUT" + ACCOUNT_DATA;
    private static final String UNBIND = "POST /_matrix/client/v3/account/3pid/unbind";
    private static final String PRIVACY_EN = "https://id.example.org/privacy-1.2-en.html";
    private static final String TERMS_EN = "https://id.example.org/terms-5-en.html";

    private final Scene scene = new Scene();
    private final Homeserver homeserver = scene.homeserver();
    private final Consent<Purpose.PublishAddress> consent = consent();

    private Consent<Purpose.PublishAddress> consent() {
        Consent<Purpose.PublishAddress> given = scene.consentToPublish();
        scene.forget();
        return given;
    }

    /** A thing to ask of a homeserver, and the route by which it is asked. */
    record Asked(String route, Function<HomeserverTest, Object> ask) {
        @Override
        public String toString() {
            return route;
        }
    }

    private static List<Asked> everything() {
        return List.of(new Asked(WHO_AM_I, test -> test.homeserver.whoAmI()),
                new Asked(OPEN_ID, test -> test.homeserver.openId()),
                new Asked(READ_TERMS, test -> test.homeserver.acceptedTerms()),
                new Asked(READ_TERMS, test -> test.homeserver.keepAccepted(test.consent)),
                new Asked(WRITE_TERMS, test -> {
                    test.scene.wire.instead(READ_TERMS, 200, "{}");
                    return test.homeserver.keepAccepted(test.consent);
                }),
                new Asked(UNBIND, test -> test.homeserver.unbind(test.consent, Scene.ALICES_MAIL)));
    }

    private Object after(Asked asked, int status, String body) {
        scene.wire.instead(asked.route(), status, body);
        return asked.ask().apply(this);
    }

    @Test
    void isMadeWithoutARequest() {
        assertThat(homeserver.baseUrl()).isEqualTo(Scene.HOMESERVER);
        assertThat(homeserver.userId()).isEqualTo(Scene.ALICE);
        assertThat(homeserver).hasToString("Homeserver[@alice:example.org at https://matrix.example.org]");
        assertThat(scene.wire.routes()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://matrix.example.org", "http://localhost:8008", "https://a:b@matrix.example.org",
        "https://matrix.example.org?a", "ftp://matrix.example.org"})
    void isReachedByHttpsOnly(String url) {
        AccessToken token = AccessToken.parse(Scene.ACCOUNT_TOKEN).orElseThrow();
        assertThat(Homeserver.at(URI.create(url), Scene.ALICE, token, scene.wire).isOk()).isFalse();
    }

    @Test
    void mayBeThisMachineWhenToldSo() {
        AccessToken token = AccessToken.parse(Scene.ACCOUNT_TOKEN).orElseThrow();
        assertThat(Homeserver.at(URI.create("http://localhost:8008"), Scene.ALICE, token, scene.wire,
                ClientOptions.defaults().allowingLoopbackHttp()).isOk()).isTrue();
    }

    @Test
    void tellsWhoseTokenItIs() {
        scene.wire.on(WHO_AM_I, 200, "{\"user_id\":\"@alice:example.org\",\"device_id\":\"ABC\",\"is_guest\":false}")
                .on(WHO_AM_I, 200, "{\"user_id\":\"@bob:example.org\"}");

        assertThat(homeserver.whoAmI()).isEqualTo(new WhoAmI.Self());
        assertThat(homeserver.whoAmI()).isEqualTo(new WhoAmI.SomebodyElse(UserId.of("@bob:example.org")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "{\"user_id\":7}", "{\"user_id\":null}", "{\"user_id\":\"alice\"}",
        "{\"user_id\":\"@alice\"}", "{\"user_id\":\"@alice:example.org \"}", "[]", "", "<html>"})
    void takesNothingElseForAUser(String answer) {
        scene.wire.on(WHO_AM_I, 200, answer);
        assertThat(homeserver.whoAmI()).isInstanceOf(Failure.Malformed.class);
    }

    @Test
    void showsTheTokenInTheHeaderOnly() {
        scene.wire.on(WHO_AM_I, 200, "{\"user_id\":\"@alice:example.org\"}");
        homeserver.whoAmI();

        Request sent = scene.wire.only(WHO_AM_I);
        assertThat(sent.headers()).containsEntry("Authorization", "Bearer " + Scene.ACCOUNT_TOKEN)
                .containsOnlyKeys("Accept", "Authorization");
        assertThat(sent.url()).hasToString("https://matrix.example.org/_matrix/client/v3/account/whoami");
        assertThat(sent.toString() + scene.planned + homeserver).doesNotContain(Scene.ACCOUNT_TOKEN);
    }

    @Test
    void vouchesForTheUser() {
        scene.wire.on(OPEN_ID, 200, Scene.OPEN_ID);
        OpenIdToken token = ((OpenIdReading.Read) homeserver.openId()).token();

        assertThat(token.homeserver()).isEqualTo(Scene.ALICE.serverName());
        assertThat(token.object()).isEqualTo(StrictJson.parseObject(Scene.OPEN_ID).orElseThrow());
        assertThat(scene.wire.bodies(OPEN_ID)).containsExactly(JsonObject.of());
        assertThat(scene.wire.only(OPEN_ID).url().getRawPath())
                .isEqualTo("/_matrix/client/v3/user/%40alice%3Aexample.org/openid/request_token");
    }

    @Test
    void writesAUserIdSoThatItStaysOneStepOfThePath() {
        UserId odd = UserId.of("@a/../b=?#+:example.org");
        scene.homeserver(odd).openId();

        assertThat(scene.planned.get(0).url()).hasToString("https://matrix.example.org/_matrix/client/v3/user/"
                + "%40a%2F..%2Fb%3D%3F%23%2B%3Aexample.org/openid/request_token");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "[]", "null", "<html>",
        "{\"access_token\":\"t\",\"token_type\":\"Bearer\",\"matrix_server_name\":\"evil.example\",\"expires_in\":3600}",
        "{\"access_token\":\"t\",\"token_type\":\"Bearer\",\"matrix_server_name\":\"example.org:8448\",\"expires_in\":1}",
        "{\"access_token\":\"t\",\"token_type\":\"Bearer\",\"matrix_server_name\":\"example.org\"}",
        "{\"access_token\":7,\"token_type\":\"Bearer\",\"matrix_server_name\":\"example.org\",\"expires_in\":3600}",
        "{\"access_token\":\"t\",\"token_type\":\"Bearer\",\"matrix_server_name\":\"example.org/x\",\"expires_in\":1}"})
    void takesNoOpenIdTokenButOneOfTheUsersServer(String answer) {
        scene.wire.on(OPEN_ID, 200, answer);
        assertThat(homeserver.openId()).isInstanceOf(Failure.Malformed.class);
    }

    static Stream<Arguments> oddAnswers() {
        return everything().stream()
                .flatMap(asked -> Stream.of(
                        Arguments.of(asked, 301, "", "Malformed"),
                        Arguments.of(asked, 200, "<html><body>Log in to this network</body></html>", "Malformed"),
                        Arguments.of(asked, 200, "[{}]", "Malformed"),
                        Arguments.of(asked, 200, "{\"a\":1,\"a\":2}", "Malformed"),
                        Arguments.of(asked, 204, "", "Malformed"),
                        Arguments.of(asked, 401, "<html>", "Malformed"),
                        Arguments.of(asked, 401, "{\"flows\":[],\"session\":\"x\"}", "Malformed"),
                        Arguments.of(asked, 401, Scene.error("M_UNKNOWN_TOKEN"), "HomeserverSignedOut"),
                        Arguments.of(asked, 401, Scene.error("M_MISSING_TOKEN"), "HomeserverSignedOut"),
                        Arguments.of(asked, 401, Scene.error("M_UNAUTHORIZED"), "Refused"),
                        Arguments.of(asked, 401, Scene.error("M_USER_LOCKED"), "Refused"),
                        Arguments.of(asked, 403, Scene.error("M_FORBIDDEN"), "Refused"),
                        Arguments.of(asked, 403, Scene.error("M_UNKNOWN_TOKEN"), "Refused"),
                        Arguments.of(asked, 403, "<html>", "Malformed"),
                        Arguments.of(asked, 404, Scene.error("M_UNRECOGNIZED"), "Refused"),
                        Arguments.of(asked, 404, "<html>", "Malformed"),
                        Arguments.of(asked, 413, "<html>", "Refused"),
                        Arguments.of(asked, 429, "{\"errcode\":\"M_LIMIT_EXCEEDED\",\"retry_after_ms\":700}",
                                "Limited"),
                        Arguments.of(asked, 500, Scene.error("M_UNKNOWN"), "Refused"),
                        Arguments.of(asked, 502, "<html>", "Unreachable"),
                        Arguments.of(asked, 504, "", "Unreachable"),
                        Arguments.of(asked, 799, "{}", "Malformed")));
    }

    @ParameterizedTest
    @MethodSource("oddAnswers")
    void anOddAnswerIsAFailure(Asked asked, int status, String body, String outcome) {
        Object after = after(asked, status, body);
        assertThat(after).isInstanceOf(Failure.class);
        assertThat(after.getClass().getSimpleName()).isEqualTo(outcome);
        assertThat(scene.wire.all(asked.route())).hasSize(1);
    }

    @ParameterizedTest
    @MethodSource("everything")
    void aHomeserverThatIsNotThereIsUnreachable(Asked asked) {
        scene.wire.instead(asked.route(), request -> {
            throw new ConnectException();
        });
        assertThat(asked.ask().apply(this)).isInstanceOf(Failure.Unreachable.class);
    }

    @ParameterizedTest
    @MethodSource("everything")
    void anAnswerOfTooManyBytesIsMalformed(Asked asked) {
        String large = "{\"x\":\"" + "a".repeat(600_000) + "\"}";
        assertThat(after(asked, 200, large)).isInstanceOf(Failure.Malformed.class);
    }

    @ParameterizedTest
    @MethodSource("everything")
    void aRedirectIsNotFollowed(Asked asked) {
        scene.wire.instead(asked.route(), request -> Response.of(307,
                Map.of("Location", List.of("https://evil.example/")), new byte[0]));
        assertThat(asked.ask().apply(this)).isInstanceOf(Failure.Malformed.class);
        assertThat(scene.planned).extracting(planned -> planned.url().getHost()).containsOnly("matrix.example.org");
    }

    @ParameterizedTest
    @MethodSource("everything")
    void theListenerCanVetoEverything(Asked asked) {
        scene.vetoing(asked.route());
        assertThat(asked.ask().apply(this)).isInstanceOf(Failure.Vetoed.class);
        assertThat(scene.wire.all(asked.route())).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "{\"errcode\":\"M_UNKNOWN_TOKEN\",\"error\":\"gone\",\"soft_logout\":true} | true",
        "{\"errcode\":\"M_UNKNOWN_TOKEN\",\"error\":\"gone\",\"soft_logout\":false} | false",
        "{\"errcode\":\"M_UNKNOWN_TOKEN\",\"error\":\"gone\"} | false",
        "{\"errcode\":\"M_UNKNOWN_TOKEN\",\"error\":\"gone\",\"soft_logout\":\"true\"} | false"})
    void tellsALogoutThatLeavesTheDeviceFromOneThatDoesNot(String answer, boolean isSoft) {
        scene.wire.on(WHO_AM_I, 401, answer);
        assertThat(homeserver.whoAmI()).isEqualTo(new Failure.HomeserverSignedOut(isSoft, "gone"));
    }

    @Test
    void tellsHowLongToWait() {
        scene.wire.on(OPEN_ID, 429, "{\"errcode\":\"M_LIMIT_EXCEEDED\",\"retry_after_ms\":700}");
        assertThat(homeserver.openId()).isEqualTo(new Failure.Limited(Optional.of(Duration.ofMillis(700))));
    }

    @Test
    void whoWasNeverAskedHasAcceptedNothing() {
        scene.wire.on(READ_TERMS, 404, Scene.error("M_NOT_FOUND"));
        AcceptedTerms terms = ((AcceptedTermsReading.Read) homeserver.acceptedTerms()).terms();
        assertThat(scene.terms().outstanding(terms)).hasSize(2);
    }

    @Test
    void onlyWhatIsNotAcceptedYetIsShown() {
        scene.wire.on(READ_TERMS, 200, "{\"accepted\":[\"" + TERMS_EN + "\"]}");
        AcceptedTerms terms = ((AcceptedTermsReading.Read) homeserver.acceptedTerms()).terms();
        assertThat(scene.terms().outstanding(terms)).extracting(Policy::id).containsExactly("privacy_policy");
    }

    @Test
    void keepsWhatIsAcceptedBesideWhatWas() {
        scene.wire.on(READ_TERMS, 200,
                "{\"accepted\":[\"https://other.example/1\",7,\"" + TERMS_EN + "\"],\"org.example.extra\":{\"a\":[1]}}")
                .on(WRITE_TERMS, 200, "{}");
        AcceptedTermsUpdate update = homeserver.keepAccepted(consent);

        assertThat(scene.wire.routes()).containsExactly(READ_TERMS, WRITE_TERMS);
        assertThat(StrictJson.write(scene.wire.bodies(WRITE_TERMS).get(0))).isEqualTo("{\"accepted\":["
                + "\"https://other.example/1\",7,\"" + TERMS_EN + "\",\"" + PRIVACY_EN + "\"],"
                + "\"org.example.extra\":{\"a\":[1]}}");
        assertThat(scene.wire.only(WRITE_TERMS).method()).isEqualTo(Method.PUT);
        assertThat(scene.terms().outstanding(((AcceptedTermsUpdate.Kept) update).now())).isEmpty();
    }

    @Test
    void beginsWhatWasNotThere() {
        scene.wire.on(READ_TERMS, 404, Scene.error("M_NOT_FOUND")).on(WRITE_TERMS, 200, "{}");
        homeserver.keepAccepted(consent);
        assertThat(StrictJson.write(scene.wire.bodies(WRITE_TERMS).get(0)))
                .isEqualTo("{\"accepted\":[\"" + PRIVACY_EN + "\",\"" + TERMS_EN + "\"]}");
    }

    @Test
    void writesNothingWhereNothingIsNew() {
        scene.wire.on(READ_TERMS, 200, "{\"accepted\":[\"" + TERMS_EN + "\",\"" + PRIVACY_EN + "\"]}");
        assertThat(homeserver.keepAccepted(consent)).isInstanceOf(AcceptedTermsUpdate.Kept.class);

        scene.wire.instead(READ_TERMS, 404, Scene.error("M_NOT_FOUND"));
        Consent<?> toNothing = scene.terms().consentTo(Purpose.DISCOVER_CONTACTS).give();
        assertThat(homeserver.keepAccepted(toNothing)).isInstanceOf(AcceptedTermsUpdate.Kept.class);
        assertThat(scene.wire.all(WRITE_TERMS)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"200 | {\"accepted\":{\"https://other.example/1\":true}}",
        "200 | {\"accepted\":null}", "200 | {\"accepted\":\"https://other.example/1\"}", "200 | <html>",
        "404 | <html>", "404 | {\"errcode\":\"M_UNRECOGNIZED\"}", "403 | {\"errcode\":\"M_FORBIDDEN\"}",
        "200 | {\"accepted\":[],\"accepted\":[]}"})
    void writesOverNothingThatItCannotRead(int status, String body) {
        scene.wire.on(READ_TERMS, status, body).on(WRITE_TERMS, 200, "{}");
        assertThat(homeserver.keepAccepted(consent)).isInstanceOf(Failure.class);
        assertThat(scene.wire.all(WRITE_TERMS)).isEmpty();
    }

    @Test
    void aLongListOfAcceptedTermsIsKeptWhole() {
        StringBuilder list = new StringBuilder("\"https://other.example/0\"");
        for (int i = 1; i < 20_000; i++) {
            list.append(",\"https://o/").append(i).append('"');
        }
        scene.wire.on(READ_TERMS, 200, "{\"accepted\":[" + list + "]}").on(WRITE_TERMS, 200, "{}");
        assertThat(homeserver.keepAccepted(consent)).isInstanceOf(AcceptedTermsUpdate.Kept.class);
        assertThat(scene.wire.bodies(WRITE_TERMS).get(0).array("accepted").orElseThrow().items()).hasSize(20_002);
    }

    @Test
    void takesABindingBackForWhoHasNeitherSessionNorProof() {
        scene.wire.on(UNBIND, 200, "{\"id_server_unbind_result\":\"success\"}");

        assertThat(homeserver.unbind(consent, Scene.ALICES_MAIL)).isEqualTo(new HomeserverUnbinding.Unbound());
        assertThat(scene.wire.routes()).containsExactly(UNBIND);
        assertThat(StrictJson.write(scene.wire.bodies(UNBIND).get(0))).isEqualTo(
                "{\"id_server\":\"id.example.org\",\"medium\":\"email\",\"address\":\"alice@example.org\"}");
    }

    @Test
    void tellsThatAnIdentityServerDidNotTakeItBack() {
        scene.wire.on(UNBIND, 200, "{\"id_server_unbind_result\":\"no-support\"}");
        assertThat(homeserver.unbind(consent, Scene.CAROLS_PHONE)).isEqualTo(new HomeserverUnbinding.NotSupported());
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "{\"id_server_unbind_result\":true}", "{\"id_server_unbind_result\":\"SUCCESS\"}",
        "{\"id_server_unbind_result\":null}", "{\"success\":true}"})
    void takesNothingElseForUnbound(String answer) {
        scene.wire.on(UNBIND, 200, answer);
        assertThat(homeserver.unbind(consent, Scene.ALICES_MAIL)).isInstanceOf(Failure.Malformed.class);
    }

    @Test
    void namesAnIdentityServerWithItsPortAndPath() {
        assertThat(Homeserver.idServer(URI.create("https://id.example.org:8443/a/b")))
                .isEqualTo("id.example.org:8443/a/b");
        assertThat(Homeserver.idServer(URI.create("https://[2001:db8::1]"))).isEqualTo("[2001:db8::1]");
    }

    @Test
    void isToldInWordsWhatTheHomeserverLearns() {
        everything().forEach(asked -> after(asked, 200, "{}"));

        assertThat(scene.planned).extracting(planned -> planned.disclosure().inWords())
                .contains(
                        "Asks your homeserver whose access token this is. Tells the server nothing new.",
                        "Asks your homeserver example.org for a token by which another server can ask it who you are. It learns that"
                                + " you are about to use such a server, not which.",
                        "Reads from your homeserver which terms you have accepted so far. Tells the server nothing new.",
                        "Keeps at your homeserver example.org, for all your clients, that you accept these terms: privacy_policy 1.2"
                                + " (en), terms_of_service 5 (en). It learns whose terms they are.",
                        "Has your homeserver example.org take back at https://id.example.org that ali...@exa... belongs to you. Both"
                                + " learn of the address, if they did not know it.");
        assertThat(scene.planned).flatExtracting(planned -> planned.disclosure().subjects())
                .containsOnly(Subject.INTENTION, Subject.ACCEPTANCE, Subject.OWN_ADDRESS);
        assertThat(scene.planned).extracting(PlannedRequest::toString)
                .noneMatch(
                        text -> text.contains("alice@example.org") || text.contains(Scene.ACCOUNT_TOKEN));
    }
}
