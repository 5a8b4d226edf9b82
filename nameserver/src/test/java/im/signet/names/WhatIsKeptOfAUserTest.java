package im.signet.names;

import im.signet.kit.holding.Ending;
import im.signet.kit.holding.Holding;
import im.signet.kit.holding.Holdings;
import im.signet.protocol.handle.Jws;
import im.signet.protocol.handle.Status;
import im.signet.protocol.identifier.UserId;

import java.time.Duration;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static im.signet.names.NamesServer.HANDLES;
import static org.assertj.core.api.Assertions.assertThat;

/** Users see their handles, and end them with their consent. */
class WhatIsKeptOfAUserTest {

    private static final String HANDLE = "alice@example.org";

    private NamesScene scene;
    private NamesServer server;
    private Owner alice;
    private UserId user;

    @BeforeEach
    void start() {
        scene = new NamesScene();
        server = scene.start();
        alice = new Owner("@alice:hs.example.org", scene.clock());
        user = UserId.of(alice.user);
    }

    @AfterEach
    void stop() {
        scene.close();
    }

    private Holdings holdings() {
        return server.part(Holdings.class);
    }

    private void end(Ending ending) {
        scene.clock().move(Duration.ofSeconds(1));
        holdings().end(user, ending, scene.clock().instant());
    }

    @Test
    void isShown() {
        assertThat(holdings().service()).isEqualTo("names");
        assertThat(holdings().of(user)).isEmpty();
        alice.registered(server, HANDLE);
        new Owner("@bob:hs.example.org", scene.clock()).registered(server, "bob@example.org");
        assertThat(holdings().of(user)).singleElement()
                .isEqualTo(new Holding(holdings().of(user).getFirst().id(), "handle", HANDLE, false,
                        scene.clock().instant()));
    }

    @Test
    void doesNotNameTheAccount() {
        alice.registered(server, HANDLE);
        alice.challenge(server);
        assertThat(scene.everything()).doesNotContain(alice.user);
    }

    @Test
    void doesNotResolveOnceConsentIsWithdrawnUntilItsOwnerComesBack() {
        Jws first = alice.registered(server, HANDLE);
        end(Ending.WITHDRAWN);
        end(Ending.WITHDRAWN);
        assertThat(server.get(HANDLES + HANDLE).refuses(410, "HANDLE_SUSPENDED").json().string("reason"))
                .contains("withdrawn");
        Jws next = alice.signed(first).renew(alice.identity(), alice.now(), Owner.rnd()).sign(alice.phone);
        // Another account does not speak for its owner.
        Owner.putBinding(server, next, NamesScene.token("@other:hs.example.org")).refuses(410, "HANDLE_SUSPENDED");
        alice.putBinding(server, next).is(201);
        assertThat(server.get(HANDLES + HANDLE).state()).isEqualTo(Status.State.ACTIVE);
    }

    @Test
    void isHashesOnlyOnceItsOwnerIsErased() {
        alice.registered(server, HANDLE);
        end(Ending.ERASED);
        server.get(HANDLES + HANDLE).refuses(410, "HANDLE_GONE");
        assertThat(scene.everything()).doesNotContain("alice", alice.identity().id().value(), alice.phone.key().x());
        assertThat(scene.sql().sql("SELECT count(account_hash) FROM names.quarantine").query(Long.class).single())
                .isZero();
        assertThat(holdings().of(user)).isEmpty();
        Owner other = new Owner("@other:hs.example.org", scene.clock());
        other.register(server, other.first(HANDLE)).refuses(410, "HANDLE_GONE");
    }

    @Test
    void isHashesOnlyAlsoOfAHandleThatWasGivenUpBefore() {
        Jws first = alice.registered(server, HANDLE);
        alice.putBinding(server,
                alice.signed(first).release(alice.identity(), alice.now(), Owner.rnd()).sign(alice.recovery)).is(201);
        assertThat(scene.sql().sql("SELECT count(account_hash) FROM names.quarantine").query(Long.class).single())
                .isOne();
        end(Ending.ERASED);
        assertThat(scene.sql().sql("SELECT count(account_hash) FROM names.quarantine").query(Long.class).single())
                .isZero();
    }

    /** An ending that was delayed does not undo what the user did since. */
    @Test
    void staysWhenItsOwnerHasComeBackSince() {
        Jws first = alice.registered(server, HANDLE);
        alice.registered(server, "other@example.org");
        scene.clock().move(Duration.ofDays(1));
        var ended = scene.clock().instant();
        scene.clock().move(Duration.ofDays(1));
        alice.putBinding(server, alice.signed(first)
                .renew(alice.identity(), alice.now(), Owner.rnd())
                .sign(alice.phone)).is(201);
        holdings().end(user, Ending.ERASED, ended);
        assertThat(holdings().of(user)).extracting(Holding::shown).containsExactly(HANDLE);
    }
}
