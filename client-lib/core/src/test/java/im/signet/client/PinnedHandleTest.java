package im.signet.client;

import im.signet.client.handle.Alarm;
import im.signet.client.handle.Chain;
import im.signet.client.handle.Evidence;
import im.signet.client.handle.OwnIdentity;
import im.signet.client.handle.Pin;
import im.signet.protocol.handle.JwsSigner;
import im.signet.protocol.handle.Reason;
import im.signet.protocol.handle.SignedBinding;
import im.signet.protocol.handle.Status;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/** Once a handle was pinned, no answer takes anything back without an alarm. */
class PinnedHandleTest {
    private final NamesScene scene = new NamesScene();
    private final NamesScene.Person alice = scene.person().claims(NamesScene.ALICE);

    @BeforeEach
    void honestly() {
        scene.shows(alice, NamesScene.ALICE);
    }

    private <A extends Alarm> A alarm(Pin pin, Class<A> type) {
        Resolution resolution = scene.resolve(Optional.of(pin));
        assertThat(resolution).isInstanceOf(Resolution.Alarmed.class);
        Alarm alarm = ((Resolution.Alarmed) resolution).alarm();
        assertThat(alarm).isInstanceOf(type);
        assertThat(alarm.pinned()).isEqualTo(pin);
        alarm.evidence()
                .ifPresent(evidence -> assertThat(Evidence.parse(evidence.toText()).orElseThrow()).isEqualTo(evidence));
        return type.cast(alarm);
    }

    @Test
    void theSameAndWhatFollowsAreFound() {
        Pin pin = scene.pin();
        assertThat(scene.resolve(Optional.of(pin))).isInstanceOf(Resolution.Found.class);
        alice.addsDevice().renews(NamesScene.ALICE).renews(NamesScene.ALICE);
        scene.clock.now = scene.clock.now.plus(Duration.ofHours(1));
        scene.shows(alice, NamesScene.ALICE);

        assertThat(scene.resolve(Optional.of(pin))).isInstanceOfSatisfying(Resolution.Found.class,
                found -> assertThat(found.handle().pin().binding().binding().seq()).isEqualTo(2));
    }

    @Test
    void aPinIsStoredAsText() {
        Pin pin = scene.pin();
        assertThat(Pin.parse(pin.toText()).orElseThrow()).isEqualTo(pin).hasToString(pin.toString());
        for (String damaged : List.of("", "{}", "null", pin.toText().replace("\"v\":1", "\"v\":2"),
                pin.toText().replace("\"nameserver\"", "\"server\""),
                pin.toText().replaceFirst("payload\":\"..", "payload\":\"AA"),
                pin.toText().replace("\"v\":1", "\"v\":1,\"validated\":true"))) {
            assertThat(Pin.parse(damaged).isOk()).as(damaged).isFalse();
        }
    }

    @Test
    void anotherIdentityIsAnAlarmWithProofWhereTheServerContradictsItself() {
        Pin pin = scene.pin();
        scene.shows(scene.person().claims(NamesScene.ALICE), NamesScene.ALICE);
        assertThat(alarm(pin, Alarm.OtherIdentity.class).evidence().orElseThrow().kind())
                .isEqualTo(Evidence.Kind.STATUSES);

        scene.clock.now = scene.clock.now.plus(Duration.ofDays(8));
        scene.shows(scene.person().claims(NamesScene.ALICE), NamesScene.ALICE);
        assertThat(alarm(pin, Alarm.OtherIdentity.class).evidence()).isEmpty();
    }

    @Test
    void anOlderBindingIsAnAlarm() {
        String old = scene.bundle(alice, NamesScene.ALICE, Status.State.ACTIVE);
        alice.renews(NamesScene.ALICE);
        scene.shows(alice, NamesScene.ALICE);
        Pin pin = scene.pin();
        scene.says(NamesScene.READ, 200, old);
        alarm(pin, Alarm.WentBack.class);
    }

