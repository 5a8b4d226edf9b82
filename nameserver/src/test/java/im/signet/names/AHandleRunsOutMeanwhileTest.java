package im.signet.names;

import im.signet.protocol.handle.Jws;
import im.signet.protocol.handle.JwsSigner;
import im.signet.protocol.json.JsonObject;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static im.signet.names.NamesServer.BINDINGS;
import static im.signet.names.NamesServer.HANDLES;
import static im.signet.names.NamesServer.IDENTITIES;
import static org.assertj.core.api.Assertions.assertThat;

/** A handle runs out, and its identity is forgotten with it, while that identity does something else. */
class AHandleRunsOutMeanwhileTest {

    private static final Duration UNTIL_NOBODYS = Duration.ofDays(120 + 365);

    private final NamesScene scene = new NamesScene();
    private final List<NamesServer> servers = List.of(scene.start().withoutJobs(),
            scene.start().withoutJobs());

    @AfterEach
    void stop() {
        scene.close();
    }

    private Owner owner(String name) {
        return new Owner("@" + name + ":hs.example.org", scene.clock());
    }

    /** Sends both while the identity cannot be written, the second when the first waits; returns the answers. */
    private List<Answer> meetingAt(Owner identity, Callable<Answer> first, Callable<Answer> second) throws Exception {
        List<Future<Answer>> answers = new ArrayList<>();
        try (ExecutorService executor = Executors.newFixedThreadPool(2)) {
            try (Connection holder = scene.connection()) {
                holder.setAutoCommit(false);
                try (PreparedStatement hold = holder
                        .prepareStatement("SELECT FROM names.identity WHERE id = ? FOR UPDATE")) {
                    hold.setString(1, identity.identity().id().value());
                    assertThat(hold.execute()).isTrue();
                }
                for (Callable<Answer> request : List.of(first, second)) {
                    answers.add(executor.submit(request));
                    awaitWaiting(answers.size());
                }
                holder.rollback();
            }
            return List.of(answers.getFirst().get(), answers.getLast().get());
        }
    }

    private void awaitWaiting(int count) throws InterruptedException {
        for (int i = 0; i < 1_000; i++) {
            long waiting = scene.sql()
                    .sql("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'")
                    .query(Long.class)
                    .single();
            if (waiting == count) {
                return;
            }
            Thread.sleep(10);
        }
        throw new AssertionError("no " + count + " requests wait");
    }

    private Callable<Answer> registration(NamesServer server, Owner owner, String handle) {
        JsonObject body = owner.registration(server, owner.first(handle));
        return () -> server.post(BINDINGS, owner.token(), body);
    }

    @Test
    void andItsIdentityRegistersAnother() throws Exception {
        for (int order = 0; order < 2; order++) {
            Owner alice = owner("alice" + order);
            String old = "old" + order + "@example.org";
            alice.registered(servers.get(0), old);
            scene.clock().move(UNTIL_NOBODYS);
            Callable<Answer> taking = registration(servers.get(0), owner("other" + order), old);
            Callable<Answer> adding = registration(servers.get(1), alice, "new" + order + "@example.org");
            List<Answer> answers = order == 0 ? meetingAt(alice, taking, adding) : meetingAt(alice, adding, taking);
            assertThat(answers).extracting(Answer::status).containsExactly(201, 201);
            for (NamesServer server : servers) {
                server.get(HANDLES + "new" + order + "@example.org").is(200);
                server.get(HANDLES + old).is(200);
                server.get(IDENTITIES + alice.identity().id()).is(200);
            }
        }
    }

    @Test
    void andItsIdentityGoesOn() throws Exception {
        for (int order = 0; order < 2; order++) {
            Owner alice = owner("going" + order);
            String old = "going" + order + "@example.org";
            alice.registered(servers.get(0), old);
            scene.clock().move(UNTIL_NOBODYS);
            JwsSigner laptop = Owner.key();
            Jws operation = alice.operation(id -> id.addDevice(laptop.key(), alice.now()), alice.phone, laptop);
            Callable<Answer> taking = registration(servers.get(0), owner("taker" + order), old);
            Callable<Answer> going = () -> alice.putOperation(servers.get(1), operation);
            List<Answer> answers = order == 0 ? meetingAt(alice, taking, going) : meetingAt(alice, going, taking);
            assertThat(answers.get(order).status()).as(answers.get(order).body()).isEqualTo(201);
            assertThat(answers.get(1 - order).status()).isEqualTo(order == 0 ? 404 : 201);
            // Never the end of a chain without its beginning.
            servers.get(1).get(IDENTITIES + alice.identity().id()).refuses(404, "NOT_FOUND");
        }
    }

    /** Each takes the handle that the other one had: nobody waits in a circle. */
    @Test
    void andTwoSwapTheirs() throws Exception {
        for (int round = 0; round < 8; round++) {
            Owner one = owner("one" + round);
            Owner other = owner("other" + round);
            one.registered(servers.get(0), "left" + round + "@example.org");
            other.registered(servers.get(0), "right" + round + "@example.org");
            scene.clock().move(UNTIL_NOBODYS);
            Callable<Answer> first = registration(servers.get(0), one, "right" + round + "@example.org");
            Callable<Answer> second = registration(servers.get(1), other, "left" + round + "@example.org");
            try (ExecutorService executor = Executors.newFixedThreadPool(2)) {
                for (Future<Answer> answer : executor.invokeAll(List.of(first, second))) {
                    answer.get().is(201);
                }
            }
        }
    }

    /** All servers show the same envelopes, also of a chain that came back with the same operations, signed by others. */
    @Test
    void andItsIdentityComesBackSignedByOthers() {
        Owner alice = owner("alice");
        Jws first = alice.registered(servers.get(0), "alice@example.org");
        JwsSigner laptop = Owner.key();
        Jws byPhone = alice.operation(id -> id.addDevice(laptop.key(), alice.now()), alice.phone, laptop);
        Jws byRecovery = alice.operation(id -> id.addDevice(laptop.key(), alice.now()), alice.recovery, laptop);
        assertThat(byRecovery.opId()).isEqualTo(byPhone.opId());
        alice.putOperation(servers.get(0), byPhone).is(201);
        alice.keep(byPhone);
        String path = IDENTITIES + alice.identity().id();
        for (NamesServer server : servers) {
            assertThat(server.get(path).is(200).array("operations").orElseThrow().items()).endsWith(byPhone.toJson());
        }
        Jws release = alice.signed(first).release(alice.identity(), alice.now(), Owner.rnd()).sign(alice.recovery);
        alice.putBinding(servers.get(0), release).is(201);
        JsonObject request = alice.registration(servers.get(0), alice.first("again@example.org"))
                .with("identity", Owner.array(List.of(alice.operations().getFirst(), byRecovery)));
        servers.get(0).post(BINDINGS, alice.token(), request).is(201);
        for (NamesServer server : servers) {
            assertThat(server.get(path).is(200).array("operations").orElseThrow().items())
                    .endsWith(byRecovery.toJson());
        }
    }
}
