package im.signet.client;

import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.net.URI;
import java.util.Arrays;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/** Before the user has consented there is no way to more than status and terms, and each way beyond wants its own consent. */
class ConsentByConstructionTest {
    private static final String GIVEN = """
            Transport transport; ServerProposal proposal; ServerChoice choice;
            IdentityServer server; Homeserver homeserver; Terms terms; Session session; OpenIdToken openId; AddressBook book; Address address;
            Consent<Purpose.DiscoverContacts> toDiscover; Consent<Purpose.PublishAddress> toPublish;
            Publication publication; Discovery discovery; PendingAddress pending; AddressBook.Entry entry; UserId userId;
            HandleDirectory directory; Handle handle; ResolveConsent toFind; Consent<Purpose.KeepHandle> toKeep;
            Nameserver nameserver; OwnHandles ownHandles; NextBinding claim; OwnIdentity own; Pin pin; Chain chain;
            ResolvedHandle resolved;
            """;

    @Test
    void rightUseCompiles() {
        assertThat(Snippet.errorsOf(GIVEN + """
                void use() {
                    IdentityServer.at(proposal.choose().baseUrl(), transport);
                    server.status(); server.terms(); server.connect(toDiscover, openId);
                    session.discovery(toDiscover).lookup(book);
                    session.publication(toPublish).requestEmailToken(address);
                    homeserver.unbind(toPublish, address); homeserver.keepAccepted(toDiscover);
                    directory.resolve(handle, toFind, Optional.of(pin));
                    session.ownHandles(toKeep, nameserver).register(claim);
                }""")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"new Consent<>(null, Purpose.DISCOVER_CONTACTS, List.of())",
        "new Consent.Draft<>(terms, Purpose.DISCOVER_CONTACTS)", "new Terms(null, List.of())",
        "IdentityServer.at(proposal, transport)", "IdentityServer.at(proposal.baseUrl(), transport)",
        "IdentityServer.at(choice, transport)", "new ServerChoice.Server(null)", "new ServerProposal(null, null)",
        "server.connect(openId)", "server.connect(terms, openId)",
        "server.connect(terms.consentTo(Purpose.DISCOVER_CONTACTS), openId)", "server.lookup(book)",
        "server.discovery(toDiscover)", "session.lookup(book)", "session.discovery()",
        "session.discovery(toPublish)", "session.revealingDiscovery(toDiscover)", "session.publication(toDiscover)",
        "new Session(server, null, null)",
        "new Discovery(null, toDiscover, null)", "new Publication(null, toPublish, null, null)",
        "publication.bindThrough(homeserver, address)", "publication.bindThrough(homeserver, pending)",
        "homeserver.bind(address)", "homeserver.unbind(address)", "homeserver.unbind(toDiscover, address)",
        "homeserver.keepAccepted(terms)", "new Homeserver(null, userId, null, transport, null)",
        "publication.bind(pending)", "publication.requestPhoneToken(address)", "publication.bind(address)",
        "new ProvenAddress(pending, null)",
        "new DiscoveredContact(entry, userId)",
        "DiscoveredContact.lookedUp(entry, userId, ContactState.VALIDATED)",
        "directory.resolve(handle)", "directory.resolve(handle, Optional.empty())",
        "directory.resolve(handle, toKeep, Optional.empty())", "new ResolveConsent(handle.domain(), Optional.empty())",
        "session.ownHandles(nameserver)", "session.ownHandles(toPublish, nameserver)", "session.register(claim)",
        "new OwnHandles(null, toKeep, nameserver, null)", "server.ownHandles(toKeep, nameserver)",
        "ownHandles.register(handle)", "new NextBinding(own, null, null)", "new OwnIdentity(chain, null, Map.of())",
        "new ResolvedHandle(chain, null, nameserver, null, ResolvedHandle.Freshness.FRESH)",
        "new Pin(chain, null, nameserver, Optional.empty())", "new Chain(List.of(), null)",
        "new Evidence(Evidence.Kind.STATUSES, \"\", null)", "resolved.validated()", "resolved.state()",
        "pin.validated()",
        "new Purpose() { public String inWords() { return \"\"; } }"})
    void wrongUseDoesNotCompile(String expression) {
        assertThat(Snippet.errorsOf(GIVEN + "Object use() { return " + expression + "; }")).isNotEmpty();
    }

    @Test
    void aServerOffersNothingButStatusAndTermsWithoutAConsent() {
        List<Method> ways = Arrays.stream(IdentityServer.class.getDeclaredMethods())
                .filter(method -> Modifier.isPublic(method.getModifiers()) && !Modifier.isStatic(method.getModifiers()))
                .filter(method -> method.getReturnType().isInterface())
                .toList();

        assertThat(ways).extracting(Method::getName).containsExactlyInAnyOrder("status", "terms", "connect", "resume");
        assertThat(ways).filteredOn(method -> !List.of(method.getParameterTypes()).contains(Consent.class))
                .extracting(Method::getName)
                .containsExactlyInAnyOrder("status", "terms");
    }

    @Test
    void onlyStatusAndTermsAreRequestedBeforeTheConsent() {
        Scene scene = new Scene();
        IdentityServer server = scene.server();
        server.status();
        Terms terms = Scene.terms(server);
        Scene.fullConsent(terms, Purpose.DISCOVER_CONTACTS);

        assertThat(scene.wire.routes()).containsExactly("GET /versions", "GET /v2/terms");
        assertThat(scene.wire.only("GET /v2/terms").headers()).containsOnlyKeys("Accept");
    }

    @Test
    void theTermsAreAcceptedBeforeAnythingElseIsAsked() {
        Scene scene = new Scene();
        IdentityServer server = scene.server();
        Consent<Purpose.DiscoverContacts> consent = Scene.fullConsent(Scene.terms(server), Purpose.DISCOVER_CONTACTS);
        scene.connect(server, consent).discovery(consent).lookup(Scene.book());

        assertThat(scene.wire.routes()).containsExactly("GET /v2/terms", "POST /v2/account/register", "POST /v2/terms",
                "GET /v2/account", "GET /v2/hash_details", "POST /v2/lookup");
    }

    @Test
    void aConsentForAnotherServerIsOfNoUse() {
        Scene scene = new Scene();
        IdentityServer other = IdentityServer.at(URI.create("https://evil.example.com"), scene.wire).orElseThrow();
        Consent<Purpose.DiscoverContacts> consent = scene.terms().consentTo(Purpose.DISCOVER_CONTACTS).give();
        scene.forget();

        assertThatIllegalArgumentException().isThrownBy(() -> other.connect(consent, Scene.openId()));
        assertThat(scene.wire.routes()).isEmpty();
    }

    @Test
    @SuppressWarnings("unchecked")
    void anUncheckedCastDoesNotChangeThePurpose() {
        Scene scene = new Scene();
        IdentityServer server = scene.server();
        Consent<?> toPublish = Scene.fullConsent(Scene.terms(server), Purpose.PUBLISH_ADDRESS);
        Session session = scene.connect(server, toPublish);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> session.discovery((Consent<Purpose.DiscoverContacts>) toPublish));
    }
}