    @Test
    void aLaterStatusOfAnOlderBindingProvesALie() {
        SignedBinding old = alice.binding(NamesScene.ALICE);
        alice.renews(NamesScene.ALICE);
        scene.shows(alice, NamesScene.ALICE);
        Pin pin = scene.pin();
        scene.clock.now = scene.clock.now.plus(Duration.ofHours(2));
        scene.says(NamesScene.READ, 200, scene.bundle(alice.own.chain(), old,
                scene.status(alice.own.chain(), old, Status.State.ACTIVE)));

        assertThat(alarm(pin, Alarm.WentBack.class).evidence()).isPresent();
    }

    @Test
    void aShorterChainIsAnAlarm() {
        String old = scene.bundle(alice, NamesScene.ALICE, Status.State.ACTIVE);
        alice.addsDevice();
        scene.shows(alice, NamesScene.ALICE);
        Pin pin = scene.pin();
        scene.says(NamesScene.READ, 200, old);
        alarm(pin, Alarm.WentBack.class);
    }

    @Test
    void twoHistoriesOfOneIdentityAreProof() {
        OwnIdentity fork = alice.own;
        alice.addsDevice();
        scene.shows(alice, NamesScene.ALICE);
        Pin pin = scene.pin();
        alice.own = fork;
        alice.addsDevice();
        scene.shows(alice, NamesScene.ALICE);

        Evidence evidence = alarm(pin, Alarm.ContradictsItself.class).proof();
        assertThat(evidence.kind()).isEqualTo(Evidence.Kind.OPERATIONS);
        assertThat(evidence.subject()).isEqualTo(alice.own.id().value());
        assertThat(Evidence.parse(evidence.toText().replace("operations", "bindings")).isOk()).isFalse();
        assertThat(Evidence
                .parse(evidence.toText().replace("\"keys\":[]", "\"keys\":[\"" + scene.statusKey.key().x() + "\"]"))
                .isOk()).isFalse();
    }

    @Test
    void twoBindingsInOnePlaceAreProof() {
        OwnIdentity fork = alice.own;
        alice.renews(NamesScene.ALICE);
        scene.shows(alice, NamesScene.ALICE);
        Pin pin = scene.pin();
        alice.own = fork;
        alice.renews(NamesScene.ALICE);
        scene.shows(alice, NamesScene.ALICE);
        assertThat(alarm(pin, Alarm.ContradictsItself.class).proof().kind()).isEqualTo(Evidence.Kind.BINDINGS);
        // And so is one that follows on the other one.
        alice.renews(NamesScene.ALICE);
        scene.shows(alice, NamesScene.ALICE);
        assertThat(alarm(pin, Alarm.ContradictsItself.class).proof().kind()).isEqualTo(Evidence.Kind.BINDINGS);
    }

    @Test
    void aDeviceTakesNothingBackThatWasMoved() {
        NamesScene.Person thief = scene.person();
        thief.own = alice.own;
        alice.did(alice.own.move(NamesScene.ALICE, NamesScene.ALICE_ELSEWHERE, alice.recovery, alice.clock,
                NamesScene.RANDOM).orElseThrow());
        scene.shows(alice, NamesScene.ALICE, Status.State.MOVED);
        Pin pin = ((Resolution.Moved) scene.resolve(Optional.empty())).handle().pin();
        // What the library would not sign for him, he signs himself.
        SignedBinding moved = alice.binding(NamesScene.ALICE);
        JwsSigner stolen = JwsSigner.fromSeed(java.util.Arrays.copyOf(alice.own.toBytes(), JwsSigner.SEED_BYTES));
        SignedBinding taken = SignedBinding.verify(moved
                .renew(alice.own.identity(), alice.clock.instant().getEpochSecond(),
                        im.signet.protocol.handle.Rnd.generate(NamesScene.RANDOM))
                .sign(stolen), alice.own.identity()).orElseThrow();
        scene.says(NamesScene.READ, 200, scene.bundle(alice.own.chain(), taken,
                scene.status(alice.own.chain(), taken, Status.State.ACTIVE)));

        assertThat(alarm(pin, Alarm.DoesNotFollow.class).why()).isEqualTo(Reason.NEEDS_RECOVERY_KEY);

        // Nor by skipping a record, so that nobody sees what the one in between was signed by.
        SignedBinding skipped = SignedBinding.verify(taken
                .renew(alice.own.identity(), alice.clock.instant().getEpochSecond(),
                        im.signet.protocol.handle.Rnd.generate(NamesScene.RANDOM))
                .sign(stolen), alice.own.identity()).orElseThrow();
        scene.says(NamesScene.READ, 200, scene.bundle(alice.own.chain(), skipped,
                scene.status(alice.own.chain(), skipped, Status.State.ACTIVE)));
        assertThat(alarm(pin, Alarm.DoesNotFollow.class).why()).isEqualTo(Reason.NEEDS_RECOVERY_KEY);
    }

