package im.signet.names;

import im.signet.protocol.handle.Binding;
import im.signet.protocol.handle.Handle;
import im.signet.protocol.handle.Jws;
import im.signet.protocol.handle.JwsSigner;
import im.signet.protocol.handle.OpId;
import im.signet.protocol.handle.Operation;
import im.signet.protocol.handle.ProofOfPossession;
import im.signet.protocol.handle.Reach;
import im.signet.protocol.handle.Revocation;
import im.signet.protocol.identifier.UserId;
import im.signet.protocol.json.Json;
import im.signet.protocol.json.JsonArray;
import im.signet.protocol.json.JsonObject;
import im.signet.protocol.json.JsonString;
import im.signet.protocol.json.StrictJson;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

import static im.signet.names.NamesServer.BINDINGS;
import static im.signet.names.NamesServer.CHALLENGES;
import static im.signet.names.NamesServer.HANDLES;
import static im.signet.names.NamesServer.IDENTITIES;
import static org.assertj.core.api.Assertions.assertThat;

/** Every way in which a request is wrong, and its code; whatever is sent, nothing fails. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class WhatIsRefusedTest {

    private NamesScene scene;
    private NamesServer server;
    private int count;

    @BeforeAll
    void start() {
        scene = new NamesScene();
        server = scene.start();
    }

    @AfterAll
    void stop() {
        scene.close();
    }

    private Owner owner() {
        count++;
        return new Owner("@user" + count + ":hs.example.org", scene.clock());
    }

    private static String name() {
        StringBuilder name = new StringBuilder("n");
        for (int i = 0; i < 12; i++) {
            name.append("abcdefghjk".charAt(new java.security.SecureRandom().nextInt(10)));
        }
        return name + "@example.org";
    }

    private Answer post(Owner owner, JsonObject body) {
        return server.post(BINDINGS, owner.token(), body);
    }

    @Test
    void aProofOfSomethingElse() {
        Owner owner = owner();
        Jws binding = owner.first(name());
        JsonObject body = owner.registration(server, binding);
        ProofOfPossession.Nonce nonce = owner.challenge(server);
        JwsSigner thief = Owner.key();
        post(owner, body.with("pop", owner.pop(nonce, binding, thief).toJson())).refuses(422, "UNKNOWN_SIGNER");
        post(owner, body.with("pop", owner.pop(nonce, owner.first(name()), owner.phone).toJson()))
                .refuses(422, "WRONG_BINDING");
        post(owner, body.with("pop", pop(owner, nonce, binding, "https://other.example.org",
                NamesScene.URL + BINDINGS, ProofOfPossession.Method.POST))).refuses(422, "WRONG_AUDIENCE");
        post(owner, body.with("pop", pop(owner, nonce, binding, NamesScene.URL, NamesScene.URL + "/other",
                ProofOfPossession.Method.POST))).refuses(422, "WRONG_REQUEST");
        post(owner, body.with("pop", pop(owner, nonce, binding, NamesScene.URL, NamesScene.URL + BINDINGS,
                ProofOfPossession.Method.PUT))).refuses(422, "WRONG_REQUEST");
        post(owner, body.with("pop", binding.toJson())).refuses(400, "WRONG_TYP");
        Owner other = owner();
        // The nonce of another account, one that was never given out, and one that has run out.
        post(owner, body.with("pop", owner.pop(other.challenge(server), binding, owner.phone).toJson()))
                .refuses(422, "UNKNOWN_CHALLENGE");
        post(owner, body.with("pop", owner.pop(ProofOfPossession.Nonce.generate(new java.security.SecureRandom()),
                binding, owner.phone).toJson())).refuses(422, "UNKNOWN_CHALLENGE");
        scene.clock().move(Duration.ofMinutes(5));
        post(owner, body).refuses(422, "UNKNOWN_CHALLENGE");
        post(owner, owner.registration(server, binding)).is(201);
    }

    private static Json pop(Owner owner, ProofOfPossession.Nonce nonce, Jws binding, String audience, String uri,
            ProofOfPossession.Method method) {
        return new ProofOfPossession(
                new ProofOfPossession.Request(audience, nonce, binding.opId(), method, uri), owner.now())
                .sign(owner.phone)
                .toJson();
    }

    @Test
    void aProofOfAnotherTime() {
        Owner owner = owner();
        Jws binding = owner.first(name());
        ProofOfPossession.Nonce nonce = owner.challenge(server);
        Jws early = new ProofOfPossession(new ProofOfPossession.Request(NamesScene.URL, nonce, binding.opId(),
                ProofOfPossession.Method.POST, NamesScene.URL + BINDINGS), owner.now() - 301).sign(owner.phone);
        post(owner, owner.registration(nonce, binding, owner.phone).with("pop", early.toJson()))
                .refuses(422, "PROOF_TIME");
    }

    /** Replay: a nonce registers one handle. */
    @Test
    void aNonceThatWasUsed() {
        Owner owner = owner();
        ProofOfPossession.Nonce nonce = owner.challenge(server);
        post(owner, owner.registration(nonce, owner.first(name()), owner.phone)).is(201);
        post(owner, owner.registration(nonce, owner.first(name()), owner.phone)).refuses(422, "UNKNOWN_CHALLENGE");
    }

    @Test
    void anIdentityOfSomebodyElse() {
        Owner victim = owner();
        Owner thief = owner();
        Binding stolen = victim.firstBinding(name());
        JsonObject body = thief.registration(server, stolen.sign(thief.phone)).with("identity", victim.chain());
        post(thief, body).refuses(422, "UNKNOWN_SIGNER");
        post(thief, body.with("identity", thief.chain())).refuses(422, "WRONG_ID");
        post(thief, body.with("identity", JsonArray.of(List.of()))).refuses(422, "EMPTY_CHAIN");
        Jws byRecovery = thief.firstBinding(name()).sign(thief.recovery);
        post(thief, thief.registration(thief.challenge(server), byRecovery, thief.recovery))
                .refuses(422, "NEEDS_DEVICE");
    }

    @Test
    void aBindingOfAnotherTime() {
        Owner owner = owner();
        Binding binding = owner.firstBinding(name());
        Binding ended = withTimes(binding, owner.now() - 100, owner.now());
        owner.register(server, ended.sign(owner.phone)).refuses(422, "BINDING_TIME");
        Binding early = withTimes(binding, owner.now() + 3601, owner.now() + 90_000);
        owner.register(server, early.sign(owner.phone)).refuses(422, "BINDING_TIME");
    }

    private static Binding withTimes(Binding b, long iat, long exp) {
        return new Binding(b.handle(), b.id(), b.seq(), b.prev(), b.head(), b.hs(), b.epoch(), b.state(), b.to(), iat,
                exp, b.rnd(), b.reach(), b.ext());
    }

    @Test
    void aReachOfSomebodyElse() {
        Owner owner = owner();
        UserId victim = UserId.of("@victim:hs.example.org");
        Binding binding = owner.firstBinding(name());
        owner.register(server, binding.withReach(new Reach(victim, Optional.empty())).sign(owner.phone))
                .refuses(403, "REACH_NOT_PROVEN");
        JwsSigner master = Owner.key();
        Binding vouched = binding.withReach(new Reach(victim, Optional.of(master.key())));
        owner.register(server, vouched.sign(owner.phone)).refuses(422, "MISSING_SIGNATURE");
        Jws first = binding.withReach(new Reach(UserId.of(owner.user), Optional.empty())).sign(owner.phone);
        owner.register(server, first).is(201);
        // Another account may renew what it says already, and say nothing else.
        Binding renewal = owner.signed(first).renew(owner.identity(), owner.now(), Owner.rnd());
        String other = NamesScene.token("@other:hs.example.org");
        Owner.putBinding(server, renewal.withReach(new Reach(victim, Optional.empty())).sign(owner.phone), other)
                .refuses(403, "REACH_NOT_PROVEN");
        Owner.putBinding(server, renewal.sign(owner.phone), other).is(201);
    }

    @Test
    void aBindingThatWasSignedAtAnOldHead() {
        Owner owner = owner();
        Jws first = owner.registered(server, name());
        Binding old = owner.signed(first).renew(owner.identity(), owner.now(), Owner.rnd());
        JwsSigner laptop = Owner.key();
        owner.push(server, id -> id.addDevice(laptop.key(), owner.now()), owner.phone, laptop);
        Answer refused = owner.putBinding(server, old.sign(owner.phone)).refuses(409, "OLD_HEAD");
        assertThat(refused.json().integer("seq")).contains(1L);
        assertThat(refused.json().string("head")).contains(owner.identity().head().value());
    }

    @Test
    void aBindingOfAnEpochThatIsOver() {
        Owner owner = owner();
        Jws first = owner.registered(server, name());
        Binding old = owner.signed(first).renew(owner.identity(), owner.now(), Owner.rnd());
        JwsSigner next = Owner.key();
        owner.push(server, id -> id.recover(List.of(next.key()), Revocation.Why.LOST, owner.now()), owner.recovery,
                next);
        owner.putBinding(server, old.sign(owner.phone)).refuses(422, "EPOCH_OVER");
        owner.putBinding(server, owner.signed(first)
                .renew(owner.identity(), owner.now(), Owner.rnd())
                .sign(owner.phone)).refuses(422, "UNKNOWN_SIGNER");
    }

    @Test
    void aBindingOfAnotherPath() {
        Owner owner = owner();
        String handle = name();
        Jws first = owner.registered(server, handle);
        Jws renewal = owner.signed(first).renew(owner.identity(), owner.now(), Owner.rnd()).sign(owner.phone);
        String token = owner.token();
        server.put(BINDINGS + "/" + handle + "/2", token, renewal.toJson()).refuses(422, "WRONG_SEQ");
        server.put(BINDINGS + "/other" + handle + "/1", token, renewal.toJson()).refuses(422, "WRONG_HANDLE");
        for (String seq : List.of("01", "-1", "1e0", "x", "9".repeat(16))) {
            server.put(BINDINGS + "/" + handle + "/" + seq, token, renewal.toJson()).refuses(400, "MALFORMED_MEMBER");
        }
        Jws gap = owner.signed(renewal).renew(owner.identity(), owner.now(), Owner.rnd()).sign(owner.phone);
        owner.putBinding(server, gap).refuses(409, "STALE");
        Owner other = owner();
        Binding foreign = new Binding(Handle.of(handle), other.identity().id(), 1, Optional.of(first.opId()),
                other.identity().head(), 0, 0, Binding.State.ACTIVE, Optional.empty(), owner.now(), owner.now() + 9000,
                Owner.rnd(), Optional.empty(), JsonObject.of());
        other.putBinding(server, foreign.sign(other.phone)).refuses(422, "WRONG_ID");
    }

    @Test
    void aChainThatForks() {
        Owner owner = owner();
        owner.registered(server, name());
        JwsSigner one = Owner.key();
        JwsSigner other = Owner.key();
        Jws fork = owner.operation(id -> id.addDevice(other.key(), owner.now()), owner.phone, other);
        owner.push(server, id -> id.addDevice(one.key(), owner.now()), owner.phone, one);
        owner.putOperation(server, fork).refuses(409, "STALE");
        List<Jws> forked = List.of(owner.operations().getFirst(), fork);
        Jws binding = owner.first(name());
        JsonObject body = owner.registration(server, binding).with("identity", Owner.array(forked));
        post(owner, body).refuses(409, "FORKED");
        Jws far = Operation.read(fork)
                .map(operation -> new Operation(operation.kind(), operation.id(),
                        operation.home(), 7, Optional.of(new OpId("A".repeat(43))), operation.epoch(), operation.iat(),
                        operation.rnd(), operation.recovery(), operation.devices(), operation.revoked()))
                .orElseThrow()
                .sign(owner.phone, other);
        owner.putOperation(server, far).refuses(409, "STALE");
        post(owner, body.with("identity", Owner.array(List.of(far)))).refuses(409, "STALE");
    }

    @Test
    void anIdentityThatIsNotKnown() {
        Owner owner = owner();
        JwsSigner laptop = Owner.key();
        Jws operation = owner.operation(id -> id.addDevice(laptop.key(), owner.now()), owner.phone, laptop);
        owner.putOperation(server, operation).refuses(404, "NOT_FOUND");
    }

    /** Jackson leniency, CVE-2021-29433, CVE-2021-29430: what cannot be read is refused, and nothing is without a bound. */
    @Test
    void bodiesThatAreNone() {
        Owner owner = owner();
        String token = owner.token();
        for (String path : List.of(BINDINGS, BINDINGS + "/alice@example.org/1",
                IDENTITIES + owner.identity().id() + "/ops/1")) {
            String method = path.equals(BINDINGS) ? "POST" : "PUT";
            for (String body : List.of("", "x", "[]", "null", "{\"a\":1,\"a\":2}", "{\"a\":1e400}",
                    "{\"a\":\"\\ud800\"}", "[".repeat(70), "{}", "{\"payload\":1,\"signatures\":[]}",
                    "{\"payload\":\"\",\"signatures\":[]}", "{\"payload\":\"e30\",\"signatures\":[{}]}",
                    "{\"identity\":1,\"binding\":2,\"pop\":3}", "{\"identity\":[],\"binding\":{},\"pop\":{}}")) {
                Answer answer = server.send(method, path, token, body);
                assertThat(answer.status()).as(path + " " + body).isEqualTo(400);
                assertThat(answer.json().string("code")).as(body).isPresent();
            }
            server.send(method, path, token, "{\"a\":\"" + "x".repeat(600_000) + "\"}").refuses(413, "TOO_LARGE");
        }
        JsonObject body = owner.registration(server, owner.first(name()));
        post(owner, body.with("invite", "x".repeat(65))).refuses(400, "INVALID_PARAM");
        post(owner, body.with("identity", JsonArray.of(java.util.Collections.nCopies(1203, JsonObject.of()))))
                .refuses(400, "INVALID_PARAM");
        JsonObject huge = JsonObject.builder()
                .put("payload", "A".repeat(30_000))
                .put("signatures", JsonArray.of(List.of()))
                .build();
        post(owner, body.with("binding", huge)).refuses(400, "ENVELOPE_TOO_LARGE");
    }

    /** Each text of each record is changed a little, hundreds of times: refused with a code, and never a failure. */
    @Test
    void whateverIsChangedInARecord() {
        Random random = new Random(6);
        Owner owner = owner();
        JsonObject body = owner.registration(server, owner.first(name()));
        String text = StrictJson.write(body);
        for (int i = 0; i < 600; i++) {
            StringBuilder changed = new StringBuilder(text);
            int at = random.nextInt(changed.length());
            switch (random.nextInt(3)) {
                case 0 -> changed.setCharAt(at, (char) (random.nextInt(95) + 32));
                case 1 -> changed.deleteCharAt(at);
                default -> changed.insert(at, (char) (random.nextInt(95) + 32));
            }
            // A blank between two parts changes nothing.
            if (!StrictJson.parseObject(changed.toString()).toOptional().equals(Optional.of(body))) {
                Answer answer = server.send("POST", BINDINGS, owner.token(), changed.toString());
                assertThat(answer.status()).as(changed.toString()).isIn(400, 403, 404, 422);
                assertThat(answer.json().string("code")).isPresent();
            }
        }
    }

    /** The payload is changed and signed anew, as a client with a fault would: every member gone, null, empty, huge. */
    @Test
    void whateverStandsInAPayload() {
        Owner owner = owner();
        String handle = name();
        Jws binding = owner.first(handle);
        JsonObject payload = StrictJson.parseObject(binding.payload()).orElseThrow();
        List<Json> values = new ArrayList<>(List.of(new JsonString(""), new JsonString("x".repeat(5000)),
                new JsonString("\u0000"), new JsonString("' OR 1=1 --"), new JsonString("<script>"), JsonObject.of(),
                JsonArray.of(List.of()), json("null"), json("true"), json("-1"), json("9007199254740993"),
                json("1.5")));
        for (String member : payload.members().keySet()) {
            List<JsonObject> variants = new ArrayList<>(List.of(payload.without(member)));
            values.forEach(value -> variants.add(payload.with(member, value)));
            for (JsonObject variant : variants) {
                JsonObject envelope = resigned(binding, variant, owner.phone);
                JsonObject request = owner.registration(owner.challenge(server), binding, owner.phone)
                        .with("binding", envelope);
                Answer answer = post(owner, request);
                assertThat(answer.status()).as(StrictJson.write(variant)).isIn(400, 404, 409, 422);
                assertThat(answer.json().string("code")).isPresent();
            }
        }
        assertThat(server.get(HANDLES + handle).status()).isEqualTo(404);
    }

    private static Json json(String text) {
        return StrictJson.parse(text).orElseThrow();
    }

    private static JsonObject resigned(Jws template, JsonObject payload, JwsSigner signer) {
        JsonObject part = (JsonObject) template.toJson().array("signatures").orElseThrow().items().getFirst();
        String encoded = Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(StrictJson.write(payload).getBytes(StandardCharsets.UTF_8));
        String header = part.string("protected").orElseThrow();
        byte[] signature = new byte[64];
        var seed = signer.seed();
        org.bouncycastle.math.ec.rfc8032.Ed25519.sign(seed, 0,
                (header + "." + encoded).getBytes(StandardCharsets.US_ASCII), 0, header.length() + 1 + encoded.length(),
                signature, 0);
        return JsonObject.builder()
                .put("payload", encoded)
                .put("signatures", JsonArray.of(List.of(JsonObject.builder()
                        .put("protected", header)
                        .put("signature", Base64.getUrlEncoder().withoutPadding().encodeToString(signature))
                        .build())))
                .build();
    }

    @Test
    void pathsThatAreNone() {
        for (String handle : List.of("%00@example.org", "a%2Fb@example.org", "alice%40example.org%20",
                "x".repeat(5000) + "@example.org", "%F0%9F%92%A9@example.org", "alice@example.org;a=b")) {
            assertThat(server.get(HANDLES + handle).status()).as(handle).isIn(400, 404);
            assertThat(server.get("/.well-known/webfinger?resource=acct:" + handle).status()).as(handle)
                    .isIn(400, 404);
        }
        assertThat(server.send("DELETE", HANDLES + "a@example.org", "", "").status()).isEqualTo(405);
        assertThat(server.send("OPTIONS", BINDINGS, "", "").status()).isEqualTo(200);
        assertThat(server.send("GET", CHALLENGES, "", "").status()).isEqualTo(405);
    }

    @Test
    void aJuniorThatRevokesASenior() {
        Owner owner = owner();
        owner.registered(server, name());
        JwsSigner junior = Owner.key();
        owner.push(server, id -> id.addDevice(junior.key(), owner.now()), owner.phone, junior);
        Jws coup = owner.operation(id -> id.revoke(Set.of(owner.phone.key()), Revocation.Why.LOST, owner.now()),
                junior);
        owner.putOperation(server, coup).refuses(422, "JUNIOR_SIGNER");
    }
}
