package im.signet.demo.walk;

import im.signet.client.Binding;
import im.signet.client.BindingUpdate;
import im.signet.client.Connection;
import im.signet.client.Consent;
import im.signet.client.HandleDirectory;
import im.signet.client.HomeserverBinding;
import im.signet.client.IdentityServer;
import im.signet.client.Logout;
import im.signet.client.Lookup;
import im.signet.client.NameserverReading;
import im.signet.client.OpenIdReading;
import im.signet.client.OpenIdToken;
import im.signet.client.OperationUpdate;
import im.signet.client.OwnHandles;
import im.signet.client.PendingAddress;
import im.signet.client.Policy;
import im.signet.client.PolicyText;
import im.signet.client.Proof;
import im.signet.client.ProvenAddress;
import im.signet.client.Publication;
import im.signet.client.Purpose;
import im.signet.client.Registration;
import im.signet.client.Resolution;
import im.signet.client.ResolveConsent;
import im.signet.client.Session;
import im.signet.client.Status;
import im.signet.client.Terms;
import im.signet.client.TermsReading;
import im.signet.client.TokenRequest;
import im.signet.client.book.ContactBook;
import im.signet.client.book.Demotion;
import im.signet.client.book.Identifier;
import im.signet.client.book.KnownIdentifier;
import im.signet.client.book.Suggestion;
import im.signet.client.book.Verification;
import im.signet.client.book.Verification.Comparison;
import im.signet.client.book.Verifying;
import im.signet.client.contact.AddressBook;
import im.signet.client.contact.ContactState;
import im.signet.client.contact.DiscoveredContact;
import im.signet.client.handle.Nameserver;
import im.signet.client.handle.NextBinding;
import im.signet.client.handle.NextOperation;
import im.signet.client.handle.OwnIdentity;
import im.signet.client.handle.RecoveryKey;
import im.signet.client.handle.ResolvedHandle;
import im.signet.demo.CaughtMail;
import im.signet.protocol.handle.Fingerprint;
import im.signet.protocol.handle.Handle;
import im.signet.protocol.handle.Identity;
import im.signet.protocol.handle.JwsSigner;
import im.signet.protocol.handle.Reach;
import im.signet.protocol.handle.Revocation;
import im.signet.protocol.identifier.Address;
import im.signet.protocol.identifier.Medium;
import im.signet.protocol.identifier.UserId;

import java.net.URI;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** The steps of the demonstration. Each one that does not hold ends the walk with an {@link IllegalStateException}. */
final class Walk {

    private static final Handle HANDLE = Handle.of("alice@" + Scene.DOMAIN);
    private static final Identifier.OfHandle OF_HANDLE = new Identifier.OfHandle(HANDLE);

    private final Scene scene;
    private final Narrator narrator;
    private final Clock clock = Clock.systemUTC();
    private final SecureRandom random = new SecureRandom();
    private ContactBook book = ContactBook.empty();

    Walk(Scene scene, Narrator narrator) {
        this.scene = scene;
        this.narrator = narrator;
    }

    /**
     * Two people publish their addresses; a third finds them by her address book and one of them by a handle, and remembers them
     * in a contact book, of which two are validated and demoted.
     */
    void walk(UserId alice, UserId bob, UserId carol) {
        Proven alices = prove("Alice", alice, "alice@example.org", "en");
        bind("Alice", alices);
        // As people type it: a lookup of another spelling finds him all the same.
        Proven bobs = prove("Bob", bob, "Bob.Stra\u00DFe@Example.org", "fr");
        bindThroughTheHomeserver("Bob", bob, bobs);
        discover(carol, alice, bob);
        Owner owner = register(alice);
        compare(resolve(alice, owner.identity()), owner.identity(), alice);
        recover(owner);
        resolveAgain(alice);
    }

    private record Proven(Publication publication, ProvenAddress address) {}