    /** A server takes nothing back by publishing the key no more that it signed with. */
    @Test
    void aKeyThatWasDroppedStillProvesALie() {
        JwsSigner kept = JwsSigner.generate(NamesScene.RANDOM);
        scene.says(NamesScene.WELL_KNOWN, 200,
                NamesScene.document("https://ns.example.org", scene.statusKey, kept));
        Pin pin = scene.pin();
        scene.statusKey = kept;
        scene.says(NamesScene.WELL_KNOWN, 200, NamesScene.document("https://ns.example.org", kept));
        scene.shows(scene.person().claims(NamesScene.ALICE), NamesScene.ALICE);
        Evidence evidence = alarm(pin, Alarm.OtherIdentity.class).evidence().orElseThrow();
        assertThat(evidence.kind()).isEqualTo(Evidence.Kind.STATUSES);
        assertThat(Evidence.parse(evidence.toText()).isOk()).isTrue();
    }

    /** A server dates what it says by the hour, and its replicas' clocks differ. */
    @Test
    void anHourIsNoLie() {
        SignedBinding old = alice.binding(NamesScene.ALICE);
        alice.renews(NamesScene.ALICE);
        scene.shows(alice, NamesScene.ALICE);
        Pin pin = scene.pin();
        scene.clock.now = scene.clock.now.plus(Duration.ofHours(1));
        scene.says(NamesScene.READ, 200, scene.bundle(alice.own.chain(), old,
                scene.status(alice.own.chain(), old, Status.State.ACTIVE)));
        assertThat(alarm(pin, Alarm.WentBack.class).evidence()).isEmpty();
    }

    @Test
    void anotherNameserverIsAskedNothingUntilTheUserAgrees() {
        Pin pin = scene.pin();
        scene.asked.clear();
        scene.says(NamesScene.WELL_KNOWN, 200, NamesScene.document("https://other.example.org", scene.statusKey));
        Alarm.NameserverChanged changed = alarm(pin, Alarm.NameserverChanged.class);
        assertThat(scene.asked).containsExactly(NamesScene.WELL_KNOWN);

        scene.says("GET https://other.example.org/_signet/ns/v1/handles/alice@example.org", 200,
                scene.bundle(alice, NamesScene.ALICE, Status.State.ACTIVE));
        assertThat(scene.resolve(Optional.of(changed.agreed()))).isInstanceOf(Resolution.Found.class);
    }

    @Test
    void newStatusKeysWithoutTheOldAreAnotherNameserver() {
        Pin pin = scene.pin();
        JwsSigner next = JwsSigner.generate(NamesScene.RANDOM);
        scene.says(NamesScene.WELL_KNOWN, 200, NamesScene.document("https://ns.example.org", scene.statusKey, next));
        assertThat(scene.resolve(Optional.of(pin))).isInstanceOf(Resolution.Found.class);
        scene.says(NamesScene.WELL_KNOWN, 200, NamesScene.document("https://ns.example.org", next));
        alarm(pin, Alarm.NameserverChanged.class);
    }

    @ParameterizedTest
    @ValueSource(ints = {404, 410})
    void whatVanishesIsAnAlarm(int status) {
        Pin pin = scene.pin();
        scene.says(NamesScene.READ, status, "{\"code\":\"" + (status == 404 ? "NOT_FOUND" : "HANDLE_GONE") + "\"}");
        assertThat(alarm(pin, Alarm.Vanished.class).why())
                .isEqualTo(status == 404 ? Alarm.Gone.UNKNOWN : Alarm.Gone.GIVEN_UP);
    }

