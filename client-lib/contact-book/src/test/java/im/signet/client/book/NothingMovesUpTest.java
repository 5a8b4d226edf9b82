package im.signet.client.book;

import im.signet.client.NamesScene;
import im.signet.client.Resolution;
import im.signet.client.contact.AddressBook;
import im.signet.client.contact.ContactState;
import im.signet.client.contact.DiscoveredContact;
import im.signet.client.handle.Alarm;
import im.signet.client.handle.Evidence;
import im.signet.client.handle.OwnIdentity;
import im.signet.client.handle.Pin;
import im.signet.client.handle.ResolvedHandle;
import im.signet.protocol.handle.Card;
import im.signet.protocol.handle.JwsKey;
import im.signet.protocol.handle.JwsSigner;
import im.signet.protocol.handle.Reach;
import im.signet.protocol.handle.Status;
import im.signet.protocol.identifier.Address;
import im.signet.protocol.identifier.Medium;
import im.signet.protocol.identifier.UserId;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.UnaryOperator;

import org.junit.jupiter.api.Test;

import static im.signet.client.book.BookScene.ACCOUNT;
import static im.signet.client.book.BookScene.HANDLE;
import static im.signet.client.book.BookScene.MXID;
import static org.assertj.core.api.Assertions.assertThat;

/** Whatever servers and strangers say, in whatever order: nothing goes up, and no warning and no proof is forgotten. */
class NothingMovesUpTest {
    private static final int SEQUENCES = 2_000;
    private static final int LENGTH = 12;
    private static final UserId EVIL = UserId.of("@evil:example.net");
    private static final Address MAIL = Address.of(Medium.EMAIL, "alice@example.com");

    private final BookScene scene = new BookScene();
    private final List<ResolvedHandle> shown = new ArrayList<>();

    /** Everything that a nameserver can show of Alice and others in the course of a bad life. */
    private void live() {
        Optional<Reach> reach = Optional.of(new Reach(MXID, Optional.of(scene.masterKey.key())));
        shows(Status.State.ACTIVE);
        // Two bindings in one place.
        var first = scene.binding(NamesScene.ALICE);
        scene.claims(scene.alice, NamesScene.ALICE, Optional.of(new Reach(EVIL, Optional.empty())));
        shows(Status.State.ACTIVE);
        scene.bindings.put(NamesScene.ALICE, first);
        scene.claims(scene.alice, NamesScene.ALICE, reach);
        shows(Status.State.ACTIVE);
        OwnIdentity fork = scene.alice.own;
        var before = scene.binding(NamesScene.ALICE);
        scene.alice.addsDevice();
        shows(Status.State.ACTIVE);
        scene.claims(scene.alice, NamesScene.ALICE, Optional.of(new Reach(EVIL, Optional.empty())));
        shows(Status.State.ACTIVE);
        scene.claims(scene.alice, NamesScene.ALICE_ELSEWHERE, reach);
        shown.add(scene.withoutPin(NamesScene.ALICE_ELSEWHERE));
        scene.newEpoch();
        shows(Status.State.STALE);
        scene.claims(scene.alice, NamesScene.ALICE, reach);
        shows(Status.State.ACTIVE);
        scene.alice.own = scene.alice.own.at(shown.get(shown.size() - 1));
        scene.alice.did(scene.alice.own.move(NamesScene.ALICE, NamesScene.ALICE_ELSEWHERE, scene.alice.recovery,
                scene.alice.clock, NamesScene.RANDOM).orElseThrow());
        scene.scene.shows(scene.alice, NamesScene.ALICE, Status.State.MOVED);
        shown.add(((Resolution.Moved) scene.scene.resolve(Optional.empty())).handle());
        scene.alice.did(scene.alice.own.deactivate(scene.alice.recovery, scene.alice.clock).orElseThrow());
        showsAt(NamesScene.ALICE_ELSEWHERE);
        // Another history, with other bindings.
        scene.alice.own = fork;
        scene.bindings.put(NamesScene.ALICE, before);
        scene.alice.addsDevice();
        scene.claims(scene.alice, NamesScene.ALICE, Optional.empty());
        shows(Status.State.ACTIVE);
        scene.newEpoch();
        scene.claims(scene.alice, NamesScene.ALICE, reach);
        shows(Status.State.ACTIVE);
        NamesScene.Person other = scene.scene.person().claims(NamesScene.ALICE);
        scene.scene.shows(other, NamesScene.ALICE);
        shown.add(scene.withoutPin(NamesScene.ALICE));
        scene.scene.says(NamesScene.WELL_KNOWN, 200,
                NamesScene.document("https://ns.example.org", JwsSigner.generate(NamesScene.RANDOM),
                        scene.scene.statusKey));
        shown.add(scene.withoutPin(NamesScene.ALICE));
    }