    private Proven prove(String name, UserId user, String typed, String language) {
        narrator.step(name + " chooses the server, and asks what it is and which terms it has (this needs no consent)");
        IdentityServer server = scene.app();
        check(server.status() instanceof Status.Available, "it is an identity server");
        Terms terms = terms(server);
        read(terms, language);

        narrator.step(name + " agrees to publish an address, and logs in with an OpenID token of the homeserver");
        Consent<Purpose.PublishAddress> consent = agree(terms, Purpose.PUBLISH_ADDRESS, language);
        Session session = connect(server, consent, user);
        check(session.userId().equals(user), "the server knows " + user + " and the terms are accepted");

        narrator.step(name + " asks to prove the address " + typed);
        Publication publication = session.publication(consent);
        Address address = Address.parse(Medium.EMAIL, typed).orElseThrow();
        TokenRequest request = publication.requestEmailToken(address);
        if (!(request instanceof TokenRequest.Sent(PendingAddress pending))) {
            throw new IllegalStateException("no mail is on its way: " + request);
        }
        narrator.held("a mail is on its way");
        CaughtMail mail = scene.mailTo(address.value());
        narrator.note("mail to " + mail.recipients() + ": " + mail.subject());
        check(mail.text().contains(user.value()), "the mail names who asked");

        narrator.step(name + " opens the link, which shows a page; only its button confirms");
        String page = scene.open(mail.links().get(0));
        check(publication.proof(pending) instanceof Proof.NotYet, "opening the link changed nothing");
        List<PageForm> forms = PageForm.in(page);
        check(forms.size() == 2, "the page has a button to confirm, and one that says \"that was not me\"");
        scene.press(forms.get(0));
        Proof proof = publication.proof(pending);
        if (!(proof instanceof Proof.Proven proven)) {
            throw new IllegalStateException("the address is not proven: " + proof);
        }
        narrator.held("the address is proven; nobody can find it yet");
        return new Proven(publication, proven.address());
    }

    private void bind(String name, Proven proven) {
        narrator.step(name + " has it bound");
        Binding binding = proven.publication().bind(proven.address());
        if (!(binding instanceof Binding.Bound bound)) {
            throw new IllegalStateException("the address is not bound: " + binding);
        }
        narrator.held("bound to " + bound.association().userId() + ", and the signature of "
                + bound.association().signedBy() + " (" + bound.association().keyId() + ") verifies");
    }

    private void bindThroughTheHomeserver(String name, UserId user, Proven proven) {
        narrator.step(name + " has the homeserver bind it, as most Matrix clients do");
        HomeserverBinding binding = proven.publication().bindThrough(scene.homeserver(user), proven.address());
        check(binding instanceof HomeserverBinding.Bound,
                "the homeserver asked the identity server, and says it is bound");
    }

    private void discover(UserId carol, UserId alice, UserId bob) {
        narrator.step("Carol looks for the people of her address book; first she reads the terms, too");
        IdentityServer server = scene.app();
        Terms terms = terms(server);
        Consent<Purpose.DiscoverContacts> consent = agree(terms, Purpose.DISCOVER_CONTACTS, "en");
        Session session = connect(server, consent, carol);

        narrator.step("Carol's app sends hashes of three addresses");
        AddressBook addresses = AddressBook.empty()
                .with("Alice (work)", Address.parse(Medium.EMAIL, "ALICE@example.org").orElseThrow())
                .with("Bob", Address.parse(Medium.EMAIL, "bob.strasse@example.org").orElseThrow())
                .with("Dave, who never agreed", Address.parse(Medium.EMAIL, "dave@example.org").orElseThrow());
        Lookup lookup = session.discovery(consent).lookup(addresses);
        if (!(lookup instanceof Lookup.Found found)) {
            throw new IllegalStateException("no answer to the lookup: " + lookup);
        }
        check(found.contacts().stream().map(DiscoveredContact::userId).toList().containsAll(List.of(alice, bob))
                && found.contacts().size() == 2, "she found Alice and Bob, and learned nothing of Dave");

        narrator.step("Carol's app enters them into her contact book");
        for (DiscoveredContact contact : found.contacts()) {
            book = book.learned(contact, clock.instant());
        }
        narrator.book("Carol's contact book", book);
        check(validated().isEmpty(),
                "every identifier is UNVALIDATED until she has compared something with the person");
        check(book.toValidateNext().size() == 2, "the book proposes both of them to be compared with");

        narrator.step("Carol logs out");
        check(session.logout() instanceof Logout.LoggedOut, "her token is worth nothing any more");
        check(session.discovery(consent).lookup(addresses) instanceof im.signet.client.Failure.SignedOut,
                "a lookup with it is refused");
    }

    /** What Alice has once she is registered; the recovery key is on paper, the rest on her phone. */
    private record Owner(OwnIdentity identity, RecoveryKey paper, OwnHandles handles) {}

