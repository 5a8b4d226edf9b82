package im.signet.client.book;

import im.signet.client.NamesScene;
import im.signet.client.Resolution;
import im.signet.client.contact.AddressBook;
import im.signet.client.contact.ContactState;
import im.signet.client.contact.DiscoveredContact;
import im.signet.client.handle.Alarm;
import im.signet.client.handle.Evidence;
import im.signet.client.handle.OwnIdentity;
import im.signet.client.handle.ResolvedHandle;
import im.signet.protocol.handle.Card;
import im.signet.protocol.handle.JwsSigner;
import im.signet.protocol.handle.Reach;
import im.signet.protocol.handle.Status;
import im.signet.protocol.identifier.Address;
import im.signet.protocol.identifier.Medium;
import im.signet.protocol.identifier.UserId;

import java.util.List;
import java.util.Optional;
import java.util.Set;

import org.junit.jupiter.api.Test;

import static im.signet.client.book.BookScene.ACCOUNT;
import static im.signet.client.book.BookScene.HANDLE;
import static im.signet.client.book.BookScene.MXID;
import static im.signet.client.contact.ContactState.COMPROMISED;
import static im.signet.client.contact.ContactState.UNVALIDATED;
import static im.signet.client.contact.ContactState.VALIDATED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/** Section 11 of docs/spec/handles.md, rule by rule. */
class ContactBookTest {
    private static final Address MAIL = Address.of(Medium.EMAIL, "alice@example.com");
    private static final Identifier.OfAddress ADDRESS = new Identifier.OfAddress(MAIL);
    private static final UserId EVIL = UserId.of("@evil:example.net");

    private final BookScene scene = new BookScene();

    private void found(UserId userId) {
        scene.book = scene.book.learned(DiscoveredContact.lookedUp(new AddressBook.Entry("Alice", MAIL), userId),
                scene.now());
    }

    private ContactId only() {
        return scene.only().id();
    }

    private Demotion.Reason why(Identifier identifier) {
        return scene.known(identifier).demotion().orElseThrow().reason();
    }

    private List<Warning.Kind> warnings(Identifier identifier) {
        return scene.known(identifier).warnings().stream().map(Warning::kind).toList();
    }

    private void resolvedAndValidated() {
        scene.asks(NamesScene.ALICE);
        scene.validates();
    }

    /** Alice's keys sign two histories; the user's server shows the other one than the pinned. */
    private void forks() {
        OwnIdentity fork = scene.alice.own;
        scene.alice.addsDevice();
        scene.showsAgain(Status.State.ACTIVE);
        scene.asks(NamesScene.ALICE);
        OwnIdentity mine = scene.alice.own;
        scene.alice.own = fork;
        scene.alice.addsDevice();
        scene.later();
        scene.showsAgain(Status.State.ACTIVE);
        assertThat(scene.alarm()).isInstanceOf(Alarm.ContradictsItself.class);
        scene.alice.own = mine;
    }

    // 11.1 and 11.2: one entry, one state for each identifier; all that was looked up is unvalidated.

    @Test
    void whatAServerNamesIsOneEntryAndUnvalidated() {
        scene.asks(NamesScene.ALICE);

        assertThat(scene.only().name()).isEqualTo("alice@example.org");
        assertThat(scene.only().identifiers()).extracting(KnownIdentifier::identifier)
                .containsExactly(scene.id(), HANDLE, ACCOUNT);
        assertThat(scene.only().identifiers()).extracting(KnownIdentifier::state).containsOnly(UNVALIDATED);
        assertThat(scene.book.pin(NamesScene.ALICE)).isPresent();
    }

    @Test
    void aLookedUpAddressStaysUnvalidatedInsideAnEntryWhoseIdIsValidated() {
        scene.book = scene.book.added("Alice", List.of(ADDRESS, HANDLE));
        found(MXID);
        resolvedAndValidated();

        assertThat(scene.state(scene.id())).isEqualTo(VALIDATED);
        assertThat(scene.state(HANDLE)).isEqualTo(VALIDATED);
        assertThat(scene.known(HANDLE).validatedThrough()).contains(scene.alice.own.id());
        assertThat(scene.state(ACCOUNT)).as("covered by the signed reach").isEqualTo(VALIDATED);
        assertThat(scene.state(ADDRESS)).isEqualTo(UNVALIDATED);
        assertThat(scene.known(ADDRESS).foundAs()).contains(MXID);
    }

