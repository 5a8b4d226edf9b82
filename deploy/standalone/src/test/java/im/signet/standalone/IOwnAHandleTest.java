package im.signet.standalone;

import im.signet.client.BindingUpdate;
import im.signet.client.ChainReading;
import im.signet.client.ClientOptions;
import im.signet.client.Connection;
import im.signet.client.Consent;
import im.signet.client.HandleDirectory;
import im.signet.client.IdentityServer;
import im.signet.client.NameserverReading;
import im.signet.client.OpenIdToken;
import im.signet.client.OperationUpdate;
import im.signet.client.OwnHandles;
import im.signet.client.Purpose;
import im.signet.client.Registration;
import im.signet.client.Resolution;
import im.signet.client.ResolveConsent;
import im.signet.client.Session;
import im.signet.client.Terms;
import im.signet.client.TermsReading;
import im.signet.client.handle.Alarm;
import im.signet.client.handle.DeviceOffer;
import im.signet.client.handle.DeviceRequest;
import im.signet.client.handle.Nameserver;
import im.signet.client.handle.NextBinding;
import im.signet.client.handle.NextOperation;
import im.signet.client.handle.OwnIdentity;
import im.signet.client.handle.Pin;
import im.signet.client.handle.RecoveryKey;
import im.signet.client.handle.ResolvedHandle;
import im.signet.protocol.handle.Handle;
import im.signet.protocol.handle.HandleDomain;
import im.signet.protocol.handle.JwsKey;
import im.signet.protocol.handle.JwsSigner;
import im.signet.protocol.handle.Reach;
import im.signet.protocol.handle.Revocation;
import im.signet.protocol.identifier.UserId;

import java.net.URI;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

import static org.assertj.core.api.Assertions.assertThat;

