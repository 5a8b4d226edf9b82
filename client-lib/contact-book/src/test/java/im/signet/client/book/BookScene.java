package im.signet.client.book;

import im.signet.client.NamesScene;
import im.signet.client.Resolution;
import im.signet.client.contact.ContactState;
import im.signet.client.handle.Alarm;
import im.signet.client.handle.ResolvedHandle;
import im.signet.protocol.handle.Binding;
import im.signet.protocol.handle.Card;
import im.signet.protocol.handle.Fingerprint;
import im.signet.protocol.handle.Handle;
import im.signet.protocol.handle.Identity;
import im.signet.protocol.handle.JwsKey;
import im.signet.protocol.handle.JwsSigner;
import im.signet.protocol.handle.Reach;
import im.signet.protocol.handle.Revocation;
import im.signet.protocol.handle.Rnd;
import im.signet.protocol.handle.SignedBinding;
import im.signet.protocol.handle.Status;
import im.signet.protocol.identifier.UserId;

import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import static org.assertj.core.api.Assertions.assertThat;

/** A user with a contact book, and Alice of whom it is about, whose nameserver says whatever a test has told it. */
final class BookScene {
    static final UserId MXID = UserId.of("@alice:example.org");
    static final Identifier.OfMatrix ACCOUNT = new Identifier.OfMatrix(MXID);
    static final Identifier.OfHandle HANDLE = new Identifier.OfHandle(NamesScene.ALICE);

    final NamesScene scene = new NamesScene();
    final NamesScene.Person me = scene.person();
    final NamesScene.Person alice = scene.person();
    final JwsSigner masterKey = JwsSigner.generate(NamesScene.RANDOM);
    final Map<Handle, SignedBinding> bindings = new LinkedHashMap<>();
    ContactBook book = ContactBook.empty();

    BookScene() {
        claims(alice, NamesScene.ALICE, Optional.of(new Reach(MXID, Optional.of(masterKey.key()))));
    }

    /** Returns the identity of a stranger. */
    Identity person() {
        return scene.person().own.identity();
    }

    Instant now() {
        return scene.clock.now;
    }

    void later() {
        scene.clock.now = scene.clock.now.plus(Duration.ofHours(1));
    }

    Identifier.OfIdentity id() {
        return new Identifier.OfIdentity(alice.own.id());
    }

    /** Signs what the library does not: a reach with a master key, or another one than before. */
    SignedBinding claims(NamesScene.Person person, Handle handle, Optional<Reach> reach) {
        Optional<SignedBinding> before = Optional.ofNullable(bindings.get(handle));
        long iat = now().getEpochSecond();
        Rnd rnd = Rnd.generate(NamesScene.RANDOM);
        Binding next = before.isPresent()
                ? before.get().renew(person.own.identity(), iat, rnd)
                : Binding.first(handle, person.own.identity(), iat, rnd);
        Binding binding = new Binding(next.handle(), next.id(), next.seq(), next.prev(), next.head(), next.hs(),
                next.epoch(), next.state(), next.to(), next.iat(), next.exp(), next.rnd(), reach, next.ext());
        JwsSigner device = device(person);
        boolean byMaster = reach.flatMap(Reach::matrixMasterKey).equals(Optional.of(masterKey.key()));
        SignedBinding signed = SignedBinding
                .verify(byMaster ? binding.sign(device, masterKey) : binding.sign(device), person.own.identity())
                .orElseThrow();
        bindings.put(handle, signed);
        shows(person, signed, Status.State.ACTIVE);
        return signed;
    }

    SignedBinding binding(Handle handle) {
        return Optional.ofNullable(bindings.get(handle)).orElseThrow();
    }

    static JwsSigner device(NamesScene.Person person) {
        return JwsSigner.fromSeed(Arrays.copyOf(person.own.toBytes(), JwsSigner.SEED_BYTES));
    }

    void shows(NamesScene.Person person, SignedBinding binding, Status.State state) {
        scene.says("GET " + NamesScene.NAMES + "/handles/" + binding.binding().handle(), 200,
                scene.bundle(person.own.chain(), binding, scene.status(person.own.chain(), binding, state)));
    }

    void showsAgain(Status.State state) {
        shows(alice, binding(NamesScene.ALICE), state);
    }

    void newEpoch() {
        alice.did(im.signet.client.handle.OwnIdentity.recover(alice.own.chain(), alice.recovery,
                JwsSigner.generate(NamesScene.RANDOM), Revocation.Why.STOLEN, alice.clock).orElseThrow());
    }

    /** Asks for the handle as an application does, and enters the answer. */
    Resolution asks(Handle handle) {
        Resolution resolution = scene.resolve(handle, book.pin(handle));
        if (resolution instanceof Resolution.Found found) {
            book = book.resolved(found.handle(), now());
        } else if (resolution instanceof Resolution.Moved moved) {
            book = book.resolved(moved.handle(), now());
        } else if (resolution instanceof Resolution.Alarmed alarmed) {
            book = book.alarmed(alarmed.alarm(), now());
        }
        return resolution;
    }

    Alarm alarm() {
        return ((Resolution.Alarmed) asks(NamesScene.ALICE)).alarm();
    }

    ResolvedHandle withoutPin(Handle handle) {
        return ((Resolution.Found) scene.resolve(handle, Optional.empty())).handle();
    }

    Identity pinned() {
        return known(id()).chain().orElseThrow().identity();
    }

    Verification.Comparison comparesFingerprints() {
        String shown = Fingerprint.of(alice.own.identity(), me.own.identity()).toString();
        return Verification.ofFingerprints(me.own.identity(), pinned(), shown);
    }

    Verification.Comparison scansCard() {
        return Verification.ofScannedCard(Card.of(alice.own.identity(), Optional.empty()), me.own.identity(),
                pinned());
    }

    Verifying enters(Verification.Comparison comparison) {
        assertThat(comparison).isInstanceOf(Verification.Comparison.Matches.class);
        Verifying verifying = book.verified(((Verification.Comparison.Matches) comparison).verification(), now());
        if (verifying instanceof Verifying.Verified verified) {
            book = verified.book();
        }
        return verifying;
    }

    void validates() {
        assertThat(enters(comparesFingerprints())).isInstanceOf(Verifying.Verified.class);
    }

    KnownIdentifier known(Identifier identifier) {
        return book.identifier(identifier).orElseThrow();
    }

    ContactState state(Identifier identifier) {
        return known(identifier).state();
    }

    static String matrixBase64(JwsKey key) {
        return im.signet.protocol.signature.UnpaddedBase64.encode(key.toBytes());
    }

    Map<Identifier, KnownIdentifier> all() {
        Map<Identifier, KnownIdentifier> all = new LinkedHashMap<>();
        for (Contact contact : book.contacts()) {
            for (KnownIdentifier known : contact.identifiers()) {
                assertThat(all.put(known.identifier(), known)).as("an identifier stands twice").isNull();
            }
        }
        return all;
    }

    Contact only() {
        List<Contact> contacts = book.contacts();
        assertThat(contacts).hasSize(1);
        return contacts.get(0);
    }
}