    @Test
    void anAccountThatTheReachDoesNotNameIsNotCovered() {
        scene.book = scene.book.added("Alice", List.of(ADDRESS, HANDLE));
        found(EVIL);
        resolvedAndValidated();
        assertThat(scene.only().identifiers()).hasSize(5);
        assertThat(scene.state(new Identifier.OfMatrix(EVIL))).isEqualTo(UNVALIDATED);
    }

    @Test
    void aReachWhoseMasterKeyIsNotThatOfTheHomeserverCoversNothing() {
        scene.asks(NamesScene.ALICE);
        scene.book = scene.book.learnedMasterKey(MXID, JwsSigner.generate(NamesScene.RANDOM).key(), scene.now());
        scene.validates();
        assertThat(scene.state(HANDLE)).isEqualTo(VALIDATED);
        assertThat(scene.state(ACCOUNT)).isEqualTo(UNVALIDATED);
    }

    @Test
    void whatIsNewAfterTheUserComparedIsUnvalidated() {
        resolvedAndValidated();
        scene.claims(scene.alice, NamesScene.ALICE_ELSEWHERE, Optional.of(new Reach(EVIL, Optional.empty())));
        scene.asks(NamesScene.ALICE_ELSEWHERE);

        assertThat(scene.only().identifiers()).hasSize(5);
        assertThat(scene.state(scene.id())).isEqualTo(VALIDATED);
        assertThat(scene.state(new Identifier.OfHandle(NamesScene.ALICE_ELSEWHERE))).isEqualTo(UNVALIDATED);
        assertThat(scene.state(new Identifier.OfMatrix(EVIL))).isEqualTo(UNVALIDATED);
        assertThat(scene.book.toValidateNext()).containsExactly(
                new Suggestion(only(), scene.id(), Suggestion.Reason.NOT_COVERED));
    }

    // 11.3: what a verification is.

    @Test
    void fingerprintsOfTheOtherDeviceValidate() {
        scene.asks(NamesScene.ALICE);
        assertThat(Verification.ofFingerprints(scene.me.own.identity(), scene.pinned(), "12345 ".repeat(12)))
                .isEqualTo(new Verification.Comparison.Differs());
        assertThat(Verification.ofFingerprints(scene.me.own.identity(), scene.pinned(), "12345"))
                .isEqualTo(new Verification.Comparison.Unreadable());
        assertThat(Verification.ofFingerprints(scene.pinned(), scene.pinned(), ""))
                .isEqualTo(new Verification.Comparison.Oneself());
        assertThat(scene.state(scene.id())).isEqualTo(UNVALIDATED);
        scene.validates();
        assertThat(scene.known(scene.id()).validatedBy()).contains(Verification.Kind.FINGERPRINTS);
        assertThat(scene.known(scene.id()).validatedAt()).contains(scene.now());
    }

    @Test
    void aScannedCardValidatesIfItIsOfThisHistoryAndEpoch() {
        scene.asks(NamesScene.ALICE);
        Card old = Card.of(scene.alice.own.identity(), Optional.empty());
        Card stranger = Card.of(scene.person(), Optional.empty());
        assertThat(Verification.ofScannedCard(stranger, scene.me.own.identity(), scene.pinned()))
                .isEqualTo(new Verification.Comparison.Differs());
        assertThat(scene.enters(scene.scansCard())).isInstanceOf(Verifying.Verified.class);
        assertThat(scene.known(ACCOUNT).validatedBy()).contains(Verification.Kind.CARD);

        scene.newEpoch();
        assertThat(scene.scansCard()).isEqualTo(new Verification.Comparison.KnownIsOlder());
        scene.showsAgain(Status.State.STALE);
        scene.asks(NamesScene.ALICE);
        assertThat(Verification.ofScannedCard(old, scene.me.own.identity(), scene.pinned()))
                .isEqualTo(new Verification.Comparison.Differs());
    }