    private void shows(Status.State state) {
        scene.showsAgain(state);
        shown.add(scene.withoutPin(NamesScene.ALICE));
        scene.later();
    }

    private void showsAt(im.signet.protocol.handle.Handle handle) {
        scene.shows(scene.alice, scene.binding(handle), Status.State.STALE);
        shown.add(scene.withoutPin(handle));
        scene.later();
    }

    private List<UnaryOperator<ContactBook>> whatServersAndStrangersSay() {
        List<UnaryOperator<ContactBook>> acts = new ArrayList<>();
        List<Evidence> evidence = new ArrayList<>();
        for (ResolvedHandle each : shown) {
            acts.add(book -> book.resolved(each, scene.now()));
            acts.add(book -> book.imported(Card.of(each.identity(), Optional.of(each.handle())), scene.now()));
            Pin pin = each.pin();
            for (Alarm.Gone gone : Alarm.Gone.values()) {
                acts.add(book -> book.alarmed(new Alarm.Vanished(pin, gone, Optional.empty()), scene.now()));
            }
            for (ResolvedHandle next : shown) {
                if (next.handle().equals(pin.handle())) {
                    pin.contradictedBy(next).ifPresent(alarm -> {
                        acts.add(book -> book.alarmed(alarm, scene.now()));
                        alarm.evidence().ifPresent(evidence::add);
                    });
                }
            }
            String export = ContactBook.empty().resolved(each, scene.now()).exported();
            acts.add(book -> book.imported(export, scene.now()).orElseThrow());
        }
        for (Evidence each : evidence) {
            acts.add(book -> book.proven(each, scene.now()));
        }
        for (UserId userId : List.of(MXID, EVIL)) {
            acts.add(book -> book
                    .learned(DiscoveredContact.lookedUp(new AddressBook.Entry("Alice", MAIL), userId), scene.now()));
            for (JwsKey key : List.of(scene.masterKey.key(), scene.scene.statusKey.key())) {
                acts.add(book -> book.learnedMasterKey(userId, key, scene.now()));
            }
        }
        assertThat(evidence).extracting(Evidence::kind).contains(Evidence.Kind.values());
        return acts;
    }

    /** What the user did before: verified what was shown, or an account, or said that something is compromised. */
    private void begin(Random random) {
        scene.book = random.nextBoolean()
                ? ContactBook.empty()
                : ContactBook.empty().added("Alice", List.of(HANDLE, ACCOUNT, new Identifier.OfAddress(MAIL)));
        ResolvedHandle first = shown.get(random.nextInt(shown.size()));
        scene.book = scene.book.resolved(first, scene.now());
        if (random.nextInt(4) > 0) {
            verify(first);
        }
        if (random.nextInt(4) == 0 && scene.book.identifier(ACCOUNT).isPresent()) {
            scene.book = scene.book.learnedMasterKey(MXID, scene.masterKey.key(), scene.now());
            scene.enters(Verification.ofMasterKey(MXID, scene.masterKey.key(),
                    BookScene.matrixBase64(scene.masterKey.key())));
        }
        if (random.nextInt(8) == 0) {
            scene.book = scene.book.compromised(new Identifier.OfIdentity(first.identity().id()), scene.now());
        }
    }

