package im.signet.standalone;

import im.signet.client.Consent;
import im.signet.client.Lookup;
import im.signet.client.Purpose;
import im.signet.client.TokenRequest;
import im.signet.client.contact.AddressBook;
import im.signet.client.contact.ContactState;
import im.signet.client.contact.DiscoveredContact;
import im.signet.protocol.identifier.Address;
import im.signet.protocol.identifier.Medium;
import im.signet.protocol.identifier.UserId;

import java.time.Duration;
import java.util.Map;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

import static org.assertj.core.api.Assertions.assertThat;

/** The main job, from consent to contact list, by the client library over real HTTP, SMTP, TLS and PostgreSQL. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AFriendFindsMeByEmailTest {

    private Town town;

    @BeforeAll
    void start() {
        town = startTown();
    }

    Town startTown() {
        return Town.start(Map.of());
    }

    @AfterAll
    void stop() {
        town.close();
    }

    private Lookup lookup(UserId who, String... addresses) {
        Consent<Purpose.DiscoverContacts> consent = town.consent(Purpose.DISCOVER_CONTACTS);
        AddressBook book = AddressBook.empty();
        for (String address : addresses) {
            book = book.with(address, Address.of(Medium.EMAIL, address));
        }
        return town.session(who, consent).discovery(consent).lookup(book);
    }

    @Test
    void findsWhoPublishedAndOnlyThem() throws InterruptedException {
        UserId alice = town.homeserver.register("alice");
        town.publish(alice, "Alice@Example.org");
        Lookup lookup = lookup(town.homeserver.register("carol"), "alice@example.org", "dave@example.org");
        assertThat(lookup).isInstanceOfSatisfying(Lookup.Found.class, found -> {
            assertThat(found.contacts()).extracting(DiscoveredContact::userId).containsExactly(alice);
            assertThat(found.contacts()).extracting(DiscoveredContact::state).containsOnly(ContactState.UNVALIDATED);
        });
    }

    @Test
    void findsAnAddressHoweverItsCaseWasFolded() throws InterruptedException {
        UserId bob = town.homeserver.register("bob");
        town.publish(bob, "STRASSE@example.org");
        assertThat(lookup(bob, "stra\u00dfe@example.org")).isInstanceOfSatisfying(Lookup.Found.class,
                found -> assertThat(found.contacts()).extracting(DiscoveredContact::userId).containsExactly(bob));
    }

    @Test
    void keepsAProofToItselfUntilItIsBound() throws InterruptedException {
        UserId erin = town.homeserver.register("erin");
        Consent<Purpose.PublishAddress> consent = town.consent(Purpose.PUBLISH_ADDRESS);
        Address address = Address.of(Medium.EMAIL, "erin@example.org");
        assertThat(town.session(erin, consent).publication(consent).requestEmailToken(address))
                .isInstanceOf(TokenRequest.Sent.class);
        town.confirm(town.mailbox.awaitMailTo("erin@example.org", Duration.ofSeconds(30)).links().getFirst());
        assertThat(lookup(erin, "erin@example.org")).isInstanceOfSatisfying(Lookup.Found.class,
                found -> assertThat(found.contacts()).isEmpty());
    }

    @Test
    void movesAnAddressToItsNextOwner() throws InterruptedException {
        UserId first = town.homeserver.register("first");
        UserId next = town.homeserver.register("next");
        town.publish(first, "shared@example.org");
        town.publish(next, "shared@example.org");
        assertThat(lookup(first, "shared@example.org")).isInstanceOfSatisfying(Lookup.Found.class,
                found -> assertThat(found.contacts()).extracting(DiscoveredContact::userId).containsExactly(next));
    }
}