    @Test
    void aMasterKeyValidatesABareAccount() {
        scene.book = scene.book.added("Alice", List.of(ACCOUNT))
                .learnedMasterKey(MXID, scene.masterKey.key(), scene.now());
        String shown = BookScene.matrixBase64(scene.masterKey.key());
        assertThat(Verification.ofMasterKey(MXID, scene.masterKey.key(), "A" + shown.substring(1, 42) + "A"))
                .isNotInstanceOf(Verification.Comparison.Matches.class);
        assertThat(Verification.ofMasterKey(MXID, scene.masterKey.key(), "?"))
                .isEqualTo(new Verification.Comparison.Unreadable());
        assertThat(scene.enters(Verification.ofMasterKey(MXID, scene.masterKey.key(), shown)))
                .isInstanceOf(Verifying.Verified.class);
        assertThat(scene.state(ACCOUNT)).isEqualTo(VALIDATED);

        scene.book = scene.book.learnedMasterKey(MXID, JwsSigner.generate(NamesScene.RANDOM).key(), scene.now());
        assertThat(scene.state(ACCOUNT)).isEqualTo(UNVALIDATED);
        assertThat(why(ACCOUNT)).isEqualTo(Demotion.Reason.MASTER_KEY_CHANGED);
        assertThat(scene.enters(Verification.ofMasterKey(MXID, scene.masterKey.key(), shown)))
                .isEqualTo(new Verifying.Outdated());
    }

    @Test
    void whatWasComparedBeforeTheBookLearnedMoreCountsForNothing() {
        scene.asks(NamesScene.ALICE);
        Verification.Comparison comparison = scene.comparesFingerprints();
        scene.newEpoch();
        scene.showsAgain(Status.State.STALE);
        scene.asks(NamesScene.ALICE);

        assertThat(scene.enters(comparison)).isEqualTo(new Verifying.Outdated());
        scene.book = ContactBook.empty();
        assertThat(scene.enters(comparison)).isEqualTo(new Verifying.NotInBook());
    }

    // 11.4: what demotes.

    @Test
    void aNewDeviceChangesNothing() {
        resolvedAndValidated();
        scene.alice.addsDevice();
        scene.showsAgain(Status.State.ACTIVE);
        scene.asks(NamesScene.ALICE);
        assertThat(scene.only().identifiers()).extracting(KnownIdentifier::state).containsOnly(VALIDATED);
        assertThat(scene.pinned().devices()).hasSize(2);
    }

    @Test
    void aNewEpochSendsBackToUnvalidated() {
        resolvedAndValidated();
        scene.newEpoch();
        scene.showsAgain(Status.State.STALE);
        scene.later();
        scene.asks(NamesScene.ALICE);

        for (KnownIdentifier known : scene.only().identifiers()) {
            assertThat(known.state()).isEqualTo(UNVALIDATED);
            assertThat(known.demotion()).contains(new Demotion(Demotion.Reason.NEW_EPOCH, scene.now()));
        }
        // A stale binding is covered by nothing: its owner has to renew it first.
        scene.validates();
        assertThat(scene.state(scene.id())).isEqualTo(VALIDATED);
        assertThat(scene.known(scene.id()).demotion()).isEmpty();
        assertThat(scene.state(HANDLE)).isEqualTo(UNVALIDATED);
        assertThat(scene.state(ACCOUNT)).isEqualTo(UNVALIDATED);
    }

    @Test
    void aChangedReachSendsBackToUnvalidated() {
        resolvedAndValidated();
        scene.claims(scene.alice, NamesScene.ALICE, Optional.of(new Reach(EVIL, Optional.empty())));
        scene.asks(NamesScene.ALICE);

        assertThat(scene.only().identifiers()).extracting(KnownIdentifier::state).containsOnly(UNVALIDATED);
        assertThat(List.of(why(scene.id()), why(HANDLE), why(ACCOUNT)))
                .containsOnly(Demotion.Reason.REACH_CHANGED);
        scene.validates();
        assertThat(scene.state(new Identifier.OfMatrix(EVIL))).isEqualTo(VALIDATED);
        assertThat(scene.state(ACCOUNT)).as("not in the reach any more").isEqualTo(UNVALIDATED);
    }

    @Test
    void aRenewalWithTheSameReachDoesNot() {
        resolvedAndValidated();
        scene.claims(scene.alice, NamesScene.ALICE, Optional.of(new Reach(MXID, Optional.of(scene.masterKey.key()))));
        scene.asks(NamesScene.ALICE);
        assertThat(scene.known(HANDLE).pin().orElseThrow().binding().binding().seq()).isEqualTo(1);
        assertThat(scene.only().identifiers()).extracting(KnownIdentifier::state).containsOnly(VALIDATED);
    }

