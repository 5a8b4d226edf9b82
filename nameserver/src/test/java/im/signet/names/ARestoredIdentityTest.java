package im.signet.names;

import im.signet.kit.journal.JournalReading;
import im.signet.kit.key.KeyFiles;
import im.signet.names.handle.HandleLife;
import im.signet.names.handle.RestoredHandles;
import im.signet.protocol.handle.Binding;
import im.signet.protocol.handle.Handle;
import im.signet.protocol.handle.Identity;
import im.signet.protocol.handle.Jws;
import im.signet.protocol.handle.JwsSigner;
import im.signet.protocol.handle.OpId;
import im.signet.protocol.handle.ProofOfPossession;
import im.signet.protocol.handle.Reach;
import im.signet.protocol.handle.Revocation;
import im.signet.protocol.identifier.UserId;
import im.signet.protocol.json.JsonObject;

import java.sql.Connection;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static im.signet.names.NamesServer.HANDLES;
import static im.signet.names.NamesServer.IDENTITIES;
import static org.assertj.core.api.Assertions.assertThat;

/** A server that was brought back from a backup, and lacks what owners have signed since. */
class ARestoredIdentityTest {

    private static final String HANDLE = "alice@example.org";

    private NamesScene scene;
    private NamesServer server;
    private Owner alice;
    private JwsSigner laptop;

    @BeforeEach
    void start() {
        scene = new NamesScene();
        server = scene.start();
        alice = new Owner("@alice:hs.example.org", scene.clock());
        alice.registered(server, HANDLE);
        laptop = Owner.key();
        alice.push(server, identity -> identity.addDevice(laptop.key(), alice.now()), alice.phone, laptop);
    }

    @AfterEach
    void stop() {
        scene.close();
    }

    /** What `signet restore` does to each identity. */
    private void restore() {
        scene.sql().sql("UPDATE names.identity SET restored_in = 1").update();
    }

    private Answer show(List<Jws> chain, List<Jws> bindings, JwsSigner signer) {
        return show(alice.token(), chain, bindings, chain.getLast().opId(), signer);
    }

    private Answer show(String token, List<Jws> chain, List<Jws> bindings, OpId proven, JwsSigner signer) {
        String path = IDENTITIES + alice.identity().id() + "/chain";
        Jws pop = new ProofOfPossession(new ProofOfPossession.Request(NamesScene.URL, alice.challenge(server), proven,
                ProofOfPossession.Method.POST, NamesScene.URL + path), alice.now()).sign(signer);
        return server.post(path, token, JsonObject.builder()
                .put("identity", Owner.array(chain))
                .put("bindings", Owner.array(bindings))
                .put("pop", pop.toJson())
                .build());
    }

    private Jws renewalOf(Jws binding) {
        return alice.signed(binding).renew(alice.identity(), alice.now(), Owner.rnd()).sign(alice.phone);
    }

    private Jws shown() {
        return Jws.of(server.get(HANDLES + HANDLE).is(200).get("binding").orElseThrow()).orElseThrow();
    }

    private boolean saysSo() {
        return server.get(HANDLES + HANDLE).is(200).bool("restored").orElse(false);
    }

    private Jws revocationOfTheLaptop() {
        return alice.operation(identity -> identity.revoke(Set.of(laptop.key()), Revocation.Why.STOLEN, alice.now()),
                alice.phone);
    }

    @Test
    void isReadOnlyAndSaysSo() {
        assertThat(saysSo()).isFalse();
        String tag = server.get(HANDLES + HANDLE).header("ETag");
        restore();
        assertThat(saysSo()).isTrue();
        assertThat(server.get(IDENTITIES + alice.identity().id()).is(200).bool("restored")).contains(true);
        assertThat(server.get(HANDLES + HANDLE, "If-None-Match", tag).status()).isEqualTo(200);
        JsonObject refused = alice.putBinding(server, renewalOf(shown())).refuses(409, "IDENTITY_RESTORED").json();
        assertThat(refused.string("head")).contains(alice.identity().head().value());
        alice.putOperation(server, revocationOfTheLaptop()).refuses(409, "IDENTITY_RESTORED");
        alice.register(server, alice.first("other@example.org")).refuses(409, "IDENTITY_RESTORED");
        alice.putBinding(server, shown()).is(200);
        alice.putOperation(server, alice.operations().getLast()).is(200);
    }

    @Test
    void itsFirstDeviceShowsWhatIsMissing() {
        Jws first = shown();
        restore();
        Jws second = renewalOf(first);
        alice.keep(revocationOfTheLaptop());
        Jws third = renewalOf(second);
        show(alice.operations(), List.of(third), alice.phone).is(200);
        assertThat(saysSo()).isFalse();
        assertThat(shown().opId()).isEqualTo(third.opId());
        assertThat(server.get(IDENTITIES + alice.identity().id()).is(200).integer("seq")).contains(2L);
        alice.putBinding(server, renewalOf(third)).is(201);
    }

    @Test
    void aRecoveryKeyDoesSoAsWell() {
        restore();
        show(alice.operations(), List.of(), alice.recovery).is(200);
        assertThat(saysSo()).isFalse();
    }