    @Test
    void aDomainThatDropsItsDocumentIsAnAlarm() {
        Pin pin = scene.pin();
        scene.says(NamesScene.WELL_KNOWN, 404, "<html>");
        assertThat(alarm(pin, Alarm.Vanished.class).why()).isEqualTo(Alarm.Gone.UNKNOWN);
    }

    @Test
    void aPinOfAnotherHandleIsAMistake() {
        Pin pin = scene.pin();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> scene.resolve(NamesScene.ALICE_ELSEWHERE, Optional.of(pin)));
    }

    /** One honest or dishonest thing that a server may show. */
    private record Shown(Chain chain, SignedBinding binding) {}

    @Test
    void noSequenceOfAnswersTakesAnythingBackWithoutAnAlarm() {
        List<Shown> world = world();
        // A fixed seed: the same sequences in each run.
        Random random = new Random(20261121);
        int alarms = 0;
        int finds = 0;
        for (int run = 0; run < 60; run++) {
            Optional<Pin> pin = Optional.empty();
            for (int step = 0; step < 12; step++) {
                Shown shown = world.get(random.nextInt(world.size()));
                scene.clock.now = scene.clock.now.plus(Duration.ofMinutes(random.nextInt(200)));
                scene.says(NamesScene.READ, 200, scene.bundle(shown.chain(), shown.binding(),
                        scene.status(shown.chain(), shown.binding(), Status.State.ACTIVE)));
                Resolution resolution = scene.resolve(pin);
                if (!(resolution instanceof Resolution.Found found)) {
                    assertThat(resolution).isInstanceOfAny(Resolution.Alarmed.class, Failure.Malformed.class);
                    alarms += resolution instanceof Resolution.Alarmed ? 1 : 0;
                    continue;
                }
                Pin now = found.handle().pin();
                pin.ifPresent(before -> demands(before, now));
                finds++;
                pin = Optional.of(Pin.parse(now.toText()).orElseThrow());
            }
        }
        assertThat(alarms).isGreaterThan(100);
        assertThat(finds).isGreaterThan(100);
    }

    /** What a pin demands of all that comes later, said another way than the library says it. */
    private static void demands(Pin before, Pin now) {
        assertThat(now.id()).isEqualTo(before.id());
        List<String> known = names(before.chain());
        assertThat(names(now.chain())).startsWith(known.toArray(new String[0]));
        long seq = now.binding().binding().seq();
        assertThat(seq).isGreaterThanOrEqualTo(before.binding().binding().seq());
        if (seq == before.binding().binding().seq()) {
            assertThat(now.binding().opId()).isEqualTo(before.binding().opId());
        }
        if (seq == before.binding().binding().seq() + 1) {
            assertThat(now.binding().binding().prev()).contains(before.binding().opId());
        }
        assertThat(now.nameserver().url()).isEqualTo(before.nameserver().url());
    }

    private static List<String> names(Chain chain) {
        return chain.operations().stream().map(operation -> operation.opId().value()).toList();
    }

    /** Returns states of two histories that Alice's keys signed, and of somebody else. */
    private List<Shown> world() {
        List<Shown> world = new ArrayList<>();
        OwnIdentity begin = alice.own;
        for (int branch = 0; branch < 2; branch++) {
            alice.own = begin;
            for (int step = 0; step < 4; step++) {
                world.add(new Shown(alice.own.chain(), alice.binding(NamesScene.ALICE)));
                if (step % 2 == 0) {
                    alice.renews(NamesScene.ALICE);
                } else {
                    alice.addsDevice();
                }
            }
        }
        NamesScene.Person mallory = scene.person().claims(NamesScene.ALICE);
        world.add(new Shown(mallory.own.chain(), mallory.binding(NamesScene.ALICE)));
        mallory.renews(NamesScene.ALICE);
        world.add(new Shown(mallory.own.chain(), mallory.binding(NamesScene.ALICE)));
        return world;
    }
}