    @Test
    void anEndedIdentityIsNotValidated() {
        resolvedAndValidated();
        scene.alice.did(scene.alice.own.deactivate(scene.alice.recovery, scene.alice.clock).orElseThrow());
        scene.showsAgain(Status.State.STALE);
        scene.asks(NamesScene.ALICE);
        assertThat(why(scene.id())).isEqualTo(Demotion.Reason.IDENTITY_ENDED);
        assertThat(scene.enters(scene.comparesFingerprints())).isEqualTo(new Verifying.Ended());
        assertThat(scene.book.toValidateNext()).extracting(Suggestion::subject).containsExactly(ACCOUNT);
    }

    // 11.5: alarms on the handle; the pinned id keeps its state.

    private void anAlarmIsRaised(Warning.Kind kind) {
        assertThat(scene.state(scene.id())).isEqualTo(VALIDATED);
        assertThat(scene.state(HANDLE)).isEqualTo(UNVALIDATED);
        assertThat(why(HANDLE)).isEqualTo(Demotion.Reason.HANDLE_ALARM);
        assertThat(warnings(HANDLE)).containsExactly(kind);
        assertThat(scene.known(HANDLE).named()).contains(scene.alice.own.id());
        assertThat(scene.book.toValidateNext()).extracting(Suggestion::reason)
                .containsExactly(Suggestion.Reason.WARNED);
        // Only the user takes a warning away, not a server that is honest again.
        scene.showsAgain(Status.State.ACTIVE);
        scene.asks(NamesScene.ALICE);
        assertThat(warnings(HANDLE)).containsExactly(kind);
        scene.validates();
        assertThat(scene.state(HANDLE)).isEqualTo(UNVALIDATED);
        scene.book = scene.book.acknowledged(HANDLE);
        assertThat(scene.state(HANDLE)).isEqualTo(UNVALIDATED);
        scene.validates();
        assertThat(scene.state(HANDLE)).isEqualTo(VALIDATED);
    }

    @Test
    void aHandleThatNamesAnotherIdRaises() {
        resolvedAndValidated();
        scene.scene.shows(scene.scene.person().claims(NamesScene.ALICE), NamesScene.ALICE);
        assertThat(scene.alarm()).isInstanceOf(Alarm.OtherIdentity.class);
        assertThat(scene.known(HANDLE).evidence()).extracting(Evidence::kind)
                .containsExactly(Evidence.Kind.STATUSES);
        anAlarmIsRaised(Warning.Kind.NAMES_ANOTHER);
    }

    @Test
    void aHandleThatIsGoneRaises() {
        resolvedAndValidated();
        scene.scene.says(NamesScene.READ, 410, "{\"code\":\"HANDLE_QUARANTINED\"}");
        assertThat(scene.alarm()).isInstanceOf(Alarm.Vanished.class);
        anAlarmIsRaised(Warning.Kind.GIVEN_UP);
    }

    @Test
    void aLowerSeqRaisesWhoeverLooks() {
        var old = scene.binding(NamesScene.ALICE);
        scene.claims(scene.alice, NamesScene.ALICE, old.binding().reach());
        resolvedAndValidated();
        scene.shows(scene.alice, old, Status.State.ACTIVE);
        // An application that forgot the pin is told the same by the book.
        ResolvedHandle older = scene.withoutPin(NamesScene.ALICE);
        scene.book = scene.book.resolved(older, scene.now());
        assertThat(scene.known(HANDLE).pin().orElseThrow().binding().binding().seq()).isEqualTo(1);
        anAlarmIsRaised(Warning.Kind.WENT_BACK);
    }

