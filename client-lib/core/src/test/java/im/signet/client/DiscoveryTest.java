package im.signet.client;

import im.signet.client.contact.AddressBook;
import im.signet.client.contact.ContactState;
import im.signet.client.contact.DiscoveredContact;
import im.signet.client.transport.Response;
import im.signet.protocol.hash.LookupHash;
import im.signet.protocol.identifier.Address;
import im.signet.protocol.identifier.Medium;
import im.signet.protocol.json.JsonObject;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class DiscoveryTest {
    private static final String LOOKUP = "POST /v2/lookup";
    private static final String HASH_DETAILS = "GET /v2/hash_details";

    private final Scene scene = new Scene();
    private final Discovery discovery = scene.discovery();

    private static Address friend(int number) {
        return Address.of(Medium.EMAIL, "friend" + number + "@example.com");
    }

    private static AddressBook friends(int count) {
        AddressBook book = AddressBook.empty();
        for (int i = 0; i < count; i++) {
            book = book.with("Friend " + i, friend(i));
        }
        return book;
    }

    private List<Integer> batchSizes() {
        return scene.wire.bodies(LOOKUP)
                .stream()
                .map(body -> body.array("addresses").orElseThrow().items().size())
                .toList();
    }

    private static String mapping(String key, String json) {
        return "{\"mappings\":{\"" + key + "\":" + json + "}}";
    }

    @Test
    void findsWhoIsThere() {
        Lookup lookup = discovery.lookup(Scene.book());

        assertThat(lookup).isEqualTo(new Lookup.Found(List.of(DiscoveredContact.lookedUp(
                new AddressBook.Entry("Bob", Scene.BOBS_MAIL), Scene.BOB)), 2, 0));
    }

    @Test
    void whoWasFoundIsUnvalidated() {
        Lookup.Found found = (Lookup.Found) discovery.lookup(Scene.book());
        assertThat(found.contacts()).extracting(DiscoveredContact::state).containsOnly(ContactState.UNVALIDATED);
    }

    @Test
    void sendsHashesAndNothingElse() {
        discovery.lookup(Scene.book());

        JsonObject sent = scene.wire.bodies(LOOKUP).get(0);
        assertThat(sent.members()).containsOnlyKeys("algorithm", "pepper", "addresses");
        assertThat(sent.string("algorithm")).contains("sha256");
        String raw = new String(scene.wire.only(LOOKUP).body().orElseThrow(), StandardCharsets.UTF_8);
        // The published example of the specification's lookup section: bob@example.com with the pepper "matrixrocks".
        assertThat(raw).contains("LJwSazmv46n0hlMlsb_iYxI0_HXEqy_yj6Jm636cdT8")
                .doesNotContain("bob")
                .doesNotContain("Bob")
                .doesNotContain("Carol")
                .doesNotContain("447700900123");
    }

    @Test
    void anEmptyAddressBookSendsNothing() {
        assertThat(discovery.lookup(AddressBook.empty())).isEqualTo(new Lookup.Found(List.of(), 0, 0));
        assertThat(scene.wire.routes()).isEmpty();
    }

    @Test
    void asksForAnAddressOnceAndAnswersForEachLabel() {
        Lookup.Found found = (Lookup.Found) discovery.lookup(
                AddressBook.empty()
                        .with("Bob", Scene.BOBS_MAIL)
                        .with("Robert", Address.of(Medium.EMAIL, "BOB@Example.com")));

        assertThat(batchSizes()).containsExactly(1);
        assertThat(found.contacts()).extracting(DiscoveredContact::label).containsExactly("Bob", "Robert");
    }

    @Test
    void asksInBatchesOfAThousand() {
        Lookup.Found found = (Lookup.Found) discovery.lookup(friends(2001));

        assertThat(batchSizes()).containsExactly(1000, 1000, 1);
        assertThat(scene.wire.all(HASH_DETAILS)).hasSize(1);
        assertThat(found.asked()).isEqualTo(2001);
    }

    @Test
    void asksInSmallerBatchesWhenToldSo() {
        Scene small = new Scene();
        small.discovery(ClientOptions.defaults().withBatchSize(2)).lookup(friends(3));

        assertThat(small.wire.all(LOOKUP)).hasSize(2);
        assertThatIllegalArgumentException().isThrownBy(() -> ClientOptions.defaults().withBatchSize(1001));
        assertThatIllegalArgumentException().isThrownBy(() -> ClientOptions.defaults().withBatchSize(0));
    }

    @Test
    void halvesABatchThatIsTooLargeForTheServer() {
        scene.wire.instead(LOOKUP, 400, Scene.error("M_TOO_LARGE"))
                .on(LOOKUP, 413, "<html>")
                .on(LOOKUP, 200, "{\"mappings\":{}}");

        assertThat(discovery.lookup(friends(8))).isEqualTo(new Lookup.Found(List.of(), 8, 0));
        assertThat(batchSizes()).containsExactly(8, 4, 2, 2, 2, 2);
    }

    @Test
    void givesUpWhenEvenOneAddressIsTooMuch() {
        scene.wire.instead(LOOKUP, 413, Scene.error("M_TOO_LARGE"));

        assertThat(discovery.lookup(friends(4))).isEqualTo(new Failure.Refused(413, "M_TOO_LARGE", "no"));
        assertThat(batchSizes()).containsExactly(4, 2, 1);
    }

    @Test
    void takesTheNewPepperFromTheError() {
        scene.wire.instead(LOOKUP, 400, """
                {"errcode":"M_INVALID_PEPPER","error":"x","algorithm":"sha256","lookup_pepper":"matrixrocksagain"}""")
                .on(LOOKUP, ScriptedTransport.computed(
                        body -> Scene.mappings(body, Map.of(Scene.BOBS_MAIL, Scene.BOB.value()))));

        assertThat(((Lookup.Found) discovery.lookup(Scene.book())).contacts()).hasSize(1);
        assertThat(scene.wire.routes()).containsExactly(HASH_DETAILS, LOOKUP, LOOKUP);
        assertThat(scene.wire.bodies(LOOKUP)).extracting(body -> body.string("pepper").orElseThrow())
                .containsExactly("matrixrocks", "matrixrocksagain");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"errcode\":\"M_INVALID_PEPPER\",\"error\":\"x\"}",
        "{\"errcode\":\"M_INVALID_PEPPER\",\"lookup_pepper\":\"not a pepper\"}",
        "{\"errcode\":\"M_INVALID_PEPPER\",\"lookup_pepper\":7}",
        "{\"errcode\":\"M_INVALID_PEPPER\",\"lookup_pepper\":\"matrixrocks\"}",
        "{\"errcode\":\"M_INVALID_PEPPER\",\"algorithm\":\"none\",\"lookup_pepper\":\"other\"}"})
    void readsTheNewPepperWhenTheErrorDoesNotTell(String error) {
        scene.wire.instead(HASH_DETAILS, 200, Scene.hashDetails(Scene.PEPPER))
                .on(HASH_DETAILS, 200, Scene.hashDetails(Scene.NEXT_PEPPER));
        scene.wire.instead(LOOKUP, 400, error).on(LOOKUP, 200, "{\"mappings\":{}}");

        assertThat(discovery.lookup(Scene.book())).isInstanceOf(Lookup.Found.class);
        assertThat(scene.wire.routes()).containsExactly(HASH_DETAILS, LOOKUP, HASH_DETAILS, LOOKUP);
        assertThat(scene.wire.bodies(LOOKUP).get(1).string("pepper")).contains("matrixrocksagain");
    }

    @Test
    void triesANewPepperOnce() {
        scene.wire.instead(LOOKUP, 400, Scene.error("M_INVALID_PEPPER"));

        assertThat(discovery.lookup(Scene.book())).isEqualTo(new Failure.Refused(400, "M_INVALID_PEPPER", "no"));
        assertThat(scene.wire.all(LOOKUP)).hasSize(2);
    }

    @Test
    void goesOnWithTheNewPepperInTheMiddle() {
        scene.wire.instead(LOOKUP, 200, "{\"mappings\":{}}")
                .on(LOOKUP, 400, "{\"errcode\":\"M_INVALID_PEPPER\",\"lookup_pepper\":\"matrixrocksagain\"}")
                .on(LOOKUP, ScriptedTransport.computed(
                        body -> Scene.mappings(body, Map.of(friend(1500), "@f1500:example.com"))));

        Lookup.Found found = (Lookup.Found) discovery.lookup(friends(2500));

        assertThat(batchSizes()).containsExactly(1000, 1000, 1000, 500);
        assertThat(found.contacts()).extracting(DiscoveredContact::label).containsExactly("Friend 1500");
    }

    @Test
    void neverSendsAddressesInTheClear() {
        scene.wire.instead(HASH_DETAILS, 200, "{\"lookup_pepper\":\"p\",\"algorithms\":[\"none\",\"rot13\"]}");

        assertThat(discovery.lookup(Scene.book())).isEqualTo(new Lookup.NoHashing(List.of("none", "rot13")));
        assertThat(scene.wire.all(LOOKUP)).isEmpty();
    }

    @Test
    void isNotTalkedOutOfHashingInTheMiddle() {
        scene.wire.instead(HASH_DETAILS, 200, Scene.hashDetails(Scene.PEPPER))
                .on(HASH_DETAILS, 200, "{\"lookup_pepper\":\"p\",\"algorithms\":[\"none\"]}")
                .instead(LOOKUP, 400, Scene.error("M_INVALID_PEPPER"));

        assertThat(discovery.lookup(Scene.book())).isInstanceOf(Failure.Malformed.class);
        assertThat(scene.wire.all(LOOKUP)).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "{\"lookup_pepper\":\"p\"}", "{\"algorithms\":[\"sha256\"]}",
        "{\"lookup_pepper\":\"a b\",\"algorithms\":[\"sha256\"]}",
        "{\"lookup_pepper\":\"\",\"algorithms\":[\"sha256\"]}",
        "{\"lookup_pepper\":\"p\",\"algorithms\":\"sha256\"}",
        "{\"lookup_pepper\":7,\"algorithms\":[\"sha256\"]}"})
    void hashesNothingByHashDetailsThatAreNone(String answer) {
        scene.wire.instead(HASH_DETAILS, 200, answer);

        assertThat(discovery.lookup(Scene.book())).isInstanceOf(Failure.Malformed.class);
        assertThat(scene.wire.all(LOOKUP)).isEmpty();
    }

    @Test
    void dropsWhatNobodyAskedFor() {
        String stranger = LookupHash.of(friend(1), Scene.PEPPER).value();
        scene.wire.instead(LOOKUP, 200, mapping(stranger, "\"@eve:example.com\""));

        assertThat(discovery.lookup(Scene.book())).isEqualTo(new Lookup.Found(List.of(), 2, 1));
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"bob\"", "\"\"", "7", "null", "{}", "[\"@bob:example.com\"]", "\"@bob:exa mple.com\""})
    void dropsWhatIsNoUser(String value) {
        scene.wire.instead(LOOKUP, 200, mapping(LookupHash.of(Scene.BOBS_MAIL, Scene.PEPPER).value(), value));

        assertThat(discovery.lookup(Scene.book())).isEqualTo(new Lookup.Found(List.of(), 2, 1));
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "{\"mappings\":[]}", "{\"mappings\":null}", "{\"mappings\":{},\"mappings\":{}}", "{"})
    void doesNotTakeAnythingElseForAnAnswer(String answer) {
        scene.wire.instead(LOOKUP, 200, answer);
        assertThat(discovery.lookup(Scene.book())).isInstanceOf(Failure.Malformed.class);
    }

    @Test
    void doesNotWaitWhenLimited() {
        scene.wire.instead(LOOKUP, request -> Response.of(429, Map.of("retry-after", List.of("30")), new byte[0]));

        assertThat(discovery.lookup(Scene.book())).isEqualTo(new Failure.Limited(Optional.of(Duration.ofSeconds(30))));
        assertThat(scene.wire.all(LOOKUP)).hasSize(1);
    }

    @Test
    void keepsWhatItHasWhenALaterBatchFails() {
        scene.wire.instead(LOOKUP, ScriptedTransport.computed(
                body -> Scene.mappings(body, Map.of(friend(3), "@f3:example.com"))))
                .on(LOOKUP, request -> {
                    throw new IOException("reset");
                });

        Lookup.Interrupted interrupted = (Lookup.Interrupted) discovery.lookup(friends(1002));

        assertThat(interrupted.soFar().contacts()).extracting(DiscoveredContact::label).containsExactly("Friend 3");
        assertThat(interrupted.soFar().asked()).isEqualTo(1000);
        assertThat(interrupted.remaining().entries()).extracting(AddressBook.Entry::label)
                .containsExactly("Friend 1000", "Friend 1001");
        assertThat(interrupted.why()).isInstanceOf(Failure.Unreachable.class);
    }

    @Test
    void namesTheTermsThatBecameOutstandingAndGoesOnWithANewConsent() {
        IdentityServer server = scene.server();
        Consent<Purpose.DiscoverContacts> old = Scene.fullConsent(Scene.terms(server), Purpose.DISCOVER_CONTACTS);
        Session session = scene.connect(server, old);
        scene.wire
                .instead("GET /v2/terms", 200,
                        Scene.TERMS.replace("terms-5-en", "terms-6-en").replace("\"5\"", "\"6\""))
                .instead(LOOKUP, 403, Scene.error("M_TERMS_NOT_SIGNED"))
                .on(LOOKUP, 200, "{\"mappings\":{}}");
        scene.forget();

        Lookup first = session.discovery(old).lookup(Scene.book());

        Failure.TermsOutstanding news = (Failure.TermsOutstanding) first;
        assertThat(news.outstanding()).extracting(Policy::version).containsExactly("6");
        Consent<Purpose.DiscoverContacts> renewed = news.terms()
                .consentTo(Purpose.DISCOVER_CONTACTS)
                .accept(news.outstanding().get(0), "en")
                .give();
        assertThat(session.discovery(renewed).lookup(Scene.book())).isInstanceOf(Lookup.Found.class);
        assertThat(scene.wire.routes()).containsExactly(
                HASH_DETAILS, LOOKUP, "GET /v2/terms", "POST /v2/terms", HASH_DETAILS, LOOKUP);
    }

    @Test
    void saysThatTheSessionEnded() {
        scene.wire.instead(HASH_DETAILS, 401, Scene.error("M_UNAUTHORIZED"));
        assertThat(discovery.lookup(Scene.book())).isEqualTo(new Failure.SignedOut("no"));
    }
}
