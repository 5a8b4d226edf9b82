package im.signet.client;

import im.signet.client.transport.Disclosure.Subject;
import im.signet.client.transport.Method;
import im.signet.client.transport.PlannedRequest;

import java.net.URI;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class RequestListenerTest {
    private final Scene scene = new Scene();

    @Test
    void seesEveryRequestBeforeItIsSent() {
        scene.discovery().lookup(Scene.book());

        assertThat(scene.planned).hasSameSizeAs(scene.wire.routes());
        assertThat(scene.planned.get(1).method()).isEqualTo(Method.POST);
        assertThat(scene.planned.get(1).url())
                .isEqualTo(URI.create("https://id.example.org/_matrix/identity/v2/lookup"));
    }

    @Test
    void isToldInWordsWhatTheServerLearns() {
        scene.discovery().lookup(Scene.book());

        assertThat(scene.planned).extracting(planned -> planned.disclosure().inWords())
                .containsExactly(
                        "Asks how to hash addresses. The server learns that you are about to look contacts up, not whom.",
                        "Sends hashes of 2 addresses of your contacts. The server recognises addresses it has, and can find others by"
                                + " guessing, phone numbers above all.");
        assertThat(scene.planned.get(1).disclosure().subjects()).containsExactly(Subject.CONTACT_HASHES);
    }

    @Test
    void isNotShownSecretsOrWholeAddresses() {
        Publication publication = scene.publication();
        PendingAddress pending = scene.pending(publication);
        publication.submitToken(pending, "t0ken");
        publication.proof(pending);
        publication.unbind(scene.proven(publication));

        assertThat(scene.planned).isNotEmpty()
                .extracting(PlannedRequest::toString)
                .noneMatch(
                        text -> text.contains(pending.clientSecret().value()) || text.contains("alice@example.org")
                                || text.contains("t0ken") || text.contains(Scene.TOKEN));
        assertThat(scene.planned.get(0).disclosure().inWords()).contains("ali...@exa...");
    }

    @Test
    void isToldOfTheAccountThePoliciesAndThePublication() {
        IdentityServer server = scene.server();
        Consent<Purpose.PublishAddress> consent = Scene.fullConsent(Scene.terms(server), Purpose.PUBLISH_ADDRESS);
        Publication publication = scene.connect(server, consent).publication(consent);
        publication.bind(scene.proven(publication));

        assertThat(scene.planned).extracting(planned -> planned.disclosure().inWords())
                .anyMatch(words -> words.contains("your homeserver example.org"))
                .anyMatch(words -> words.contains("privacy_policy 1.2 (en), terms_of_service 5 (en)"))
                .anyMatch(words -> words.contains("belongs to @alice:example.org"));
        assertThat(scene.planned).flatExtracting(planned -> planned.disclosure().subjects())
                .contains(Subject.INTEREST, Subject.ACCOUNT, Subject.ACCEPTANCE, Subject.OWN_ADDRESS,
                        Subject.PUBLICATION);
    }

    @Test
    void aVetoKeepsTheRequestAndAllAfterItFromBeingSent() {
        Discovery discovery = scene.vetoing("POST /v2/lookup").discovery();
        Lookup lookup = discovery.lookup(Scene.book());

        assertThat(lookup).isInstanceOf(Failure.Vetoed.class);
        assertThat(((Failure.Vetoed) lookup).request().url()).hasPath("/_matrix/identity/v2/lookup");
        assertThat(scene.wire.routes()).containsExactly("GET /v2/hash_details");
    }

    @Test
    void theTermsThemselvesCanBeVetoed() {
        assertThat(scene.vetoing("GET /v2/terms").server().terms()).isInstanceOf(Failure.Vetoed.class);
        assertThat(scene.wire.routes()).isEmpty();
    }

    @Test
    void aVetoOfTheAcceptanceEndsTheConnection() {
        IdentityServer server = scene.vetoing("POST /v2/terms").server();
        Consent<?> consent = Scene.fullConsent(Scene.terms(server), Purpose.DISCOVER_CONTACTS);
        scene.forget();

        assertThat(server.connect(consent, Scene.openId())).isInstanceOf(Failure.Vetoed.class);
        assertThat(scene.wire.routes()).containsExactly("POST /v2/account/register");
    }

    @Test
    void anExceptionOfTheListenerIsTheCallersAndNothingIsSent() {
        ClientOptions options = ClientOptions.defaults().withListener(request -> {
            throw new IllegalStateException("the dialog is gone");
        });
        IdentityServer server = IdentityServer.at(Scene.SERVER, scene.wire, options).orElseThrow();

        assertThatThrownBy(server::terms).isInstanceOf(IllegalStateException.class);
        assertThat(scene.wire.routes()).isEmpty();
    }
}