    @Test
    void anotherServerThatLagsBehindRaisesNothingAndTakesNothingBack() {
        var first = scene.alice.own;
        scene.claims(scene.alice, NamesScene.ALICE_ELSEWHERE, Optional.empty());
        ResolvedHandle elsewhere = scene.withoutPin(NamesScene.ALICE_ELSEWHERE);
        scene.alice.addsDevice();
        scene.showsAgain(Status.State.ACTIVE);
        resolvedAndValidated();
        scene.book = scene.book.resolved(elsewhere, scene.now());

        assertThat(elsewhere.chain()).isEqualTo(first.chain());
        assertThat(scene.pinned().seq()).isEqualTo(1);
        Identifier.OfHandle second = new Identifier.OfHandle(NamesScene.ALICE_ELSEWHERE);
        assertThat(warnings(second)).isEmpty();
        assertThat(scene.state(second)).isEqualTo(UNVALIDATED);
        scene.validates();
        assertThat(scene.state(second)).isEqualTo(VALIDATED);
    }

    @Test
    void anotherNameserverRaisesUntilTheUserAgrees() {
        resolvedAndValidated();
        scene.scene.says(NamesScene.WELL_KNOWN, 200,
                NamesScene.document("https://other.example.org", scene.scene.statusKey));
        Alarm.NameserverChanged changed = (Alarm.NameserverChanged) scene.alarm();
        assertThat(warnings(HANDLE)).containsExactly(Warning.Kind.NAMESERVER_CHANGED);
        scene.book = scene.book.agreed(changed);
        assertThat(scene.book.pin(NamesScene.ALICE).orElseThrow().isKeptBy(changed.now())).isTrue();
        assertThat(scene.state(HANDLE)).isEqualTo(UNVALIDATED);
    }

    @Test
    void aMoveEndsWhatTheHandleClaimed() {
        resolvedAndValidated();
        scene.alice.own = scene.alice.own.at(scene.withoutPin(NamesScene.ALICE));
        scene.alice.did(scene.alice.own.move(NamesScene.ALICE, NamesScene.ALICE_ELSEWHERE, scene.alice.recovery,
                scene.alice.clock, NamesScene.RANDOM).orElseThrow());
        scene.scene.shows(scene.alice, NamesScene.ALICE, Status.State.MOVED);
        assertThat(scene.asks(NamesScene.ALICE)).isInstanceOf(Resolution.Moved.class);
        assertThat(scene.state(scene.id())).isEqualTo(VALIDATED);
        assertThat(why(HANDLE)).isEqualTo(Demotion.Reason.HANDLE_MOVED);
        assertThat(why(ACCOUNT)).isEqualTo(Demotion.Reason.REACH_CHANGED);
    }

    @Test
    void whatTheUserAgreesToIsUnvalidated() {
        resolvedAndValidated();
        NamesScene.Person other = scene.scene.person().claims(NamesScene.ALICE);
        scene.scene.shows(other, NamesScene.ALICE);
        scene.alarm();
        scene.book = scene.book.repinned(scene.withoutPin(NamesScene.ALICE), scene.now());
        assertThat(scene.known(HANDLE).named()).contains(other.own.id());
        assertThat(scene.state(HANDLE)).isEqualTo(UNVALIDATED);
        assertThat(scene.state(new Identifier.OfIdentity(other.own.id()))).isEqualTo(UNVALIDATED);
        assertThat(scene.state(scene.id())).isEqualTo(VALIDATED);
    }

    @Test
    void theOtherHistoryCanBeTheRightOne() {
        resolvedAndValidated();
        OwnIdentity fork = scene.alice.own;
        scene.alice.addsDevice();
        scene.showsAgain(Status.State.ACTIVE);
        scene.asks(NamesScene.ALICE);
        scene.alice.own = fork;
        scene.alice.addsDevice();
        scene.showsAgain(Status.State.ACTIVE);
        scene.alarm();
        assertThat(scene.scansCard()).isEqualTo(new Verification.Comparison.Differs());
        scene.book = scene.book.repinned(scene.withoutPin(NamesScene.ALICE), scene.now());
        assertThat(scene.state(scene.id())).isEqualTo(COMPROMISED);
        assertThat(scene.enters(scene.scansCard())).isInstanceOf(Verifying.Verified.class);
        assertThat(scene.pinned()).isEqualTo(scene.alice.own.identity());
        assertThat(scene.state(scene.id())).isEqualTo(VALIDATED);
    }

    // 11.6: compromised, and out of it.

