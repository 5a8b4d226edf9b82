package im.signet.names;

import im.signet.names.handle.HandleLife;
import im.signet.names.handle.HandleSuspension;
import im.signet.protocol.handle.Binding;
import im.signet.protocol.handle.Handle;
import im.signet.protocol.handle.Jws;
import im.signet.protocol.handle.JwsSigner;
import im.signet.protocol.handle.Revocation;
import im.signet.protocol.handle.Status;
import im.signet.protocol.json.JsonObject;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Set;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static im.signet.names.NamesServer.BINDINGS;
import static im.signet.names.NamesServer.HANDLES;
import static im.signet.names.NamesServer.IDENTITIES;
import static org.assertj.core.api.Assertions.assertThat;

/** What time, owners and the operator make of a handle, with and without the job that sees to it. */
class TheLifeOfAHandleTest {

    private static final String HANDLE = "alice@example.org";

    private NamesScene scene;
    private NamesServer server;

    @BeforeEach
    void start() {
        scene = new NamesScene();
        server = scene.start();
    }

    @AfterEach
    void stop() {
        scene.close();
    }

    private Owner owner(String name) {
        return new Owner("@" + name + ":hs.example.org", scene.clock());
    }

    private void days(int days) {
        scene.clock().move(Duration.ofDays(days));
    }

    private Answer resolved() {
        return server.get(HANDLES + HANDLE);
    }

    private void runTheJob() {
        server.part(HandleLife.class).goOn();
    }

    private Jws released(Owner owner, Jws binding) {
        Jws release = owner.signed(binding).release(owner.identity(), owner.now(), Owner.rnd()).sign(owner.recovery);
        owner.putBinding(server, release).is(201);
        return release;
    }

    @Test
    void lapsesAndIsRenewed() {
        Owner alice = owner("alice");
        Jws first = alice.registered(server, HANDLE);
        days(89);
        assertThat(resolved().state()).isEqualTo(Status.State.ACTIVE);
        days(1);
        assertThat(resolved().state()).isEqualTo(Status.State.LAPSED);
        runTheJob();
        days(29);
        assertThat(resolved().state()).isEqualTo(Status.State.LAPSED);
        alice.putBinding(server, alice.signed(first)
                .renew(alice.identity(), alice.now(), Owner.rnd())
                .sign(alice.phone)).is(201);
        assertThat(resolved().state()).isEqualTo(Status.State.ACTIVE);
    }

    @Test
    void goesIntoQuarantineAndIsFreeAYearLater() {
        Owner alice = owner("alice");
        alice.registered(server, HANDLE);
        days(120);
        resolved().refuses(410, "HANDLE_GONE");
        Owner other = owner("other");
        other.register(server, other.first(HANDLE)).refuses(410, "HANDLE_GONE");
        runTheJob();
        assertThat(scene.rows("binding")).isZero();
        resolved().refuses(410, "HANDLE_GONE");
        days(364);
        runTheJob();
        other.register(server, other.first(HANDLE)).refuses(410, "HANDLE_GONE");
        days(1);
        resolved().refuses(404, "NOT_FOUND");
        other.registered(server, HANDLE);
        assertThat(resolved().status()).isEqualTo(200);
    }

    @Test
    void isFreeAtLastThoughNoJobEverRan() {
        owner("alice").registered(server, HANDLE);
        days(120 + 365);
        resolved().refuses(404, "NOT_FOUND");
        owner("other").registered(server, HANDLE);
        assertThat(scene.rows("quarantine")).isZero();
        assertThat(scene.rows("identity")).isEqualTo(1);
    }

    @Test
    void goesOnForItsOwnerFromWhereItLapsed() {
        Owner alice = owner("alice");
        Jws first = alice.registered(server, HANDLE);
        days(121);
        runTheJob();
        assertThat(scene.rows("identity")).isZero();
        // From the beginning would be a second binding of the same seq.
        alice.register(server, alice.first(HANDLE)).refuses(422, "WRONG_PREV");
        Binding next = alice.signed(first).renew(alice.identity(), alice.now(), Owner.rnd());
        JsonObject byRecovery = alice.registration(alice.challenge(server), next.sign(alice.recovery), alice.recovery);
        server.post(BINDINGS, alice.token(), byRecovery).refuses(422, "NEEDS_DEVICE");
        alice.register(server, next.sign(alice.phone)).is(201);
        assertThat(resolved().signedStatus().integer("seq")).contains(1L);
        assertThat(scene.rows("quarantine")).isZero();
    }

    /** "Released handles grabbed". */
    @Test
    void isNobodyElsesWhenReleased() {
        Owner alice = owner("alice");
        Jws first = alice.registered(server, HANDLE);
        days(8);
        Jws release = released(alice, first);
        String stored = scene.everything();
        assertThat(stored).doesNotContain("alice", alice.identity().id().value(), alice.phone.key().x(),
                first.opId().value(), release.opId().value());
        server.get(IDENTITIES + alice.identity().id()).refuses(404, "NOT_FOUND");
        Owner other = owner("other");
        other.register(server, other.first(HANDLE)).refuses(410, "HANDLE_GONE");
        other.register(server, other.first("a1ice@example.org")).refuses(409, "HANDLE_CONFUSABLE");
        // A thief of a device does not get back what its owner gave up.
        Binding next = alice.signed(release).renew(alice.identity(), alice.now(), Owner.rnd());
        alice.register(server, next.sign(alice.phone)).refuses(422, "NEEDS_RECOVERY_KEY");
        days(360);
        JsonObject back = alice.registration(alice.challenge(server), alice.signed(release)
                .renew(alice.identity(), alice.now(), Owner.rnd())
                .sign(alice.recovery), alice.recovery);
        server.post(BINDINGS, alice.token(), back).is(201);
        assertThat(resolved().state()).isEqualTo(Status.State.ACTIVE);
    }

