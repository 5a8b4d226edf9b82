package im.signet.names;

import im.signet.protocol.handle.Binding;
import im.signet.protocol.handle.Fingerprint;
import im.signet.protocol.handle.Handle;
import im.signet.protocol.handle.Identity;
import im.signet.protocol.handle.Jws;
import im.signet.protocol.handle.JwsKey;
import im.signet.protocol.handle.JwsSigner;
import im.signet.protocol.handle.Revocation;
import im.signet.protocol.handle.SignedBinding;
import im.signet.protocol.handle.Status;
import im.signet.protocol.json.Json;
import im.signet.protocol.json.JsonObject;
import im.signet.protocol.json.StrictJson;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

import static im.signet.names.NamesServer.BINDINGS;
import static im.signet.names.NamesServer.HANDLES;
import static im.signet.names.NamesServer.IDENTITIES;
import static org.assertj.core.api.Assertions.assertThat;

/** What people do with handles, each told from beginning to end over HTTP. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AHandleEndToEndTest {

    private final RunVectors vectors = new RunVectors("journeys");
    private NamesScene scene;
    private NamesServer server;

    @BeforeAll
    void start() {
        scene = new NamesScene();
        server = scene.start();
    }

    @AfterAll
    void stop() {
        scene.close();
        vectors.write();
    }

    private Owner owner(String name) {
        return new Owner("@" + name + ":hs.example.org", scene.clock());
    }

    /** What a stranger's client does: believes nothing that does not verify. */
    private SignedBinding verified(Answer bundle) {
        JsonObject json = bundle.is(200);
        List<Jws> chain = new ArrayList<>();
        for (Json operation : json.array("identity").orElseThrow().items()) {
            chain.add(Jws.of(operation).orElseThrow());
        }
        Identity identity = Identity.replay(chain).orElseThrow();
        SignedBinding binding = SignedBinding.verify(Jws.of(json.object("binding").orElseThrow()).orElseThrow(),
                identity).orElseThrow();
        List<JwsKey> keys = server.statusKeys();
        vectors.bundle(json, keys);
        Status status = Status.verify(Jws.of(json.object("status").orElseThrow()).orElseThrow(), keys).orElseThrow();
        assertThat(status.handle()).isEqualTo(binding.binding().handle());
        assertThat(status.id()).isEqualTo(identity.id());
        assertThat(status.opId()).isEqualTo(binding.opId());
        assertThat(status.head()).isEqualTo(identity.head());
        assertThat(status.exp() - status.iat()).isLessThanOrEqualTo(Status.MAX_LIFE_SECONDS);
        assertThat(status.isExpiredAt(scene.clock().instant().getEpochSecond())).isFalse();
        return binding;
    }

    @Test
    void isRegisteredAndResolvedByAStranger() {
        Owner alice = owner("alice");
        Jws binding = alice.first("alice@example.org");
        Answer registered = alice.register(server, binding);
        registered.is(201);
        assertThat(registered.header("Location")).isEqualTo(NamesScene.URL + HANDLES + "alice@example.org");
        assertThat(registered.header("ETag")).isNotEmpty();

        Answer resolved = server.get(HANDLES + "alice@example.org");
        assertThat(verified(resolved).opId()).isEqualTo(binding.opId());
        assertThat(resolved.body()).isEqualTo(registered.body());
        assertThat(resolved.state()).isEqualTo(Status.State.ACTIVE);
        assertThat(resolved.header("Cache-Control")).isEqualTo("max-age=60, public");
        assertThat(resolved.header("Access-Control-Allow-Origin")).isEqualTo("*");
        assertThat(Fingerprint.of(alice.identity(), owner("friend").identity()).toString()).hasSize(71);
    }

    @Test
    void isNotSentAgainWhileItIsTheSame() {
        Owner owner = owner("etag");
        Jws binding = owner.registered(server, "etag@example.org");
        Answer first = server.get(HANDLES + "etag@example.org");
        String tag = first.header("ETag");
        scene.clock().move(Duration.ofSeconds(1));
        Answer again = server.get(HANDLES + "etag@example.org", "If-None-Match", tag);
        assertThat(again.status()).isEqualTo(304);
        assertThat(again.body()).isEmpty();
        owner.putBinding(server, owner.signed(binding)
                .renew(owner.identity(), owner.now(), Owner.rnd())
                .sign(owner.phone)).is(201);
        assertThat(server.get(HANDLES + "etag@example.org", "If-None-Match", tag).status()).isEqualTo(200);
    }

    @Test
    void isRenewedMovedAndReleased() {
        Owner owner = owner("mover");
        Jws first = owner.registered(server, "mover@example.org");
        owner.registered(server, "moved@example.org");

        Jws renewal = owner.signed(first).renew(owner.identity(), owner.now(), Owner.rnd()).sign(owner.phone);
        owner.putBinding(server, renewal).is(201);
        owner.putBinding(server, renewal).is(200);
        owner.putBinding(server, first).refuses(409, "STALE");

        Binding move = owner.signed(renewal)
                .move(owner.identity(), Handle.of("moved@example.org"), owner.now(),
                        Owner.rnd());
        owner.putBinding(server, move.sign(owner.phone)).refuses(422, "NEEDS_RECOVERY_KEY");
        Jws moved = move.sign(owner.recovery);
        owner.putBinding(server, moved).is(201);
        Answer resolved = server.get(HANDLES + "mover@example.org");
        assertThat(verified(resolved).binding().to()).contains(Handle.of("moved@example.org"));
        assertThat(resolved.state()).isEqualTo(Status.State.MOVED);

        Jws release = owner.signed(moved).release(owner.identity(), owner.now(), Owner.rnd()).sign(owner.recovery);
        Answer released = owner.putBinding(server, release);
        released.is(201);
        assertThat(released.state()).isEqualTo(Status.State.RELEASED);
        vectors.status(released.json().object("status").orElseThrow(), server.statusKeys());
        server.get(HANDLES + "mover@example.org").refuses(410, "HANDLE_GONE");
        Answer again = owner.putBinding(server, release);
        again.is(200);
        assertThat(again.body()).isEqualTo(released.body());
        assertThat(server.get(HANDLES + "moved@example.org").status()).isEqualTo(200);
    }

    @Test
    void survivesAStolenDevice() {
        Owner owner = owner("robbed");
        Jws first = owner.registered(server, "robbed@example.org");
        JwsSigner stolen = Owner.key();
        owner.push(server, identity -> identity.addDevice(stolen.key(), owner.now()), owner.phone, stolen);
        Jws renewal = owner.signed(first).renew(owner.identity(), owner.now(), Owner.rnd()).sign(stolen);
        owner.putBinding(server, renewal).is(201);

        // The thief cannot throw the senior out.
        Jws coup = owner.operation(identity -> identity.revoke(Set.of(owner.phone.key()), Revocation.Why.LOST,
                owner.now()), stolen);
        owner.putOperation(server, coup).refuses(422, "JUNIOR_SIGNER");

        Jws thiefsNext = owner.signed(renewal).renew(owner.identity(), owner.now(), Owner.rnd()).sign(stolen);
        owner.push(server, identity -> identity.revoke(Set.of(stolen.key()), Revocation.Why.STOLEN, owner.now()),
                owner.phone);
        Answer stale = server.get(HANDLES + "robbed@example.org");
        assertThat(verified(stale).standing(owner.identity())).isEqualTo(SignedBinding.Standing.SIGNER_REVOKED);
        assertThat(stale.state()).isEqualTo(Status.State.STALE);
        owner.putBinding(server, thiefsNext).refuses(422, "SIGNER_REVOKED");
        Jws mine = owner.signed(renewal).renew(owner.identity(), owner.now(), Owner.rnd()).sign(owner.phone);
        owner.putBinding(server, mine).is(201);
        Answer resolved = server.get(HANDLES + "robbed@example.org");
        assertThat(verified(resolved).signer()).isEqualTo(owner.phone.key());
        assertThat(resolved.state()).isEqualTo(Status.State.ACTIVE);
    }

    @Test
    void isRecoveredWhenAllDevicesAreLost() {
        Owner owner = owner("careless");
        Jws first = owner.registered(server, "careless@example.org");
        JwsSigner next = Owner.key();
        owner.push(server, identity -> identity.recover(List.of(next.key()), Revocation.Why.LOST, owner.now()),
                owner.recovery, next);
        assertThat(server.get(HANDLES + "careless@example.org").state()).isEqualTo(Status.State.STALE);
        Jws old = owner.signed(first).renew(owner.identity(), owner.now(), Owner.rnd()).sign(next);
        owner.putBinding(server, old).is(201);
        Answer resolved = server.get(HANDLES + "careless@example.org");
        assertThat(resolved.state()).isEqualTo(Status.State.ACTIVE);
        assertThat(verified(resolved).signer()).isEqualTo(next.key());
    }

    @Test
    void isStaleOnceItsIdentityIsDeactivated() {
        Owner owner = owner("quitter");
        Jws first = owner.registered(server, "quitter@example.org");
        owner.push(server, identity -> identity.deactivate(owner.now()), owner.recovery);
        assertThat(server.get(HANDLES + "quitter@example.org").state()).isEqualTo(Status.State.STALE);
        Binding renewal = owner.signed(first).renew(owner.identity(), owner.now(), Owner.rnd());
        owner.putBinding(server, renewal.sign(owner.phone)).refuses(422, "DEACTIVATED");
    }

    @Test
    void showsTheChainOfItsIdentityAndWhatIsNewInIt() {
        Owner owner = owner("chained");
        owner.registered(server, "chained@example.org");
        JwsSigner laptop = Owner.key();
        Jws added = owner.push(server, identity -> identity.addDevice(laptop.key(), owner.now()), owner.phone, laptop);
        String path = IDENTITIES + owner.identity().id();
        Answer all = server.get(path);
        assertThat(all.is(200).array("operations").orElseThrow().items()).hasSize(2);
        assertThat(all.body()).doesNotContain("chained");
        assertThat(server.get(path + "?since=0").is(200).array("operations").orElseThrow().items())
                .containsExactly(added.toJson());
        assertThat(server.get(path + "?since=1").is(200).array("operations").orElseThrow().items()).isEmpty();
        server.get(path + "?since=-1").refuses(400, "INVALID_PARAM");
        server.get(path + "?since=x").refuses(400, "INVALID_PARAM");
        server.get(IDENTITIES + "n1" + "a".repeat(52)).refuses(404, "NOT_FOUND");
        server.get(IDENTITIES + "n2").refuses(400, "MALFORMED_MEMBER");
        owner.putOperation(server, added).is(200);
        Jws fork = owner.operations().getFirst();
        server.put(path + "/ops/1", owner.token(), fork.toJson()).refuses(422, "WRONG_SEQ");
        assertThat(server.get(path, "If-None-Match", all.header("ETag")).status()).isEqualTo(304);
    }

    @Test
    void isRegisteredBesideAnotherOfTheSameIdentity() {
        Owner owner = owner("plural");
        owner.registered(server, "plural@example.org");
        JwsSigner laptop = Owner.key();
        Jws added = owner.keep(owner.operation(id -> id.addDevice(laptop.key(), owner.now()), owner.phone, laptop));
        Jws second = owner.first("pluralis@example.org");
        // What the server has already need not be sent again.
        JsonObject request = owner.registration(server, second).with("identity", Owner.array(List.of(added)));
        server.post(BINDINGS, owner.token(), request).is(201);
        assertThat(verified(server.get(HANDLES + "plural@example.org")).binding().id())
                .isEqualTo(verified(server.get(HANDLES + "pluralis@example.org")).binding().id());
    }

    @Test
    void isFoundByWebFinger() {
        Owner owner = owner("finger");
        Jws binding = owner.firstBinding("finger@example.org")
                .withReach(new im.signet.protocol.handle.Reach(
                        im.signet.protocol.identifier.UserId.of("@finger:hs.example.org"), java.util.Optional.empty()))
                .sign(owner.phone);
        owner.register(server, binding).is(201);
        String path = "/.well-known/webfinger?resource=acct:finger@example.org";
        Answer found = server.get(path);
        assertThat(found.is(200)).isEqualTo(StrictJson.parseObject("""
                {"subject":"acct:finger@example.org","links":[{"rel":"describedby","type":"application/json",
                "href":"https://ns.example.org/_signet/ns/v1/handles/finger@example.org"},
                {"rel":"me","href":"matrix:u/finger:hs.example.org"},
                {"rel":"http://webfinger.net/rel/profile-page","type":"text/html",
                "href":"https://ns.example.org/h/finger@example.org"}]}""").orElseThrow());
        assertThat(found.header("Content-Type")).isEqualTo("application/jrd+json");
        assertThat(found.header("Access-Control-Allow-Origin")).isEqualTo("*");
        assertThat(server.get(path + "&rel=me").is(200).array("links").orElseThrow().items()).hasSize(1);
        assertThat(server.get(path + "&rel=other").is(200).array("links").orElseThrow().items()).isEmpty();
        assertThat(server.get("/.well-known/webfinger?resource=acct%3Afinger%40example.org").status()).isEqualTo(200);
        server.get("/.well-known/webfinger").refuses(400, "INVALID_PARAM");
        server.get(path + "&resource=acct:finger@example.org").refuses(400, "INVALID_PARAM");
        server.get("/.well-known/webfinger?resource=https://example.org/finger").refuses(400, "INVALID_PARAM");
        server.get("/.well-known/webfinger?resource=acct:Finger@example.org").refuses(400, "HANDLE_LOCAL_PART");
        server.get("/.well-known/webfinger?resource=acct:nobody@example.org").refuses(404, "NOT_FOUND");
    }

    @Test
    void isFoundByDiscovery() {
        Answer answer = server.get("/.well-known/signet");
        JsonObject discovery = answer.is(200);
        assertThat(discovery.integer("v")).contains(1L);
        assertThat(discovery.string("nameserver")).contains(NamesScene.URL);
        assertThat(discovery.string("identity_server")).contains("https://id.example.org");
        assertThat(discovery.array("status_keys").orElseThrow().items()).hasSize(1);
        assertThat(answer.header("Cache-Control")).isEqualTo("max-age=3600, public");
    }

    /** "Whole directory dumped", "case ambiguity": one answer to all that is nobody's, and none that lists. */
    @Test
    void isNobodysAlike() {
        String unknown = server.get(HANDLES + "nobody@example.org").refuses(404, "NOT_FOUND").body();
        for (String handle : List.of("admin@example.org", "nobody@elsewhere.org", "postmaster@example.org")) {
            assertThat(server.get(HANDLES + handle).refuses(404, "NOT_FOUND").body()).isEqualTo(unknown);
        }
        assertThat(server.get(IDENTITIES + "n1" + "a".repeat(52)).body()).isEqualTo(unknown);
        for (String handle : List.of("Alice@example.org", "alice", "a..b@example.org", "alice@EXAMPLE.org",
                "a@b@c.d")) {
            assertThat(server.get(HANDLES + handle).status()).as(handle).isEqualTo(400);
        }
        for (String list : List.of("/_signet/ns/v1/handles", HANDLES, "/_signet/ns/v1/identities", IDENTITIES)) {
            assertThat(server.get(list).status()).as(list).isEqualTo(404);
        }
    }
}