    @Test
    void twoHistoriesCompromise() {
        resolvedAndValidated();
        forks();
        assertThat(scene.state(scene.id())).isEqualTo(COMPROMISED);
        assertThat(why(scene.id())).isEqualTo(Demotion.Reason.CONTRADICTS_ITSELF);
        assertThat(scene.known(scene.id()).evidence()).hasSize(1);
        assertThat(scene.state(HANDLE)).isEqualTo(UNVALIDATED);
        assertThat(why(ACCOUNT)).isEqualTo(Demotion.Reason.IDENTITY_COMPROMISED);
        assertThat(scene.book.toValidateNext()).extracting(Suggestion::reason)
                .containsExactly(Suggestion.Reason.COMPROMISED);
    }

    @Test
    void twoBindingsInOnePlaceCompromise() {
        var first = scene.binding(NamesScene.ALICE);
        scene.claims(scene.alice, NamesScene.ALICE, first.binding().reach());
        resolvedAndValidated();
        scene.bindings.put(NamesScene.ALICE, first);
        scene.claims(scene.alice, NamesScene.ALICE, first.binding().reach());
        assertThat(scene.alarm()).isInstanceOf(Alarm.ContradictsItself.class);
        assertThat(scene.state(scene.id())).isEqualTo(COMPROMISED);
        // No operation has come since, so neither decides.
        assertThat(scene.enters(scene.scansCard())).isEqualTo(new Verifying.ConflictOpen());
        assertThat(scene.enters(scene.comparesFingerprints())).isEqualTo(new Verifying.ConflictOpen());
    }

    @Test
    void theSameFingerprintDoesNotDecideBetweenTwoHistoriesButACardDoes() {
        resolvedAndValidated();
        forks();
        Evidence evidence = scene.known(scene.id()).evidence().get(0);
        assertThat(scene.enters(scene.comparesFingerprints())).isEqualTo(new Verifying.ConflictOpen());
        assertThat(scene.state(scene.id())).isEqualTo(COMPROMISED);
        assertThat(scene.enters(scene.scansCard())).isInstanceOf(Verifying.Verified.class);
        assertThat(scene.state(scene.id())).isEqualTo(VALIDATED);
        assertThat(scene.state(HANDLE)).as("its warning stands").isEqualTo(UNVALIDATED);
        // The user has decided in spite of it; it is kept, and does not count again.
        assertThat(scene.known(scene.id()).evidence()).containsExactly(evidence);
        assertThat(scene.book.proven(evidence, scene.now())).isEqualTo(scene.book);
    }

    @Test
    void aNewEpochMakesFingerprintsDecideAgain() {
        resolvedAndValidated();
        forks();
        scene.newEpoch();
        scene.showsAgain(Status.State.STALE);
        scene.asks(NamesScene.ALICE);
        assertThat(scene.state(scene.id())).isEqualTo(COMPROMISED);
        scene.validates();
        assertThat(scene.state(scene.id())).isEqualTo(VALIDATED);
    }

    @Test
    void theUserCompromisesAndVerifiesAnew() {
        resolvedAndValidated();
        scene.book = scene.book.compromised(scene.id(), scene.now());
        assertThat(scene.state(scene.id())).isEqualTo(COMPROMISED);
        assertThat(why(scene.id())).isEqualTo(Demotion.Reason.BY_USER);
        assertThat(why(HANDLE)).isEqualTo(Demotion.Reason.IDENTITY_COMPROMISED);
        scene.asks(NamesScene.ALICE);
        assertThat(scene.state(scene.id())).isEqualTo(COMPROMISED);
        scene.validates();
        assertThat(scene.only().identifiers()).extracting(KnownIdentifier::state).containsOnly(VALIDATED);
        scene.book = scene.book.compromised(ACCOUNT, scene.now());
        scene.validates();
        assertThat(scene.state(ACCOUNT)).as("only its master key speaks for it now").isEqualTo(COMPROMISED);
    }

    // 11.7: cards and imports.

    @Test
    void aCardPinsAndValidatesNothing() {
        Card card = Card.of(scene.alice.own.identity(), Optional.of(NamesScene.ALICE));
        scene.book = scene.book.imported(Card.parse(card.toText()).orElseThrow(), scene.now());
        assertThat(scene.only().identifiers()).extracting(KnownIdentifier::state).containsOnly(UNVALIDATED);
        assertThat(scene.known(HANDLE).named()).contains(scene.alice.own.id());
        // A server that names somebody else by that handle is found out.
        scene.scene.shows(scene.scene.person().claims(NamesScene.ALICE), NamesScene.ALICE);
        scene.asks(NamesScene.ALICE);
        assertThat(warnings(HANDLE)).containsExactly(Warning.Kind.NAMES_ANOTHER);
        assertThat(scene.book.pin(NamesScene.ALICE)).isEmpty();
        scene.showsAgain(Status.State.ACTIVE);
        scene.asks(NamesScene.ALICE);
        assertThat(scene.book.pin(NamesScene.ALICE)).isPresent();
    }

