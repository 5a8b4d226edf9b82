package im.signet.client;

import im.signet.client.contact.DiscoveredContact;
import im.signet.client.transport.Disclosure.Subject;
import im.signet.protocol.json.JsonObject;
import im.signet.protocol.json.StrictJson;

import java.util.List;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** Addresses of contacts are sent as they are to a server that takes no hashes, and by a consent that says so. */
class RevealingDiscoveryTest {
    private static final String LOOKUP = "POST /v2/lookup";
    private static final String DETAILS = "GET /v2/hash_details";

    private final Scene scene = new Scene();

    private Discovery discovery() {
        IdentityServer server = scene.server();
        Consent<Purpose.RevealContacts> consent = Scene.fullConsent(Scene.terms(server), Purpose.REVEAL_CONTACTS);
        Discovery discovery = scene.connect(server, consent).revealingDiscovery(consent);
        scene.forget();
        return discovery;
    }

    private void offer(String algorithms) {
        scene.wire.instead(DETAILS, 200, "{\"lookup_pepper\":\"matrixrocks\",\"algorithms\":" + algorithms + "}");
    }

    @Test
    void asksWithTheAddressesThemselves() {
        offer("[\"none\"]");
        scene.wire.instead(LOOKUP, 200, "{\"mappings\":{\"bob@example.com email\":\"@bob:example.com\"}}");
        Lookup.Found found = (Lookup.Found) discovery().lookup(Scene.book());

        assertThat(found.contacts()).extracting(DiscoveredContact::userId).containsExactly(Scene.BOB);
        JsonObject sent = scene.wire.bodies(LOOKUP).get(0);
        assertThat(StrictJson.write(sent)).isEqualTo("{\"algorithm\":\"none\",\"pepper\":\"matrixrocks\","
                + "\"addresses\":[\"bob@example.com email\",\"447700900123 msisdn\"]}");
    }

    @Test
    void theListenerIsToldWhatItGivesAway() {
        offer("[\"none\"]");
        discovery().lookup(Scene.book());

        assertThat(scene.planned.get(1).disclosure().inWords()).isEqualTo("Sends 2 addresses of your contacts as they"
                + " are, without hashing. The server learns each of them, and that you have it.");
        assertThat(scene.planned.get(1).disclosure().subjects()).containsExactly(Subject.CONTACT_ADDRESSES);
        assertThat(Purpose.REVEAL_CONTACTS.inWords()).contains("as they are").contains("learns each address");
    }

    @Test
    void sendsHashesWhereTheServerTakesThem() {
        offer("[\"none\",\"sha256\"]");
        discovery().lookup(Scene.book());

        assertThat(scene.wire.bodies(LOOKUP)).extracting(body -> body.string("algorithm").orElseThrow())
                .containsExactly("sha256");
        assertThat(StrictJson.write(scene.wire.bodies(LOOKUP).get(0))).doesNotContain("bob@example.com");
    }

    @Test
    void sendsNothingWhereTheServerTakesNeither() {
        offer("[\"md5\"]");
        assertThat(discovery().lookup(Scene.book())).isEqualTo(new Lookup.NoHashing(List.of("md5")));
        assertThat(scene.wire.routes()).containsExactly(DETAILS);
    }

    @Test
    void withoutThatConsentNoAddressLeaves() {
        Discovery hashing = scene.discovery();
        offer("[\"none\"]");

        assertThat(hashing.lookup(Scene.book())).isEqualTo(new Lookup.NoHashing(List.of("none")));
        assertThat(scene.wire.routes()).containsExactly(DETAILS);
    }

    @Test
    void aServerThatTurnsToPlaintextMidwayGetsNone() {
        Discovery discovery = discovery();
        scene.wire.instead(LOOKUP, 400, Scene.error("M_INVALID_PEPPER"));
        scene.wire.on(DETAILS, 200, "{\"lookup_pepper\":\"matrixrocksagain\",\"algorithms\":[\"none\"]}");

        assertThat(discovery.lookup(Scene.book())).isInstanceOf(Failure.Malformed.class);
        assertThat(scene.wire.bodies(LOOKUP)).hasSize(1)
                .allMatch(body -> !StrictJson.write(body).contains("bob@example.com"));
    }
}
