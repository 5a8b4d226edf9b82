package im.signet.names;

import im.signet.names.registration.InviteCodes;
import im.signet.protocol.handle.Jws;
import im.signet.protocol.json.JsonObject;

import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static im.signet.names.NamesServer.BINDINGS;
import static im.signet.names.NamesServer.CHALLENGES;
import static im.signet.names.NamesServer.HANDLES;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** The operator's policies, and what holds under each of them. */
class WhoMayRegisterTest {

    private final NamesScene scene = new NamesScene();

    @AfterEach
    void stop() {
        scene.close();
    }

    private Owner owner(String user) {
        return new Owner(user, scene.clock());
    }

    @Test
    void whoseUserIsCalledLikeTheHandle() {
        NamesServer server = scene.start("signet.names.registration=homeserver");
        for (String user : List.of("@alice:evil.example", "@alice:example.org.evil.example", "@bob:example.org",
                "@alicia:example.org", "@alice:example.org:8448", "@alice:hs.example.org")) {
            Owner other = owner(user);
            other.register(server, other.first("alice@example.org")).refuses(403, "NOT_ALLOWED");
        }
        owner("@alice:example.org").registered(server, "alice@example.org");
    }

    @Test
    void whoseUserIsOfTheHomeserversThatAreNamed() {
        NamesServer server = scene.start("signet.names.registration=homeserver",
                "signet.names.homeservers=hs.example.org,other.example.org:8448");
        Owner elsewhere = owner("@alice:example.org");
        elsewhere.register(server, elsewhere.first("alice@example.org")).refuses(403, "NOT_ALLOWED");
        owner("@alice:hs.example.org").registered(server, "alice@example.org");
        owner("@bob:other.example.org:8448").registered(server, "bob@example.org");
    }