    @Test
    void aCardOfAnotherIdRaises() {
        resolvedAndValidated();
        scene.book = scene.book.imported(Card.of(scene.person(), Optional.of(NamesScene.ALICE)), scene.now());
        assertThat(warnings(HANDLE)).containsExactly(Warning.Kind.CARD_NAMES_ANOTHER);
        assertThat(scene.known(HANDLE).named()).contains(scene.alice.own.id());
        assertThat(scene.state(scene.id())).isEqualTo(VALIDATED);
        assertThat(scene.book.contacts()).hasSize(2);
    }

    @Test
    void aCardOfAnotherHistoryRaises() {
        OwnIdentity fork = scene.alice.own;
        scene.alice.addsDevice();
        Card card = Card.of(scene.alice.own.identity(), Optional.empty());
        scene.book = scene.book.imported(card, scene.now());
        // A server that shows less than the card knows is not pinned, nor one that shows something else.
        scene.asks(NamesScene.ALICE);
        assertThat(warnings(HANDLE)).containsExactly(Warning.Kind.CARD_DISAGREES);
        scene.alice.own = fork;
        scene.alice.addsDevice();
        scene.showsAgain(Status.State.ACTIVE);
        scene.asks(NamesScene.ALICE);
        assertThat(scene.known(scene.id()).chain()).isEmpty();

        scene.book = ContactBook.empty();
        resolvedAndValidated();
        scene.book = scene.book.imported(card, scene.now());
        assertThat(warnings(scene.id())).containsExactly(Warning.Kind.CARD_DISAGREES);
        assertThat(scene.state(scene.id())).isEqualTo(VALIDATED);
    }

    @Test
    void anImportKnowsWhatThisDeviceKnows() {
        scene.book = scene.book.added("Alice", List.of(ADDRESS, HANDLE));
        resolvedAndValidated();
        String exported = scene.book.exported();
        assertThat(exported).doesNotContain("validated").doesNotContain("number");

        ContactBook elsewhere = ContactBook.empty().imported(exported, scene.now()).orElseThrow();
        assertThat(elsewhere.contacts()).hasSize(1);
        Contact there = elsewhere.contacts().get(0);
        assertThat(there.name()).isEqualTo("Alice");
        assertThat(there.identifiers()).hasSize(4).extracting(KnownIdentifier::state).containsOnly(UNVALIDATED);
        assertThat(elsewhere.pin(NamesScene.ALICE)).isEqualTo(scene.book.pin(NamesScene.ALICE));
        // Here, where it is known, everything keeps its state.
        assertThat(scene.book.imported(exported, scene.now()).orElseThrow()).isEqualTo(scene.book);
    }

    @Test
    void anImportCanLowerByProofAndInNoOtherWay() {
        resolvedAndValidated();
        ContactBook before = scene.book;
        forks();
        String exported = scene.book.exported();
        scene.book = before.imported(exported, scene.now()).orElseThrow();
        assertThat(scene.state(scene.id())).isEqualTo(COMPROMISED);
    }

    @Test
    void aForgedImportIsRefused() {
        scene.asks(NamesScene.ALICE);
        String exported = scene.book.exported();
        for (String forged : List.of("", "{}", exported.replace("\"v\":1", "\"v\":2"),
                exported.replace(".export", ".book"),
                exported.replace("\"type\":\"matrix\"", "\"validated_by\":\"card\",\"type\":\"matrix\""),
                exported.replace("\"type\":\"matrix\"", "\"state\":\"validated\",\"type\":\"matrix\""),
                exported.replace("@alice:example.org\"", "alice\""),
                exported.replaceFirst("payload\":\"..", "payload\":\"AA"), exported + "x")) {
            assertThat(forged).isNotEqualTo(exported);
            assertThat(scene.book.imported(forged, scene.now()).isOk()).as(forged).isFalse();
        }
    }

