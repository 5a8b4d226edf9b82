package im.signet.standalone;

import im.signet.protocol.handle.Binding;
import im.signet.protocol.handle.Handle;
import im.signet.protocol.handle.Identity;
import im.signet.protocol.handle.Jws;
import im.signet.protocol.handle.JwsSigner;
import im.signet.protocol.handle.Operation;
import im.signet.protocol.handle.ProofOfPossession;
import im.signet.protocol.handle.Reach;
import im.signet.protocol.handle.Rnd;
import im.signet.protocol.handle.SignedBinding;
import im.signet.protocol.identifier.UserId;
import im.signet.protocol.json.JsonArray;
import im.signet.protocol.json.JsonObject;
import im.signet.protocol.json.StrictJson;

import java.security.SecureRandom;
import java.time.Clock;
import java.util.List;
import java.util.Optional;

import static org.assertj.core.api.Assertions.assertThat;

/** A handle that somebody of a town has, with its device and recovery key. */
final class TownHandle {

    private static final SecureRandom RANDOM = new SecureRandom();
    private static final String BINDINGS = "/_signet/ns/v1/bindings";

    private final Town town;
    private final String token;
    private final JwsSigner recovery;
    private final SignedBinding binding;
    final Identity identity;

    private TownHandle(Town town, String token, JwsSigner recovery, SignedBinding binding, Identity identity) {
        this.town = town;
        this.token = token;
        this.recovery = recovery;
        this.binding = binding;
        this.identity = identity;
    }

    /** Has a new user, who accepts the terms, register that handle and say that they are reached by Matrix. */
    static TownHandle register(Town town, String name, Handle handle) {
        UserId user = town.homeserver.register(name);
        String token = town.register(user);
        town.acceptTerms(token);
        JwsSigner phone = JwsSigner.generate(RANDOM);
        JwsSigner recovery = JwsSigner.generate(RANDOM);
        Jws genesis = Operation
                .genesis(handle.domain(), List.of(recovery.key()), phone.key(), Rnd.generate(RANDOM), now())
                .sign(phone, recovery);
        Identity identity = Identity.genesis(genesis).orElseThrow();
        Jws binding = Binding.first(handle, identity, now(), Rnd.generate(RANDOM))
                .withReach(new Reach(user, Optional.empty()))
                .sign(phone);
        JsonObject challenge = town.post("/_signet/ns/v1/challenges", token, "{}").json();
        String audience = challenge.string("audience").orElseThrow();
        Jws pop = new ProofOfPossession(new ProofOfPossession.Request(audience,
                new ProofOfPossession.Nonce(challenge.string("nonce").orElseThrow()), binding.opId(),
                ProofOfPossession.Method.POST, audience + BINDINGS), now()).sign(phone);
        Town.Reply reply = town.post(BINDINGS, token, StrictJson.write(JsonObject.builder()
                .put("identity", JsonArray.of(List.of(genesis.toJson())))
                .put("binding", binding.toJson())
                .put("pop", pop.toJson())
                .build()));
        assertThat(reply.status()).as(reply.body()).isEqualTo(201);
        return new TownHandle(town, token, recovery, SignedBinding.verify(binding, identity).orElseThrow(), identity);
    }

    /** Has its owner move on to another. */
    void moveTo(Handle to) {
        put(binding.move(identity, to, now(), Rnd.generate(RANDOM)));
    }

    /** Has its owner give it up. */
    void release() {
        put(binding.release(identity, now(), Rnd.generate(RANDOM)));
    }

    private void put(Binding next) {
        Town.Reply reply = town.send("PUT", BINDINGS + "/" + next.handle() + "/" + next.seq(), token,
                StrictJson.write(next.sign(recovery).toJson()), "application/json");
        assertThat(reply.status()).as(reply.body()).isEqualTo(201);
    }

    private static long now() {
        return Clock.systemUTC().instant().getEpochSecond();
    }
}
