package im.signet.client;

import im.signet.client.transport.Disclosure.Subject;
import im.signet.client.transport.PlannedRequest;
import im.signet.client.transport.Request;
import im.signet.protocol.identifier.UserId;
import im.signet.protocol.json.JsonObject;

import java.time.Duration;
import java.util.Optional;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/** The homeserver binds on the user's behalf: with their consent, their proof, and the token of their session. */
class BindingThroughTheHomeserverTest {
    private static final String BIND = "POST /_matrix/client/v3/account/3pid/bind";

    private final Scene scene = new Scene();
    private final Homeserver homeserver = scene.homeserver();
    private final Publication publication = scene.publication();

    private HomeserverBinding bind() {
        ProvenAddress proven = scene.proven(publication);
        scene.forget();
        return publication.bindThrough(homeserver, proven);
    }

    private HomeserverBinding bind(int status, String answer) {
        scene.wire.instead(BIND, status, answer);
        return bind();
    }

    @Test
    void givesTheHomeserverTheProofAndTheTokenOfTheSession() {
        scene.wire.on(BIND, 200, "{}");
        ProvenAddress proven = scene.proven(publication);
        scene.forget();

        assertThat(publication.bindThrough(homeserver, proven)).isEqualTo(new HomeserverBinding.Bound());
        assertThat(scene.wire.routes()).containsExactly(BIND);
        Request sent = scene.wire.only(BIND);
        assertThat(sent.url()).hasToString("https://matrix.example.org/_matrix/client/v3/account/3pid/bind");
        assertThat(sent.headers()).containsEntry("Authorization", "Bearer " + Scene.ACCOUNT_TOKEN);
        assertThat(ScriptedTransport.body(sent)).isEqualTo(JsonObject.builder()
                .put("sid", "sid1")
                .put("client_secret", proven.clientSecret().value())
                .put("id_server", "id.example.org")
                .put("id_access_token", Scene.TOKEN)
                .build());
    }

    @Test
    void saysSoBefore() {
        scene.wire.on(BIND, 200, "{}");
        bind();

        assertThat(scene.planned).hasSize(1);
        assertThat(scene.planned.get(0).disclosure().inWords()).isEqualTo("Has your homeserver example.org publish at"
                + " https://id.example.org that ali...@exa... belongs to @alice:example.org: whoever has the address can find"
                + " you by it. Your homeserver learns this, and is given the token of your session there, with which it could"
                + " do all that you can do at that server.");
        assertThat(scene.planned.get(0).disclosure().subjects())
                .containsExactlyInAnyOrder(Subject.OWN_ADDRESS, Subject.SESSION_TOKEN, Subject.PUBLICATION);
        assertThat(scene.planned).extracting(PlannedRequest::toString)
                .noneMatch(text -> text.contains(Scene.TOKEN) || text.contains(Scene.ACCOUNT_TOKEN)
                        || text.contains("alice@example.org") || text.contains("sid1"));
    }

    @Test
    void canBeVetoed() {
        scene.vetoing(BIND);
        assertThat(bind()).isInstanceOf(Failure.Vetoed.class);
        assertThat(scene.wire.routes()).isEmpty();
    }

    @Test
    void takesTheHomeserverOfTheSameUserOnly() {
        ProvenAddress proven = scene.proven(publication);
        scene.forget();
        Homeserver another = scene.homeserver(UserId.of("@eve:example.org"));

        assertThatIllegalArgumentException().isThrownBy(() -> publication.bindThrough(another, proven));
        assertThat(scene.wire.routes()).isEmpty();
    }

    @Test
    void theTermsAreAcceptedBeforeTheHomeserverIsAsked() {
        scene.wire.on(BIND, 200, "{}");
        ProvenAddress proven = scene.proven(publication);
        IdentityServer server = scene.server();
        Consent<Purpose.DiscoverContacts> toNothing = Scene.terms(server).consentTo(Purpose.DISCOVER_CONTACTS).give();
        Publication later = scene.connect(server, toNothing).publication(scene.consentToPublish());
        scene.forget();

        assertThat(later.bindThrough(homeserver, proven)).isEqualTo(new HomeserverBinding.Bound());
        assertThat(scene.wire.routes()).containsExactly("POST /v2/terms", BIND);
    }