    @Test
    void noOtherDeviceDoes() {
        restore();
        show(alice.operations(), List.of(), laptop).refuses(403, "NOT_SENIOR");
        show(alice.operations(), List.of(), Owner.key()).refuses(422, "UNKNOWN_SIGNER");
        // Not by going on from there either: whom it adds is junior to the first.
        JwsSigner accomplice = Owner.key();
        Jws more = alice.operation(identity -> identity.addDevice(accomplice.key(), alice.now()), laptop, accomplice);
        alice.keep(more);
        show(alice.operations(), List.of(), laptop).refuses(403, "NOT_SENIOR");
        show(alice.operations(), List.of(), accomplice).refuses(403, "NOT_SENIOR");
        assertThat(saysSo()).isTrue();
    }

    @Test
    void aChainThatLacksSomethingOrContradictsIsRefused() {
        restore();
        show(alice.operations().subList(0, 1), List.of(), alice.phone).refuses(409, "CHAIN_TOO_SHORT");
        JwsSigner tablet = Owner.key();
        Owner fork = new Owner("@mallory:hs.example.org", scene.clock());
        List<Jws> others = List.of(alice.operations().getFirst(), alice.operation(
                _ -> Identity.genesis(alice.operations().getFirst())
                        .orElseThrow()
                        .addDevice(tablet.key(), alice.now()),
                alice.phone, tablet));
        show(others, List.of(), alice.phone).refuses(409, "FORKED");
        show(fork.operations(), List.of(), alice.phone).refuses(409, "FORKED");
        show(alice.token(), alice.operations(), List.of(), alice.operations().getFirst().opId(), alice.phone)
                .refuses(422, "WRONG_BINDING");
        show(NamesScene.token("@mallory:hs.example.org"), alice.operations(), List.of(),
                alice.identity().head(), alice.phone).refuses(422, "UNKNOWN_CHALLENGE");
        assertThat(saysSo()).isTrue();
    }

    @Test
    void bindingsAreNoWayAroundTheChecks() {
        Jws first = shown();
        restore();
        Jws elsewhere = alice.signed(first)
                .renew(alice.identity(), alice.now(), Owner.rnd())
                .withReach(new Reach(UserId.of("@victim:hs.example.org"), Optional.empty()))
                .sign(alice.phone);
        show(alice.operations(), List.of(elsewhere), alice.phone).refuses(403, "REACH_NOT_PROVEN");
        Jws other = alice.firstBinding(HANDLE).sign(alice.phone);
        show(alice.operations(), List.of(other), alice.phone).refuses(409, "STALE");
        Owner mallory = new Owner("@mallory:hs.example.org", scene.clock());
        show(alice.operations(), List.of(mallory.first(HANDLE)), alice.phone).refuses(422, "WRONG_ID");
        assertThat(saysSo()).isTrue();
        assertThat(shown().opId()).isEqualTo(first.opId());
    }

    @Test
    void aReleaseThatIsShownGivesTheHandleUp() {
        Jws first = shown();
        restore();
        Jws release = alice.signed(first).release(alice.identity(), alice.now(), Owner.rnd()).sign(alice.recovery);
        show(alice.operations(), List.of(release), alice.phone).is(200);
        server.get(HANDLES + HANDLE).refuses(410, "HANDLE_GONE");
    }

    @Test
    void noDeviceTakesBackWhatItsOwnerHasMoved() {
        Jws moved = alice.signed(shown())
                .move(alice.identity(), Handle.of("alice@example.com"), alice.now(), Owner.rnd())
                .sign(alice.recovery);
        alice.putBinding(server, moved).is(201);
        restore();
        Jws next = renewalOf(moved);
        show(alice.operations(), List.of(next), alice.phone).refuses(422, "NEEDS_RECOVERY_KEY");
        Jws later = renewalOf(next);
        show(alice.operations(), List.of(later), alice.phone).refuses(422, "NEEDS_RECOVERY_KEY");
        show(alice.operations(), List.of(next), alice.recovery).refuses(422, "NEEDS_RECOVERY_KEY");
        assertThat(saysSo()).isTrue();
        assertThat(shown().opId()).isEqualTo(moved.opId());
        // A device may have renewed what a recovery key took back.
        show(alice.operations(), List.of(later), alice.recovery).is(200);
        assertThat(shown().opId()).isEqualTo(later.opId());
    }

    @Test
    void whatFollowsDirectlyIsCheckedAsUsual() {
        Jws first = shown();
        Jws other = alice.firstBinding(HANDLE).sign(alice.phone);
        restore();
        show(alice.operations(), List.of(renewalOf(other)), alice.phone).refuses(422, "WRONG_PREV");
        assertThat(shown().opId()).isEqualTo(first.opId());
    }

