package im.signet.standalone;

import im.signet.client.AcceptedTerms;
import im.signet.client.AcceptedTermsReading;
import im.signet.client.AcceptedTermsUpdate;
import im.signet.client.AccessToken;
import im.signet.client.Binding;
import im.signet.client.ClientOptions;
import im.signet.client.Connection;
import im.signet.client.Consent;
import im.signet.client.Failure;
import im.signet.client.Homeserver;
import im.signet.client.HomeserverBinding;
import im.signet.client.HomeserverUnbinding;
import im.signet.client.IdentityServer;
import im.signet.client.Logout;
import im.signet.client.Lookup;
import im.signet.client.OpenIdReading;
import im.signet.client.OpenIdToken;
import im.signet.client.Proof;
import im.signet.client.ProvenAddress;
import im.signet.client.Publication;
import im.signet.client.Purpose;
import im.signet.client.Session;
import im.signet.client.Terms;
import im.signet.client.TermsReading;
import im.signet.client.TokenRequest;
import im.signet.client.WhoAmI;
import im.signet.client.contact.AddressBook;
import im.signet.client.contact.DiscoveredContact;
import im.signet.client.jdk.JdkTransport;
import im.signet.client.transport.Transport;
import im.signet.demo.RecordedRequest;
import im.signet.protocol.identifier.Address;
import im.signet.protocol.identifier.Medium;
import im.signet.protocol.identifier.UserId;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

import static org.assertj.core.api.Assertions.assertThat;