    private Owner register(UserId alice) {
        narrator.step(
                "Alice makes an identity on her phone: a key for the device, and a recovery key that she writes down");
        RecoveryKey paper = RecoveryKey.generate(random);
        OwnIdentity phone = OwnIdentity.create(HANDLE.domain(), List.of(paper), clock, random);
        narrator.note("the identity is called " + phone.id() + ", after the first thing it signed");
        check(new String(paper.reveal()).startsWith("SIGNET-RECOVERY:"),
                "nothing was sent, and no key leaves the phone");

        narrator.step("Alice agrees to keep a handle here, and registers " + HANDLE);
        IdentityServer server = scene.app();
        Nameserver nameserver = nameserver();
        Consent<Purpose.KeepHandle> consent = agree(terms(server), Purpose.keepHandle(nameserver.url()), "en");
        OwnHandles handles = connect(server, consent, alice).ownHandles(consent, nameserver);
        NextBinding claim = phone.claim(HANDLE, Optional.of(new Reach(alice, Optional.empty())), clock, random)
                .orElseThrow();
        Registration registration = handles.register(claim);
        if (!(registration instanceof Registration.Registered registered)) {
            throw new IllegalStateException("the handle is not registered: " + registration);
        }
        narrator.held("the record is signed by the identity that it names: nobody is named who did not agree");
        return new Owner(registered.now(), paper, handles);
    }

    private Nameserver nameserver() {
        NameserverReading reading = scene.directory().nameserver(HANDLE.domain());
        if (reading instanceof NameserverReading.Read read) {
            return read.nameserver();
        }
        throw new IllegalStateException("no nameserver: " + reading);
    }

    private ResolvedHandle resolve(UserId alice, OwnIdentity owner) {
        narrator.step("Carol looks up " + HANDLE + ", which Alice has told her; she needs no account for that");
        book = book.withIdentifier(book.find(new Identifier.OfMatrix(alice)).orElseThrow().id(), OF_HANDLE);
        HandleDirectory directory = scene.directory();
        Resolution resolution = directory.resolve(HANDLE, ResolveConsent.toFind(HANDLE), Optional.empty());
        if (!(resolution instanceof Resolution.Found found)) {
            throw new IllegalStateException("the handle does not resolve: " + resolution);
        }
        ResolvedHandle handle = found.handle();
        check(handle.identity().id().equals(owner.id()),
                "every signature was checked on her device; it names " + handle.identity().id());
        check(handle.reach().map(Reach::matrix).equals(Optional.of(alice)),
                "its owner claims to be reached at " + alice + "; who its owner is, nobody has said");
        book = book.resolved(handle, clock.instant());
        check(directory.resolve(HANDLE, ResolveConsent.toFind(HANDLE), book.pin(HANDLE)) instanceof Resolution.Found,
                "what she found is pinned in her book: from now on another answer is an alarm");
        narrator.book("Carol's contact book", book);
        check(validated().isEmpty(), "nothing of it is validated: every word of it came from servers");
        return handle;
    }

    private void compare(ResolvedHandle found, OwnIdentity alices, UserId alice) {
        narrator.step("Alice and Carol meet; Carol types what Alice's device shows into hers, which compares");
        Identity carols = OwnIdentity.create(HANDLE.domain(), List.of(RecoveryKey.generate(random)), clock, random)
                .identity();
        Identity liars = OwnIdentity.create(HANDLE.domain(), List.of(RecoveryKey.generate(random)), clock, random)
                .identity();
        String shown = Fingerprint.of(alices.identity(), carols).toString();
        narrator.note("Alice's device shows " + shown);
        narrator.note("Carol's device shows " + Fingerprint.of(carols, found.identity()));
        check(Verification.ofFingerprints(carols, liars, shown) instanceof Comparison.Differs,
                "with an identity that a lying server had put there the 60 digits would differ");
        if (!(Verification.ofFingerprints(carols, found.identity(), shown) instanceof Comparison.Matches(var same))) {
            throw new IllegalStateException("the 60 digits differ");
        }
        narrator.held("they are the same: nobody stands between them");
        Verifying verifying = book.verified(same, clock.instant());
        if (!(verifying instanceof Verifying.Verified(ContactBook verified))) {
            throw new IllegalStateException("the comparison does not count: " + verifying);
        }
        book = verified;
        narrator.book("Carol's contact book", book);
        check(validated().equals(ofAlice(alice)),
                "VALIDATED is her identity now, with the handle and the account that it signs for, and nothing else");
    }

    /** What Alice's identity can validate: itself, the handle, and the account in its signed reach. No address. */
    private Set<Identifier> ofAlice(UserId alice) {
        Identifier identity = new Identifier.OfIdentity(book.pin(HANDLE).orElseThrow().id());
        return Set.of(identity, OF_HANDLE, new Identifier.OfMatrix(alice));
    }