/** A handle from its registration to its end, by the client library over real HTTP, and what a friend sees at each step. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class IOwnAHandleTest {

    private static final SecureRandom RANDOM = new SecureRandom();
    private static final Clock CLOCK = Clock.systemUTC();
    private static final HandleDomain HOME = HandleDomain.of("example.org");

    private Town town;

    @BeforeAll
    void start() {
        town = startTown(Map.of("signet.names.domains", "example.org,example.net", "signet.names.registration", "open",
                "signet.limits.name-operations-per-key", "100 then 100 per 1h"));
    }

    Town startTown(Map<String, String> settings) {
        return Town.start(settings);
    }

    @AfterAll
    void stop() {
        town.close();
    }

    private HandleDirectory directory() {
        return HandleDirectory.with(town.transport(), ClientOptions.defaults().allowingLoopbackHttp());
    }

    private Nameserver nameserver() {
        if (directory().nameserver(HOME) instanceof NameserverReading.Read(Nameserver nameserver)) {
            return nameserver;
        }
        throw new AssertionError("no nameserver");
    }

    /** Takes a user through terms and consent. */
    private OwnHandles handlesOf(UserId user) {
        Nameserver nameserver = nameserver();
        ClientOptions options = ClientOptions.defaults().allowingLoopbackHttp().trustingNameserver(nameserver.url());
        IdentityServer server = IdentityServer.at(town.baseUrl(), town.transport(), options).orElseThrow();
        if (!(server.terms() instanceof TermsReading.Read(Terms terms))) {
            throw new AssertionError("no terms");
        }
        Consent.Draft<Purpose.KeepHandle> draft = terms.consentTo(Purpose.keepHandle(nameserver.url()));
        terms.policies().forEach(policy -> draft.accept(policy, "en"));
        Consent<Purpose.KeepHandle> consent = draft.give();
        Connection connection = server.connect(consent,
                OpenIdToken.parse(town.homeserver.openId(user)).orElseThrow());
        if (connection instanceof Connection.Connected(Session session)) {
            return session.ownHandles(consent, nameserver);
        }
        throw new AssertionError("not connected: " + connection);
    }

    private Resolution resolve(Handle handle, Optional<Pin> pin) {
        return directory().resolve(handle, ResolveConsent.toFind(handle), pin);
    }

    private ResolvedHandle found(Handle handle, Optional<Pin> pin) {
        return switch (resolve(handle, pin)) {
            case Resolution.Found(ResolvedHandle resolved) -> resolved;
            case Resolution other -> throw new AssertionError("not found: " + other);
        };
    }

    private static OwnIdentity registered(Registration registration) {
        return switch (registration) {
            case Registration.Registered(OwnIdentity now, var _) -> now;
            case Registration other -> throw new AssertionError("not registered: " + other);
        };
    }

    private static OwnIdentity updated(BindingUpdate update) {
        return switch (update) {
            case BindingUpdate.Updated(OwnIdentity now) -> now;
            case BindingUpdate other -> throw new AssertionError("not updated: " + other);
        };
    }

    private static OwnIdentity published(OperationUpdate update) {
        return switch (update) {
            case OperationUpdate.Published(OwnIdentity now) -> now;
            case OperationUpdate other -> throw new AssertionError("not published: " + other);
        };
    }

    private static OperationUpdate.Overtaken overtaken(OperationUpdate update) {
        return switch (update) {
            case OperationUpdate.Overtaken overtaken -> overtaken;
            case OperationUpdate other -> throw new AssertionError("not overtaken: " + other);
        };
    }

    private static NextBinding claim(OwnIdentity own, Handle handle) {
        return own.claim(handle, Optional.empty(), CLOCK, RANDOM).orElseThrow();
    }

    /** Adds a device by what the two show each other; returns what remains to be published. */
    private static NextOperation join(OwnIdentity old, JwsSigner device) {
        String request = new DeviceRequest(device.key()).toText();
        String offer = old.vouchFor(DeviceRequest.parse(request).orElseThrow(), CLOCK).orElseThrow().toText();
        return OwnIdentity.join(DeviceOffer.parse(offer).orElseThrow(), device).orElseThrow();
    }

    @Test
    void fromRegistrationToRelease() {
        Handle handle = Handle.of("alice@example.org");
        Handle elsewhere = Handle.of("alice@example.net");
        UserId user = town.homeserver.register("alice");
        OwnHandles handles = handlesOf(user);
        RecoveryKey paper = RecoveryKey.generate(RANDOM);
        OwnIdentity phone = OwnIdentity.create(HOME, List.of(paper), CLOCK, RANDOM);

        assertThat(resolve(handle, Optional.empty())).isEqualTo(new Resolution.NotFound());
        NextBinding first = phone.claim(handle, Optional.of(new Reach(user, Optional.empty())), CLOCK, RANDOM)
                .orElseThrow();
        registered(handles.register(first));
        // The answer was lost: the same again comes to the same end.
        phone = registered(handles.register(first));
        ResolvedHandle shown = found(handle, Optional.empty());
        assertThat(shown.identity()).isEqualTo(phone.identity());
        assertThat(shown.reach().map(Reach::matrix)).contains(user);
        assertThat(shown.freshness()).isEqualTo(ResolvedHandle.Freshness.FRESH);
        Pin pin = Pin.parse(shown.pin().toText()).orElseThrow();

        NextOperation joined = join(phone, JwsSigner.generate(RANDOM));
        OwnIdentity laptop = published(handles.publish(joined));
        assertThat(published(handles.publish(joined)).identity()).isEqualTo(laptop.identity());
        assertThat(handles.refresh(phone)).isInstanceOfSatisfying(ChainReading.Current.class,
                current -> assertThat(current.news()).hasSize(1));

        // Somebody steals the laptop and adds a device of his own, before the phone knows of either.
        OwnIdentity thief = published(handles.publish(join(laptop, JwsSigner.generate(RANDOM))));
        thief = thief.at(found(handle, Optional.of(pin)));
        OperationUpdate tooLate = handles.publish(join(phone, JwsSigner.generate(RANDOM)));
        assertThat(overtaken(tooLate).happened()).hasSize(2);
        phone = phone.at(overtaken(tooLate).now().chain());
        Set<JwsKey> stolen = Set.of(laptop.device(), thief.device());
        phone = published(handles.publish(phone.revoke(stolen, Revocation.Why.STOLEN, CLOCK).orElseThrow()));
        OperationUpdate thrownOut = handles.publish(join(thief, JwsSigner.generate(RANDOM)));
        assertThat(thief.at(overtaken(thrownOut).now().chain()).isRevoked()).isTrue();
        assertThat(handles.update(thief.renew(handle, CLOCK, RANDOM).orElseThrow()))
                .isEqualTo(BindingUpdate.Refused.IDENTITY_CHANGED);
        shown = found(handle, Optional.of(pin));
        assertThat(shown.identity().devices()).containsExactly(phone.device());
        pin = shown.pin();

        // The phone falls into the sea: what was written down is left, and what everybody can read.
        NextOperation recovered = OwnIdentity
                .recover(shown.chain(), RecoveryKey.parse(paper.reveal()).orElseThrow(), JwsSigner.generate(RANDOM),
                        Revocation.Why.LOST, CLOCK)
                .orElseThrow();
        OwnIdentity tablet = published(handles.publish(recovered));
        shown = found(handle, Optional.of(pin));
        assertThat(shown.freshness()).isEqualTo(ResolvedHandle.Freshness.EPOCH_OVER);
        tablet = updated(handles.update(tablet.at(shown).renew(handle, CLOCK, RANDOM).orElseThrow()));
        shown = found(handle, Optional.of(pin));
        assertThat(shown.freshness()).isEqualTo(ResolvedHandle.Freshness.FRESH);
        assertThat(shown.identity().id()).isEqualTo(pin.id());
        pin = shown.pin();

        tablet = registered(handles.register(claim(tablet, elsewhere)));
        tablet = updated(handles.update(tablet.move(handle, elsewhere, paper, CLOCK, RANDOM).orElseThrow()));
        Resolution moved = resolve(handle, Optional.of(pin));
        assertThat(moved).isInstanceOf(Resolution.Moved.class);
        assertThat(directory().follow((Resolution.Moved) moved, ResolveConsent.toFind(elsewhere), Optional.empty()))
                .isInstanceOf(Resolution.Found.class);

        NextBinding release = tablet.release(handle, paper, CLOCK, RANDOM).orElseThrow();
        tablet = updated(handles.update(release));
        updated(handles.update(release));
        assertThat(resolve(handle, Optional.of(pin))).isInstanceOfSatisfying(Resolution.Alarmed.class,
                alarmed -> assertThat(alarmed.alarm()).isInstanceOf(Alarm.Vanished.class));
        assertThat(resolve(handle, Optional.empty()))
                .isEqualTo(new Resolution.Gone(Alarm.Gone.GIVEN_UP, Optional.empty()));

        // Only who had it gets it back, and only by the recovery key.
        assertThat(tablet.claim(handle, Optional.empty(), CLOCK, RANDOM).isValid()).isFalse();
        tablet = registered(
                handles.register(tablet.reclaim(handle, Optional.empty(), paper, CLOCK, RANDOM).orElseThrow()));
        assertThat(found(handle, Optional.of(pin)).identity()).isEqualTo(tablet.identity());
    }

    @Test
    void whatCannotBeHadSaysWhy() {
        OwnHandles bob = handlesOf(town.homeserver.register("bob"));
        OwnHandles carol = handlesOf(town.homeserver.register("carol"));
        OwnIdentity his = OwnIdentity.create(HOME, List.of(RecoveryKey.generate(RANDOM)), CLOCK, RANDOM);
        OwnIdentity hers = OwnIdentity.create(HOME, List.of(RecoveryKey.generate(RANDOM)), CLOCK, RANDOM);
        registered(bob.register(claim(his, Handle.of("boo@example.org"))));

        assertThat(carol.register(claim(hers, Handle.of("boo@example.org")))).isEqualTo(Registration.Refused.TAKEN);
        assertThat(carol.register(claim(hers, Handle.of("bo0@example.org"))))
                .isEqualTo(Registration.Refused.LOOKS_LIKE_ANOTHER);
        assertThat(carol.register(claim(hers, Handle.of("admin@example.org"))))
                .isEqualTo(Registration.Refused.RESERVED);
        assertThat(carol.register(claim(hers, Handle.of("carol@example.com"))))
                .isEqualTo(Registration.Refused.NOT_SERVED);
        NextBinding asBob = hers
                .claim(Handle.of("carol@example.org"),
                        Optional.of(new Reach(UserId.of("@bob:example.org"), Optional.empty())), CLOCK, RANDOM)
                .orElseThrow();
        assertThat(carol.register(asBob)).isEqualTo(Registration.Refused.REACH_NOT_PROVEN);
        for (int i = 0; i < 5; i++) {
            hers = registered(carol.register(claim(hers, Handle.of("carol" + i + i + "@example.org"))));
        }
        assertThat(carol.register(claim(hers, Handle.of("carol77@example.org"))))
                .isEqualTo(Registration.Refused.TOO_MANY);
    }

    @Test
    void anIdentityThatNoHandleNamesIsNotKept() {
        OwnHandles handles = handlesOf(town.homeserver.register("erin"));
        OwnIdentity own = OwnIdentity.create(HOME, List.of(RecoveryKey.generate(RANDOM)), CLOCK, RANDOM);

        assertThat(handles.refresh(own)).isEqualTo(new ChainReading.NotKept());
        OperationUpdate update = handles.publish(join(own, JwsSigner.generate(RANDOM)));
        assertThat(update).isInstanceOf(OperationUpdate.NotKept.class);
        OwnIdentity both = ((OperationUpdate.NotKept) update).now();
        registered(handles.register(claim(both, Handle.of("erin@example.org"))));
        assertThat(found(Handle.of("erin@example.org"), Optional.empty()).identity().devices()).hasSize(2);
    }

    @Test
    void aStrangersNameserverGetsNoToken() {
        UserId user = town.homeserver.register("frank");
        Session session = town.session(user, town.consent(Purpose.PUBLISH_ADDRESS));
        assertThat(session.mayHaveToken(URI.create("https://ns.evil.example"))).isFalse();
        assertThat(session.mayHaveToken(town.baseUrl())).isTrue();
    }
}