/** As most Matrix clients do it: the homeserver vouches, keeps what was accepted, binds and unbinds, all over real HTTPS. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class MyHomeserverBindsForMeTest {

    private static final String SERVER = "id.example.org";

    private Town town;
    private UserId friend;

    @BeforeAll
    void start() {
        town = Town.start(Map.of());
        town.homeserver.reachIdentityServer(SERVER, town.baseUrl(), town.authority.clientContext());
        friend = town.homeserver.register("friend");
    }

    @AfterAll
    void stop() {
        town.close();
    }

    private IdentityServer app() {
        return IdentityServer.at(URI.create("https://" + SERVER), town.transport()).orElseThrow();
    }

    private Homeserver homeserver(UserId user, String token) {
        Transport transport = JdkTransport.builder().sslContext(town.authority.clientContext()).build();
        return Homeserver.at(town.homeserver.baseUrl(), user, AccessToken.parse(token).orElseThrow(), transport,
                ClientOptions.defaults()).orElseThrow();
    }

    private Homeserver homeserver(UserId user) {
        return homeserver(user, town.homeserver.accessToken(user));
    }

    private Terms terms() {
        if (app().terms() instanceof TermsReading.Read(Terms terms)) {
            return terms;
        }
        throw new AssertionError("no terms");
    }

    private <P extends Purpose> Consent<P> consent(P purpose) {
        Terms terms = terms();
        Consent.Draft<P> draft = terms.consentTo(purpose);
        terms.policies().forEach(policy -> draft.accept(policy, "en"));
        return draft.give();
    }

    private Session session(UserId user, Consent<?> consent) {
        if (homeserver(user).openId() instanceof OpenIdReading.Read(OpenIdToken openId)
                && app().connect(consent, openId) instanceof Connection.Connected(Session session)) {
            return session;
        }
        throw new AssertionError("not connected");
    }

    private ProvenAddress proven(Publication publication, String email) throws InterruptedException {
        if (!(publication
                .requestEmailToken(Address.of(Medium.EMAIL, email)) instanceof TokenRequest.Sent(var pending))) {
            throw new AssertionError("no mail");
        }
        town.confirm(town.mailbox.awaitMailTo(email, Duration.ofSeconds(30)).links().getFirst());
        if (!(publication.proof(pending) instanceof Proof.Proven(ProvenAddress address))) {
            throw new AssertionError("not proven");
        }
        return address;
    }

    private List<UserId> found(String email) {
        Consent<Purpose.DiscoverContacts> consent = consent(Purpose.DISCOVER_CONTACTS);
        AddressBook book = AddressBook.empty().with("somebody", Address.of(Medium.EMAIL, email));
        if (session(friend, consent).discovery(consent).lookup(book) instanceof Lookup.Found found) {
            return found.contacts().stream().map(DiscoveredContact::userId).toList();
        }
        throw new AssertionError("no answer");
    }

    @Test
    void aFriendFindsMeUntilItTakesTheBindingBack() throws InterruptedException {
        UserId alice = town.homeserver.register("alice");
        Consent<Purpose.PublishAddress> consent = consent(Purpose.PUBLISH_ADDRESS);
        Session session = session(alice, consent);
        Publication publication = session.publication(consent);
        ProvenAddress address = proven(publication, "alice@example.org");

        assertThat(found("alice@example.org")).isEmpty();
        assertThat(publication.bindThrough(homeserver(alice), address)).isEqualTo(new HomeserverBinding.Bound());
        assertThat(found("alice@example.org")).containsExactly(alice);

        // Leaving takes no session.
        assertThat(session.logout()).isInstanceOf(Logout.LoggedOut.class);
        assertThat(homeserver(alice).unbind(consent, address.address())).isEqualTo(new HomeserverUnbinding.Unbound());
        assertThat(found("alice@example.org")).isEmpty();

        assertThat(town.homeserver.requests()).extracting(RecordedRequest::path)
                .contains("/_matrix/client/v3/account/3pid/bind", "/_matrix/client/v3/account/3pid/unbind");
    }

    @Test
    void itTakesBackWhatTheAppBoundByItself() throws InterruptedException {
        UserId bob = town.homeserver.register("bob");
        Consent<Purpose.PublishAddress> consent = consent(Purpose.PUBLISH_ADDRESS);
        Publication publication = session(bob, consent).publication(consent);
        ProvenAddress address = proven(publication, "bob@example.org");
        assertThat(publication.bind(address)).isInstanceOf(Binding.Bound.class);
        assertThat(found("bob@example.org")).containsExactly(bob);

        assertThat(homeserver(bob).unbind(consent, address.address())).isEqualTo(new HomeserverUnbinding.Unbound());
        assertThat(found("bob@example.org")).isEmpty();
    }

    @Test
    void itTakesBackNothingOfOthers() throws InterruptedException {
        UserId carol = town.homeserver.register("carol");
        Consent<Purpose.PublishAddress> consent = consent(Purpose.PUBLISH_ADDRESS);
        Publication publication = session(carol, consent).publication(consent);
        publication.bindThrough(homeserver(carol), proven(publication, "carol@example.org"));

        UserId mallory = town.homeserver.register("mallory");
        homeserver(mallory).unbind(consent, Address.of(Medium.EMAIL, "carol@example.org"));
        assertThat(found("carol@example.org")).containsExactly(carol);
    }

    @Test
    void itPassesOnThatTheSessionIsOver() throws InterruptedException {
        UserId dave = town.homeserver.register("dave");
        Consent<Purpose.PublishAddress> consent = consent(Purpose.PUBLISH_ADDRESS);
        Session session = session(dave, consent);
        Publication publication = session.publication(consent);
        ProvenAddress address = proven(publication, "dave@example.org");
        // As another device of his would.
        town.post("/_matrix/identity/v2/account/logout", session.accessToken().reveal(), "");

        assertThat(publication.bindThrough(homeserver(dave), address)).isInstanceOf(Failure.SignedOut.class);
        assertThat(found("dave@example.org")).isEmpty();
    }

    @Test
    void itIsNotAskedTwiceForTheSameTerms() {
        UserId erin = town.homeserver.register("erin");
        Homeserver phone = homeserver(erin);
        assertThat(terms().outstanding(accepted(phone))).hasSize(1);
        Consent<Purpose.DiscoverContacts> consent = consent(Purpose.DISCOVER_CONTACTS);
        assertThat(phone.keepAccepted(consent)).isInstanceOf(AcceptedTermsUpdate.Kept.class);

        Homeserver laptop = homeserver(erin);
        assertThat(terms().outstanding(accepted(laptop))).isEmpty();
        Consent<Purpose.DiscoverContacts> again = terms().consentTo(Purpose.DISCOVER_CONTACTS)
                .acceptedBefore(accepted(laptop))
                .give();
        assertThat(again.acceptedPolicies()).isEqualTo(consent.acceptedPolicies());
        assertThat(session(erin, again).userId()).isEqualTo(erin);
    }

    private static AcceptedTerms accepted(Homeserver homeserver) {
        if (homeserver.acceptedTerms() instanceof AcceptedTermsReading.Read(AcceptedTerms terms)) {
            return terms;
        }
        throw new AssertionError("no accepted terms");
    }

    @Test
    void itTellsWhoseTokenItIs() {
        UserId frank = town.homeserver.register("frank");
        assertThat(homeserver(frank).whoAmI()).isEqualTo(new WhoAmI.Self());
        assertThat(homeserver(frank, town.homeserver.accessToken(friend)).whoAmI())
                .isEqualTo(new WhoAmI.SomebodyElse(friend));
        assertThat(homeserver(frank, "guessed").whoAmI()).isInstanceOf(Failure.HomeserverSignedOut.class);
    }
}