    // People and their entries.

    @Test
    void mergingKeepsEveryStateAndSplittingTakesApartWhatSignsForEachOther() {
        resolvedAndValidated();
        found(EVIL);
        assertThat(scene.book.contacts()).hasSize(2);
        ContactId second = scene.book.contacts().get(1).id();
        ContactId first = scene.book.contacts().get(0).id();
        scene.book = scene.book.merged(first, second);
        assertThat(scene.only().identifiers()).extracting(KnownIdentifier::state)
                .containsExactly(VALIDATED, VALIDATED, VALIDATED, UNVALIDATED, UNVALIDATED);

        scene.book = scene.book.split(first, Set.of(ACCOUNT, ADDRESS), "Somebody", scene.now());
        assertThat(scene.book.find(ACCOUNT).orElseThrow().name()).isEqualTo("Somebody");
        assertThat(why(ACCOUNT)).isEqualTo(Demotion.Reason.TAKEN_APART);
        assertThat(scene.state(HANDLE)).isEqualTo(VALIDATED);
        scene.book = scene.book.removed(scene.id(), scene.now());
        assertThat(why(HANDLE)).isEqualTo(Demotion.Reason.TAKEN_APART);
        scene.book = scene.book.removed(first);
        assertThat(scene.book.pin(NamesScene.ALICE)).isEmpty();
    }

    @Test
    void anAccountIsNobodyElsesBecauseAServerSaysSo() {
        resolvedAndValidated();
        found(MXID);
        assertThat(scene.book.contacts()).hasSize(2);
        assertThat(scene.book.find(ACCOUNT)).isEqualTo(scene.book.find(scene.id()));
        found(EVIL);
        assertThat(warnings(ADDRESS)).containsExactly(Warning.Kind.LOOKUP_NAMES_ANOTHER);
        assertThat(scene.known(ADDRESS).foundAs()).contains(MXID);
        assertThat(scene.book.addressBook().entries()).containsExactly(new AddressBook.Entry("Alice", MAIL));
    }

    @Test
    void anIdentifierStandsOnce() {
        scene.asks(NamesScene.ALICE);
        assertThatIllegalArgumentException().isThrownBy(() -> scene.book.added("Bob", List.of(HANDLE)));
        assertThatIllegalArgumentException().isThrownBy(() -> scene.book.withIdentifier(only(), ACCOUNT));
        assertThatIllegalArgumentException().isThrownBy(() -> scene.book.renamed(new ContactId(99), "x"));
        assertThatIllegalArgumentException().isThrownBy(() -> scene.book.renamed(only(), "x".repeat(501)));
        assertThat(scene.book.renamed(only(), "Alice").contacts().get(0).name()).isEqualTo("Alice");
    }

    @Test
    void suggestsWhoWasDemotedLastThenWhoHasMostThenTheRest() {
        resolvedAndValidated();
        Identifier.OfMatrix bob = new Identifier.OfMatrix(UserId.of("@bob:example.org"));
        Identifier.OfMatrix carol = new Identifier.OfMatrix(UserId.of("@carol:example.org"));
        scene.book = scene.book.added("Bob", List.of(bob))
                .added("Carol", List.of(carol, ADDRESS))
                .added("Nobody", List.of(new Identifier.OfAddress(Address.of(Medium.MSISDN, "491701234567"))));
        assertThat(scene.book.toValidateNext()).extracting(Suggestion::subject).containsExactly(carol, bob);
        scene.later();
        scene.newEpoch();
        scene.showsAgain(Status.State.STALE);
        scene.asks(NamesScene.ALICE);
        assertThat(scene.book.toValidateNext()).extracting(Suggestion::subject)
                .containsExactly(scene.id(), carol, bob);
        assertThat(scene.book.toValidateNext()).extracting(Suggestion::reason)
                .containsExactly(Suggestion.Reason.DEMOTED, Suggestion.Reason.NEVER_VALIDATED,
                        Suggestion.Reason.NEVER_VALIDATED);
    }

    @Test
    void showsNobodyInItsTexts() {
        scene.book = scene.book.added("Alice", List.of(ADDRESS));
        assertThat(scene.book + "" + scene.only() + scene.only().identifiers()).doesNotContain("lice")
                .contains(ContactState.UNVALIDATED.name());
    }
}