    @Test
    void theHomeserverIsNotAskedWhenTheTermsAreRefused() {
        ProvenAddress proven = scene.proven(publication);
        IdentityServer server = scene.server();
        Publication later = scene.connect(server, Scene.terms(server).consentTo(Purpose.DISCOVER_CONTACTS).give())
                .publication(scene.consentToPublish());
        scene.forget();
        scene.wire.instead("POST /v2/terms", 500, Scene.error("M_UNKNOWN"));

        assertThat(later.bindThrough(homeserver, proven)).isEqualTo(new Failure.Refused(500, "M_UNKNOWN", "no"));
        assertThat(scene.wire.routes()).containsExactly("POST /v2/terms");
    }

    @Test
    void aSessionThatWasLoggedOutGivesItsTokenToNobody() {
        IdentityServer server = scene.server();
        Consent<Purpose.PublishAddress> consent = scene.consentToPublish();
        Session session = scene.connect(server, consent);
        Publication mine = session.publication(consent);
        ProvenAddress proven = scene.proven(mine);
        session.logout();
        scene.forget();

        assertThat(mine.bindThrough(homeserver, proven)).isInstanceOf(Failure.SignedOut.class);
        assertThat(scene.wire.routes()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"400, M_SESSION_NOT_VALIDATED, NotProven", "400, M_SESSION_EXPIRED, NotProven",
        "404, M_NO_VALID_SESSION, NotProven", "401, M_THREEPID_AUTH_FAILED, NotProven",
        "400, M_THREEPID_AUTH_FAILED, NotProven", "400, M_SERVER_NOT_TRUSTED, NotTrusted",
        "403, M_SERVER_NOT_TRUSTED, NotTrusted", "400, M_THREEPID_IN_USE, Refused", "403, M_UNAUTHORIZED, Refused",
        "500, M_UNKNOWN, Refused", "404, M_UNRECOGNIZED, Refused"})
    void tellsWhyNothingWasBound(int status, String errcode, String outcome) {
        assertThat(bind(status, Scene.error(errcode)).getClass().getSimpleName()).isEqualTo(outcome);
    }

    @Test
    void tellsWhoseTokenIsUnknown() {
        assertThat(bind(401, Scene.error("M_UNAUTHORIZED"))).isEqualTo(new Failure.SignedOut("no"));
        assertThat(bind(401, Scene.error("M_UNKNOWN_TOKEN"))).isEqualTo(new Failure.HomeserverSignedOut(false, "no"));
    }

    @Test
    void tellsWhichTermsTheIdentityServerMisses() {
        HomeserverBinding binding = bind(403, Scene.error("M_TERMS_NOT_SIGNED"));

        assertThat(binding).isInstanceOf(Failure.TermsOutstanding.class);
        assertThat(((Failure.TermsOutstanding) binding).outstanding()).hasSize(2);
        assertThat(scene.wire.routes()).containsExactly(BIND, "GET /v2/terms");
    }

    @Test
    void passesOnHowLongToWait() {
        assertThat(bind(429, "{\"errcode\":\"M_LIMIT_EXCEEDED\",\"retry_after_ms\":100}"))
                .isEqualTo(new Failure.Limited(Optional.of(Duration.ofMillis(100))));
    }

    @ParameterizedTest
    @CsvSource({"200, <html>, Malformed", "200, [], Malformed", "301, '', Malformed", "401, <html>, Malformed",
        "502, <html>, Unreachable"})
    void oddAnswersAreFailures(int status, String answer, String outcome) {
        assertThat(bind(status, answer).getClass().getSimpleName()).isEqualTo(outcome);
    }
}