    private void verify(ResolvedHandle first) {
        // The card of the other person, who has what was shown: comparing fingerprints costs more time than this test has.
        Card card = Card.of(first.identity(), Optional.empty());
        scene.enters(Verification.ofScannedCard(card, scene.me.own.identity(), first.identity()));
    }

    private static int rank(ContactState state) {
        return switch (state) {
            case COMPROMISED -> 0;
            case UNVALIDATED -> 1;
            case VALIDATED -> 2;
        };
    }

    @Test
    void noSequenceOfAnswersMovesAnythingUp() {
        live();
        List<UnaryOperator<ContactBook>> acts = whatServersAndStrangersSay();
        Map<ContactState, Integer> loweredTo = new EnumMap<>(ContactState.class);
        int validatedAtTheStart = 0;
        for (int seed = 0; seed < SEQUENCES; seed++) {
            Random random = new Random(seed);
            begin(random);
            Map<Identifier, KnownIdentifier> before = scene.all();
            validatedAtTheStart += (int) before.values()
                    .stream()
                    .filter(known -> known.state() == ContactState.VALIDATED)
                    .count();
            for (int i = 0; i < LENGTH; i++) {
                scene.book = acts.get(random.nextInt(acts.size())).apply(scene.book);
                Map<Identifier, KnownIdentifier> after = scene.all();
                requireNotHigher(before, after, seed, loweredTo);
                before = after;
            }
            if (seed % 100 == 0) {
                survivesTheStore();
            }
        }
        // Else it would have shown nothing.
        assertThat(validatedAtTheStart).isGreaterThan(SEQUENCES);
        assertThat(loweredTo.get(ContactState.UNVALIDATED)).isGreaterThan(SEQUENCES / 10);
        assertThat(loweredTo.get(ContactState.COMPROMISED)).isGreaterThan(SEQUENCES / 10);
    }

    private static void requireNotHigher(Map<Identifier, KnownIdentifier> before,
            Map<Identifier, KnownIdentifier> after, int seed, Map<ContactState, Integer> loweredTo) {
        assertThat(after.keySet()).as("seed %d", seed).containsAll(before.keySet());
        after.forEach((identifier, now) -> {
            KnownIdentifier then = before.get(identifier);
            int highest = then == null ? rank(ContactState.UNVALIDATED) : rank(then.state());
            assertThat(rank(now.state())).as("seed %d, %s", seed, identifier).isLessThanOrEqualTo(highest);
            if (rank(now.state()) < highest) {
                assertThat(now.demotion()).as("seed %d: says why", seed).isPresent();
                loweredTo.merge(now.state(), 1, Integer::sum);
            }
            if (then != null) {
                assertThat(now.warnings()).as("seed %d", seed).containsAll(then.warnings());
                assertThat(now.evidence()).as("seed %d", seed).containsAll(then.evidence());
            }
        });
    }

    private void survivesTheStore() {
        ContactStore memory = new InMemoryContactStore();
        ContactBook book = scene.book;
        assertThat(StoredContacts.in(memory).change(empty -> book))
                .isEqualTo(new StoredContacts.Change.Changed(book));
        assertThat(StoredContacts.in(memory).read()).isEqualTo(new StoredContacts.Reading.Read(book));
    }

    /** Another store than that of files, as an application would write it. */
    private static final class InMemoryContactStore implements ContactStore {
        private Optional<Content> content = Optional.empty();

        @Override
        public synchronized Reading read() {
            return content.isPresent() ? new Reading.Found(content.get()) : new Reading.Absent();
        }

        @Override
        public synchronized Writing replace(Optional<Content> before, Content after) {
            if (!content.equals(before)) {
                return new Writing.Conflict();
            }
            content = Optional.of(after);
            return new Writing.Written();
        }
    }
}