    private String code() {
        try (Connection connection = scene.connection()) {
            return InviteCodes.create(connection, new SecureRandom());
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void whoHasACodeAndOnlyOnce() {
        NamesServer server = scene.start("signet.names.registration=invite");
        // The command goes by the database's clock.
        scene.clock()
                .move(Duration.between(scene.clock().instant(),
                        scene.sql().sql("SELECT now()").query(java.time.OffsetDateTime.class).single().toInstant()));
        String code = code();
        assertThat(scene.everything()).doesNotContain(code);
        Owner alice = owner("@alice:example.org");
        Jws binding = alice.first("alice@example.org");
        alice.register(server, binding).refuses(403, "UNKNOWN_INVITE");
        JsonObject wrong = alice.registration(server, binding)
                .with("invite", code.charAt(0) == 'x' ? "y" + code.substring(1) : "x" + code.substring(1));
        server.post(BINDINGS, alice.token(), wrong).refuses(403, "UNKNOWN_INVITE");
        JsonObject right = alice.registration(server, binding).with("invite", code);
        server.post(BINDINGS, alice.token(), right).is(201);
        server.post(BINDINGS, alice.token(), right).is(200);
        Owner bob = owner("@bob:example.org");
        server.post(BINDINGS, bob.token(), bob.registration(server, bob.first("bob@example.org"))
                .with("invite", code)).refuses(403, "UNKNOWN_INVITE");
        String late = code();
        scene.clock().move(Duration.ofDays(31));
        server.post(BINDINGS, bob.token(), bob.registration(server, bob.first("bob@example.org"))
                .with("invite", late)).refuses(403, "UNKNOWN_INVITE");
    }

    @Test
    void nobodyWithoutATokenOrTheTerms() {
        NamesServer server = scene.start();
        Owner alice = owner("@alice:example.org");
        JsonObject body = alice.registration(server, alice.first("alice@example.org"));
        assertThat(server.post(BINDINGS, "", body).status()).isEqualTo(401);
        assertThat(server.post(BINDINGS, "dead", body).status()).isEqualTo(401);
        String unsigned = NamesScene.unsignedToken(alice.user);
        assertThat(server.post(BINDINGS, unsigned, body).status()).isEqualTo(403);
        JsonObject challenge = server.send("POST", CHALLENGES, unsigned, "{}").is(201);
        assertThat(challenge.bool("terms_outstanding")).contains(true);
        assertThat(challenge.integer("expires_in")).contains(300L);
        assertThat(scene.rows("binding")).isZero();
    }

    @Test
    void whoHasNewTermsToAcceptMayLeaveAndThrowThievesOut() {
        NamesServer server = scene.start();
        Owner alice = owner("@alice:example.org");
        Jws first = alice.registered(server, "alice@example.org");
        String unsigned = NamesScene.unsignedToken(alice.user);
        var laptop = Owner.key();
        Jws operation = alice.operation(id -> id.addDevice(laptop.key(), alice.now()), alice.phone, laptop);
        server.put(NamesServer.IDENTITIES + alice.identity().id() + "/ops/1", unsigned, operation.toJson()).is(201);
        alice.keep(operation);
        Owner.putBinding(server, alice.signed(first)
                .renew(alice.identity(), alice.now(), Owner.rnd())
                .sign(alice.phone), unsigned).refuses(403, "TERMS_NOT_SIGNED");
        Owner.putBinding(server, alice.signed(first)
                .release(alice.identity(), alice.now(), Owner.rnd())
                .sign(alice.recovery), unsigned).is(201);
    }

    @Test
    void nobodyWhatSpeaksForTheDomain() {
        NamesServer server = scene.start("signet.names.reserved=treasurer");
        Owner owner = owner("@mallory:example.org");
        for (String name : List.of("admin", "adm1n", "postmaster", "p0strnaster", "support", "no-reply", "no.reply",
                "hostmaster", "abuse", "security", "vvebmaster", "treasurer", "signet")) {
            owner.register(server, owner.first(name + "@example.org")).refuses(403, "HANDLE_RESERVED");
        }
    }

    @Test
    void nobodyInDomainsOfOthers() {
        NamesServer server = scene.start();
        Owner owner = owner("@alice:example.org");
        owner.register(server, owner.first("alice@elsewhere.org")).refuses(404, "NOT_FOUND");
    }

    /** What is an A-label by its letters, and decodes to nothing that is one, would be shown as something else. */
    @Test
    void nobodyInADomainThatIsNone() {
        for (String domain : List.of("xn--a.example", "xn--bcher-kva8.example", "ab--c.example", "Example.org")) {
            assertThatThrownBy(() -> scene.start("signet.names.domains=" + domain)).as(domain)
                    .hasStackTraceContaining("domains must be such as example.org");
        }
        scene.start("signet.names.domains=xn--bcher-kva.example");
    }

    /** `names.domains` is empty by default. */
    @Test
    void nobodyWhereThereAreNoDomains() {
        NamesServer server = scene.start("signet.names.domains=");
        Owner owner = owner("@alice:example.org");
        server.send("POST", CHALLENGES, owner.token(), "{}").refuses(404, "NOT_FOUND");
        server.get("/.well-known/signet").refuses(404, "NOT_FOUND");
        server.get("/.well-known/webfinger?resource=acct:alice@example.org").refuses(404, "NOT_FOUND");
        server.get(HANDLES + "alice@example.org").refuses(404, "NOT_FOUND");
        owner.putBinding(server, owner.first("alice@example.org")).refuses(404, "NOT_FOUND");
        owner.putOperation(server, owner.operations().getFirst()).refuses(404, "NOT_FOUND");
    }

    @Test
    void nobodyMoreThanTheirShare() {
        NamesServer server = scene.start("signet.names.max-handles=2");
        Owner alice = owner("@alice:example.org");
        alice.registered(server, "one@example.org");
        Jws second = alice.registered(server, "two@example.org");
        alice.register(server, alice.first("three@example.org")).refuses(403, "TOO_MANY_HANDLES");
        alice.putBinding(server, alice.signed(second)
                .release(alice.identity(), alice.now(), Owner.rnd())
                .sign(alice.recovery)).is(201);
        // Quarantine counts: else a share would be as large as one is patient.
        alice.register(server, alice.first("three@example.org")).refuses(403, "TOO_MANY_HANDLES");
        scene.clock().move(Duration.ofDays(8));
        alice.registered(server, "three@example.org");
    }
}
