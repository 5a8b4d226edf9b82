package im.signet.client;

import im.signet.client.contact.AddressBook;
import im.signet.client.contact.DiscoveredContact;
import im.signet.protocol.Parsed;
import im.signet.protocol.identifier.Address;
import im.signet.protocol.identifier.Medium;
import im.signet.protocol.json.JsonObject;
import im.signet.protocol.json.StrictJson;

import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/** The server is asked again only for what is new or out of date. */
class KnownContactsTest {
    private static final String LOOKUP = "POST /v2/lookup";
    private static final Duration DAY = Duration.ofDays(1);
    private static final Address DAVES_MAIL = Address.of(Medium.EMAIL, "dave@example.com");

    private final Scene scene = new Scene();
    private final SettableClock clock = new SettableClock();
    private final Discovery discovery = scene.discovery(ClientOptions.defaults().withClock(clock).withBatchSize(1));
    private final KnownContacts none = KnownContacts.none(scene.server());

    private static final class SettableClock extends Clock {
        private Instant now = Instant.parse("2026-11-21T12:00:00Z");

        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneId.of("UTC");
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }

        void pass(Duration duration) {
            now = now.plus(duration);
        }
    }

    private KnownContacts known() {
        KnownContacts known = discovery.update(Scene.book(), none, DAY).known();
        scene.forget();
        return known;
    }

    private static List<Address> addresses(AddressBook book) {
        return book.entries().stream().map(AddressBook.Entry::address).toList();
    }

    @Test
    void theFirstTimeEverythingIsAsked() {
        ContactUpdate update = discovery.update(Scene.book(), none, DAY);

        assertThat(update.lookup()).isEqualTo(discovery.lookup(Scene.book()));
        assertThat(update.contacts()).extracting(DiscoveredContact::userId).containsExactly(Scene.BOB);
        assertThat(addresses(update.asked())).containsExactly(Scene.BOBS_MAIL, Scene.CAROLS_PHONE);
    }

    @Test
    void whatIsFreshIsNotSentAgainFoundOrNot() {
        KnownContacts known = known();
        clock.pass(DAY.minusMillis(1));
        ContactUpdate update = discovery.update(Scene.book(), known, DAY);

        assertThat(scene.wire.routes()).isEmpty();
        assertThat(update.contacts()).extracting(DiscoveredContact::userId).containsExactly(Scene.BOB);
        assertThat(update.lookup()).isEqualTo(new Lookup.Found(List.of(), 0, 0));
    }

    @Test
    void onlyWhatIsNewIsSent() {
        KnownContacts known = known();
        ContactUpdate update = discovery.update(Scene.book().with("Dave", DAVES_MAIL), known, DAY);

        assertThat(addresses(update.asked())).containsExactly(DAVES_MAIL);
        assertThat(scene.wire.all(LOOKUP)).hasSize(1);
        assertThat(update.contacts()).extracting(DiscoveredContact::userId).containsExactly(Scene.BOB);
    }

    @Test
    void whatIsOutOfDateIsAskedAgainAndForgottenWhenNoLongerFound() {
        KnownContacts known = known();
        clock.pass(DAY);
        scene.wire.instead(LOOKUP, 200, "{\"mappings\":{}}");
        ContactUpdate update = discovery.update(Scene.book(), known, DAY);

        assertThat(scene.wire.all(LOOKUP)).hasSize(2);
        assertThat(update.contacts()).isEmpty();
    }

    @Test
    void aLifetimeMayBeForEver() {
        KnownContacts known = known();
        clock.pass(Duration.ofDays(36_500));
        assertThat(addresses(discovery.update(Scene.book(), known, Duration.ofSeconds(Long.MAX_VALUE)).asked()))
                .isEmpty();
    }

    @Test
    void anAnswerOfTheFutureIsOutOfDate() {
        KnownContacts known = known();
        clock.pass(DAY.negated());
        assertThat(addresses(discovery.update(Scene.book(), known, DAY).asked())).hasSize(2);
    }

    @Test
    void withoutALifetimeEverythingIsAskedAgain() {
        KnownContacts known = known();
        assertThat(addresses(discovery.update(Scene.book(), known, Duration.ZERO).asked())).hasSize(2);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> discovery.update(Scene.book(), known, Duration.ofMillis(-1)));
    }

    @Test
    void aFailureLosesNothingAndWhatItDidNotReachIsAskedNextTime() {
        KnownContacts known = known();
        clock.pass(DAY);
        scene.wire.instead(LOOKUP, ScriptedTransport.computed(
                body -> Scene.mappings(body, Map.of(Scene.BOBS_MAIL, Scene.BOB.value()))))
                .on(LOOKUP, 429, Scene.error("M_LIMIT_EXCEEDED"));
        ContactUpdate update = discovery.update(Scene.book(), known, DAY);

        assertThat(update.lookup()).isInstanceOf(Lookup.Interrupted.class);
        assertThat(update.contacts()).extracting(DiscoveredContact::userId).containsExactly(Scene.BOB);
        assertThat(addresses(discovery.update(Scene.book(), update.known(), DAY).asked()))
                .containsExactly(Scene.CAROLS_PHONE);
    }

    @Test
    void whenNothingIsAnsweredWhatWasKnownStays() {
        KnownContacts known = known();
        clock.pass(DAY);
        scene.wire.instead("GET /v2/hash_details", 503, "");
        ContactUpdate update = discovery.update(Scene.book(), known, DAY);

        assertThat(update.lookup()).isInstanceOf(Failure.Unreachable.class);
        assertThat(update.contacts()).extracting(DiscoveredContact::userId).containsExactly(Scene.BOB);
        assertThat(update.known().toJson()).isEqualTo(known.toJson());
    }

    @Test
    void whoLeftTheAddressBookIsForgotten() {
        KnownContacts known = discovery.update(AddressBook.empty().with("Carol", Scene.CAROLS_PHONE), known(), DAY)
                .known();
        assertThat(StrictJson.write(known.toJson())).doesNotContain("bob").contains("447700900123");
    }

    @Test
    void labelsAreThoseOfTheAddressBookNow() {
        KnownContacts known = known();
        ContactUpdate update = discovery.update(AddressBook.empty().with("Robert", Scene.BOBS_MAIL), known, DAY);
        assertThat(update.contacts()).extracting(DiscoveredContact::label).containsExactly("Robert");
    }

    @Test
    void anotherServersAnswersAreOfNoUse() {
        IdentityServer other = IdentityServer.at(URI.create("https://other.example.org"), scene.wire).orElseThrow();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> discovery.update(Scene.book(), KnownContacts.none(other), DAY));
        assertThat(scene.wire.routes()).isEmpty();
    }

    @Test
    void isStoredAndReadAgain() {
        KnownContacts known = known();
        KnownContacts again = KnownContacts
                .parse(StrictJson.parseObject(StrictJson.write(known.toJson())).orElseThrow())
                .orElseThrow();

        assertThat(again.toJson()).isEqualTo(known.toJson());
        assertThat(discovery.update(Scene.book(), again, DAY).contacts()).hasSize(1);
        assertThat(scene.wire.routes()).isEmpty();
        assertThat(again.toString()).isEqualTo("KnownContacts[https://id.example.org, 2 addresses]");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "{\"v\":2,\"server\":\"https://id.example.org\",\"answers\":[]}",
        "{\"v\":1,\"answers\":[]}", "{\"v\":1,\"server\":\"http://id.example.org\"}", "{\"v\":1,\"server\":\"a b\"}",
        "{\"v\":1,\"server\":\"https://id.example.org\",\"answers\":[7]}",
        "{\"v\":1,\"server\":\"https://id.example.org\",\"answers\":[{\"medium\":\"email\",\"address\":\"a@b.c\"}]}",
        "{\"v\":1,\"server\":\"https://id.example.org\",\"answers\":[{\"medium\":\"email\",\"address\":\"a@b.c\",\"at\":1,"
                + "\"mxid\":\"bob\"}]}"})
    void readsNothingElse(String stored) {
        JsonObject json = StrictJson.parseObject(stored).orElseThrow();
        assertThat(KnownContacts.parse(json)).isInstanceOf(Parsed.Refused.class);
    }
}