    @Test
    void aBindingFromTheFutureIsRefused() {
        Binding next = alice.signed(shown()).renew(alice.identity(), alice.now(), Owner.rnd());
        restore();
        Jws early = withTimes(next, alice.now() + 3601, alice.now() + 90_000).sign(alice.phone);
        show(alice.operations(), List.of(early), alice.phone).refuses(422, "BINDING_TIME");
        long end = (1L << 53) - 1;
        Jws late = withTimes(next, end - 1, end).sign(alice.phone);
        show(alice.operations(), List.of(late), alice.phone).refuses(422, "BINDING_TIME");
        // One that has ended is still the newest.
        show(alice.operations(), List.of(withTimes(next, 1, 2).sign(alice.phone)), alice.phone).is(200);
    }

    private static Binding withTimes(Binding b, long iat, long exp) {
        return new Binding(b.handle(), b.id(), b.seq(), b.prev(), b.head(), b.hs(), b.epoch(), b.state(), b.to(), iat,
                exp, b.rnd(), b.reach(), b.ext());
    }

    private void runsOut() {
        scene.clock().move(Duration.ofDays(121));
        server.part(HandleLife.class).goOn();
        server.get(HANDLES + HANDLE).refuses(410, "HANDLE_GONE");
    }

    private Answer claim(Jws binding, JwsSigner device) {
        return server.post(NamesServer.BINDINGS, alice.token(),
                alice.registration(alice.challenge(server), binding, device));
    }

    @Test
    void whatRunsOutMeanwhileWaitsForItsOwner() {
        Jws first = shown();
        restore();
        runsOut();
        // The laptop was thrown out since the backup, which only its owner's devices know.
        Binding stolen = alice.signed(first).renew(alice.identity(), alice.now(), Owner.rnd());
        claim(stolen.sign(laptop), laptop).refuses(409, "IDENTITY_RESTORED");
        Owner other = new Owner("@other:hs.example.org", scene.clock());
        other.register(server, other.first(HANDLE)).refuses(409, "HANDLE_TAKEN");
        alice.keep(revocationOfTheLaptop());
        Jws renewed = renewalOf(renewalOf(first));
        show(alice.operations(), List.of(renewed), alice.phone).is(200);
        assertThat(shown().opId()).isEqualTo(renewed.opId());
    }

    @Test
    void whatHadRunOutForItsOwnerAsWellIsTakenBackByWhoIsNotThrownOut() {
        Jws first = shown();
        restore();
        runsOut();
        Jws stolen = alice.signed(first).renew(alice.identity(), alice.now(), Owner.rnd()).sign(laptop);
        JsonObject theft = alice.registration(server, stolen);
        alice.keep(revocationOfTheLaptop());
        show(alice.operations(), List.of(), alice.phone).is(200);
        server.part(HandleLife.class).goOn();
        assertThat(scene.rows("quarantine")).isEqualTo(1);
        assertThat(server.post(NamesServer.BINDINGS, alice.token(), theft).status()).isEqualTo(422);
        claim(stolen, laptop).refuses(422, "SIGNER_REVOKED");
        claim(renewalOf(first), alice.phone).is(201);
    }

    @Test
    void whatNobodyShowsIsFreeInTheEnd() {
        restore();
        runsOut();
        scene.clock().move(Duration.ofDays(364));
        server.part(HandleLife.class).goOn();
        assertThat(scene.rows("quarantine")).isZero();
        assertThat(scene.rows("identity")).isZero();
        server.get(HANDLES + HANDLE).refuses(404, "NOT_FOUND");
    }

    @Test
    void whatItsOwnerHadAgainWhenTheBackupWasMadeIsNotInQuarantine() throws Exception {
        Instant since = scene.clock().instant();
        scene.clock().move(Duration.ofMinutes(1));
        Jws release = alice.signed(shown()).release(alice.identity(), alice.now(), Owner.rnd()).sign(alice.recovery);
        alice.putBinding(server, release).is(201);
        scene.clock().move(Duration.ofMinutes(1));
        Jws again = alice.signed(release).renew(alice.identity(), alice.now(), Owner.rnd()).sign(alice.recovery);
        server.post(NamesServer.BINDINGS, alice.token(),
                alice.registration(alice.challenge(server), again, alice.recovery)).is(201);
        assertThat(replayed(since)).isZero();
        assertThat(scene.rows("quarantine")).isZero();
        assertThat(shown().opId()).isEqualTo(again.opId());
    }

    /** Returns how many rows the journal of the server ends, as if they had just come from a backup. */
    private long replayed(Instant since) throws Exception {
        try (Connection connection = scene.connection()) {
            return RestoredHandles.replay(connection, "names",
                    JournalReading.of(List.of(scene.dataDir().resolve("journal"))),
                    new KeyFiles(scene.dataDir().resolve("keys")).read("handle-hash").orElseThrow(), since);
        }
    }

    @Test
    void ofAnIdentityThatWasNotRestoredNothingChanges() {
        Jws first = shown();
        Jws second = renewalOf(first);
        alice.keep(revocationOfTheLaptop());
        show(alice.operations(), List.of(second), alice.phone).is(200);
        assertThat(shown().opId()).isEqualTo(first.opId());
        assertThat(server.get(IDENTITIES + alice.identity().id()).is(200).integer("seq")).contains(1L);
    }
}