    private void recover(Owner owner) {
        narrator.step(
                "Alice's phone is stolen; with the recovery key on paper and a tablet she goes on, and revokes the phone");
        NextOperation next = OwnIdentity
                .recover(owner.identity().chain(), owner.paper(), JwsSigner.generate(random), Revocation.Why.STOLEN,
                        clock)
                .orElseThrow();
        OperationUpdate update = owner.handles().publish(next);
        if (!(update instanceof OperationUpdate.Published(OwnIdentity tablet))) {
            throw new IllegalStateException("the recovery is not published: " + update);
        }
        check(tablet.id().equals(owner.identity().id())
                && tablet.identity().epoch() > owner.identity().identity().epoch(),
                "it is the same identity, in a new epoch");
        Resolution own = scene.directory().resolve(HANDLE, ResolveConsent.toFind(HANDLE), Optional.empty());
        if (!(own instanceof Resolution.Found(ResolvedHandle stale))) {
            throw new IllegalStateException("the handle does not resolve: " + own);
        }
        NextBinding renewal = tablet.at(stale).renew(HANDLE, clock, random).orElseThrow();
        check(owner.handles().update(renewal) instanceof BindingUpdate.Updated,
                "the tablet has signed for " + HANDLE + " anew");
    }

    private void resolveAgain(UserId alice) {
        narrator.step("Carol's app looks " + HANDLE + " up again");
        Resolution resolution = scene.directory().resolve(HANDLE, ResolveConsent.toFind(HANDLE), book.pin(HANDLE));
        if (!(resolution instanceof Resolution.Found(ResolvedHandle found))) {
            throw new IllegalStateException("the handle does not resolve: " + resolution);
        }
        book = book.resolved(found, clock.instant());
        narrator.book("Carol's contact book", book);
        check(validated().isEmpty() && ofAlice(alice).stream().allMatch(this::isDemotedByTheNewEpoch),
                "nothing of hers is VALIDATED any more: whoever has her paper could have done this, too");
        check(book.toValidateNext().getFirst().reason() == Suggestion.Reason.DEMOTED,
                "the book proposes to meet her again first of all");
    }

    private boolean isDemotedByTheNewEpoch(Identifier identifier) {
        return book.identifier(identifier)
                .flatMap(KnownIdentifier::demotion)
                .filter(demotion -> demotion.reason() == Demotion.Reason.NEW_EPOCH)
                .isPresent();
    }

    private Set<Identifier> validated() {
        return book.contacts()
                .stream()
                .flatMap(contact -> contact.identifiers().stream())
                .filter(known -> known.state() == ContactState.VALIDATED)
                .map(KnownIdentifier::identifier)
                .collect(Collectors.toSet());
    }

    /** Has one more address to be proven, and returns the mailed link, whose button nobody has pressed. */
    URI waitingLink(UserId user) {
        IdentityServer server = scene.quietApp();
        Consent<Purpose.PublishAddress> consent = agree(terms(server), Purpose.PUBLISH_ADDRESS, "en");
        Address address = Address.parse(Medium.EMAIL, "visitor@example.org").orElseThrow();
        connect(server, consent, user).publication(consent).requestEmailToken(address);
        return scene.mailTo(address.value()).links().get(0);
    }

    private Terms terms(IdentityServer server) {
        TermsReading reading = server.terms();
        if (!(reading instanceof TermsReading.Read read)) {
            throw new IllegalStateException("the terms cannot be read: " + reading);
        }
        return read.terms();
    }

    private void read(Terms terms, String language) {
        for (Policy policy : terms.policies()) {
            PolicyText text = policy.text(language).orElseThrow();
            String page = scene.open(URI.create(text.url().toString()));
            check(page.contains("lang=\"" + language + "\""),
                    "\"" + text.name() + "\" " + policy.version() + " can be read in '" + language + "'");
        }
    }

    private static <P extends Purpose> Consent<P> agree(Terms terms, P purpose, String language) {
        Consent.Draft<P> draft = terms.consentTo(purpose);
        for (Policy policy : terms.policies()) {
            draft = draft.accept(policy, language);
        }
        return draft.give();
    }

    private Session connect(IdentityServer server, Consent<?> consent, UserId user) {
        if (!(scene.homeserver(user).openId() instanceof OpenIdReading.Read(OpenIdToken openId))) {
            throw new IllegalStateException("the homeserver does not vouch for " + user);
        }
        Connection connection = server.connect(consent, openId);
        if (connection instanceof Connection.Connected connected) {
            return connected.session();
        }
        throw new IllegalStateException("not connected: " + connection);
    }

    private void check(boolean holds, String what) {
        if (!holds) {
            throw new IllegalStateException("this does not hold: " + what);
        }
        narrator.held(what);
    }
}