    @Test
    void isFreeAfterAWeekWhenReleasedAtOnce() {
        Owner alice = owner("alice");
        Jws first = alice.registered(server, HANDLE);
        days(6);
        released(alice, first);
        days(6);
        resolved().refuses(410, "HANDLE_GONE");
        days(1);
        owner("other").registered(server, HANDLE);
    }

    @Test
    void isNobodysForEverWhereTheOperatorWantsSo() {
        server = scene.start("signet.names.reuse=false");
        Owner alice = owner("alice");
        released(alice, alice.registered(server, HANDLE));
        owner("bob").registered(server, "bob@example.org");
        days(5000);
        resolved().refuses(410, "HANDLE_GONE");
        server.get(HANDLES + "bob@example.org").refuses(410, "HANDLE_GONE");
        runTheJob();
        resolved().refuses(410, "HANDLE_GONE");
        server.get(HANDLES + "bob@example.org").refuses(410, "HANDLE_GONE");
    }

    /** An old chain, in which a device that was thrown out is still listed, takes no handle out of quarantine. */
    @Test
    void doesNotComeBackOnAnOldChain() {
        Owner alice = owner("alice");
        Jws first = alice.registered(server, HANDLE);
        JwsSigner thief = Owner.key();
        alice.push(server, id -> id.addDevice(thief.key(), alice.now()), alice.phone, thief);
        var robbed = alice.identity();
        List<Jws> oldChain = alice.operations();
        alice.push(server, id -> id.revoke(Set.of(thief.key()), Revocation.Why.STOLEN, alice.now()), alice.phone);
        days(121);
        runTheJob();
        Jws stolen = alice.signed(first).renew(robbed, alice.now(), Owner.rnd()).sign(thief);
        JsonObject request = alice.registration(alice.challenge(server), stolen, thief)
                .with("identity", Owner.array(oldChain));
        server.post(BINDINGS, alice.token(), request).refuses(409, "CHAIN_TOO_SHORT");
    }

    private void suspend(boolean suspended) {
        try (Connection connection = scene.connection()) {
            assertThat(HandleSuspension.set(connection, Handle.of(HANDLE), suspended)).isTrue();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void isSuspendedAndNeverPointsElsewhere() {
        Owner alice = owner("alice");
        Jws first = alice.registered(server, HANDLE);
        suspend(true);
        Answer suspended = resolved().refuses(410, "HANDLE_SUSPENDED");
        assertThat(suspended.json().string("reason")).contains("operator");
        assertThat(suspended.state()).isEqualTo(Status.State.SUSPENDED);
        assertThat(suspended.signedStatus().string("id")).contains(alice.identity().id().value());
        server.get("/.well-known/webfinger?resource=acct:" + HANDLE).refuses(410, "HANDLE_SUSPENDED");
        Owner other = owner("other");
        other.register(server, other.first(HANDLE)).refuses(409, "HANDLE_TAKEN");
        other.register(server, other.first("al1ce@example.org")).refuses(409, "HANDLE_CONFUSABLE");
        Jws renewal = alice.signed(first).renew(alice.identity(), alice.now(), Owner.rnd()).sign(alice.phone);
        alice.putBinding(server, renewal).refuses(410, "HANDLE_SUSPENDED");
        days(5000);
        runTheJob();
        resolved().refuses(410, "HANDLE_SUSPENDED");
        other.register(server, other.first(HANDLE)).refuses(409, "HANDLE_TAKEN");
        suspend(false);
        resolved().refuses(404, "NOT_FOUND");
    }

    @Test
    void resolvesAgainWhenNoLongerSuspended() {
        Owner alice = owner("alice");
        alice.registered(server, HANDLE);
        String before = resolved().body();
        suspend(true);
        suspend(false);
        assertThat(resolved().body()).isEqualTo(before);
    }

    @Test
    void doesNotEscapeItsSuspensionByARelease() {
        Owner alice = owner("alice");
        Jws first = alice.registered(server, HANDLE);
        suspend(true);
        Jws release = released(alice, first);
        Jws back = alice.signed(release).renew(alice.identity(), alice.now(), Owner.rnd()).sign(alice.recovery);
        server.post(BINDINGS, alice.token(), alice.registration(alice.challenge(server), back, alice.recovery))
                .refuses(410, "HANDLE_GONE");
    }

    @Test
    void keepsItsOwnerWhenTheFoldChanges() {
        owner("alice").registered(server, HANDLE);
        owner("other").registered(server, "bob@example.org");
        scene.sql().sql("UPDATE names.binding SET fold = handle, fold_version = 1").update();
        runTheJob();
        assertThat(scene.sql().sql("SELECT fold FROM names.binding ORDER BY handle").query(String.class).list())
                .containsExactly("allce", "bob");
        assertThat(resolved().status()).isEqualTo(200);
    }
}
