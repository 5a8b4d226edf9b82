package im.signet.names;

import im.signet.protocol.handle.Binding;
import im.signet.protocol.handle.Handle;
import im.signet.protocol.handle.HandleDomain;
import im.signet.protocol.handle.Identity;
import im.signet.protocol.handle.Jws;
import im.signet.protocol.handle.JwsKey;
import im.signet.protocol.handle.JwsSigner;
import im.signet.protocol.handle.Operation;
import im.signet.protocol.handle.ProofOfPossession;
import im.signet.protocol.handle.Rnd;
import im.signet.protocol.handle.SignedBinding;
import im.signet.protocol.json.Json;
import im.signet.protocol.json.JsonArray;
import im.signet.protocol.json.JsonObject;

import java.security.SecureRandom;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

import static org.assertj.core.api.Assertions.assertThat;

/** A person with a Matrix account, a device and a recovery key, as their client would keep them. */
public final class Owner {

    private static final SecureRandom RANDOM = new SecureRandom();

    final String user;
    final JwsSigner recovery = JwsSigner.generate(RANDOM);
    final JwsSigner phone = JwsSigner.generate(RANDOM);
    private final Clock clock;
    private final List<Jws> operations = new ArrayList<>();
    private Identity identity;

    /** Makes an identity of one device and one recovery key. */
    public Owner(String user, Clock clock) {
        this.user = user;
        this.clock = clock;
        Jws genesis = Operation.genesis(HandleDomain.of(NamesScene.DOMAIN), List.of(recovery.key()), phone.key(),
                Rnd.generate(RANDOM), now()).sign(phone, recovery);
        operations.add(genesis);
        identity = Identity.genesis(genesis).orElseThrow();
    }

    /** Returns a new key. */
    public static JwsSigner key() {
        return JwsSigner.generate(RANDOM);
    }

    public static Rnd rnd() {
        return Rnd.generate(RANDOM);
    }

    public long now() {
        return clock.instant().getEpochSecond();
    }

    public String token() {
        return NamesScene.token(user);
    }

    public Identity identity() {
        return identity;
    }

    /** Returns the chain as it travels. */
    public JsonArray chain() {
        return array(operations);
    }

    static JsonArray array(List<Jws> operations) {
        return JsonArray.of(operations.stream().<Json>map(Jws::toJson).toList());
    }

    public List<Jws> operations() {
        return List.copyOf(operations);
    }

    /** Returns an operation on the newest state, and does not keep it. */
    public Jws operation(Function<Identity, Operation> next, JwsSigner... signers) {
        return next.apply(identity).sign(signers);
    }

    /** Keeps an operation that the chain allows. */
    public Jws keep(Jws operation) {
        identity = identity.apply(operation).orElseThrow();
        operations.add(operation);
        return operation;
    }

    /** Sends an operation to the server, which takes it, and keeps it. */
    public Jws push(NamesServer server, Function<Identity, Operation> next, JwsSigner... signers) {
        Jws operation = operation(next, signers);
        putOperation(server, operation).is(201);
        return keep(operation);
    }

    /** Sends an operation to the server. */
    public Answer putOperation(NamesServer server, Jws operation) {
        long seq = Operation.read(operation).orElseThrow().seq();
        return server.put(NamesServer.IDENTITIES + identity.id() + "/ops/" + seq, token(), operation.toJson());
    }

    /** Returns the first binding of a handle, signed by the phone. */
    public Jws first(String handle) {
        return firstBinding(handle).sign(phone);
    }

    public Binding firstBinding(String handle) {
        return Binding.first(Handle.of(handle), identity, now(), rnd());
    }

    /** Returns the binding of an envelope, checked. */
    public SignedBinding signed(Jws binding) {
        return SignedBinding.verify(binding, identity).orElseThrow();
    }

    /** Returns a nonce of the server for this account. */
    public ProofOfPossession.Nonce challenge(NamesServer server) {
        JsonObject answer = server.send("POST", NamesServer.CHALLENGES, token(), "{}").is(201);
        assertThat(answer.string("audience")).contains(NamesScene.URL);
        return new ProofOfPossession.Nonce(answer.string("nonce").orElseThrow());
    }

    /** Returns the body of a registration. */
    public JsonObject registration(ProofOfPossession.Nonce nonce, Jws binding, JwsSigner device) {
        return JsonObject.builder()
                .put("identity", chain())
                .put("binding", binding.toJson())
                .put("pop", pop(nonce, binding, device).toJson())
                .build();
    }

    public Jws pop(ProofOfPossession.Nonce nonce, Jws binding, JwsSigner device) {
        return new ProofOfPossession(new ProofOfPossession.Request(NamesScene.URL, nonce, binding.opId(),
                ProofOfPossession.Method.POST, NamesScene.URL + NamesServer.BINDINGS), now()).sign(device);
    }

    /** Returns a registration of that handle with a fresh challenge. */
    public JsonObject registration(NamesServer server, Jws binding) {
        return registration(challenge(server), binding, phone);
    }

    /** Asks for a handle. */
    public Answer register(NamesServer server, Jws binding) {
        return server.post(NamesServer.BINDINGS, token(), registration(server, binding));
    }

    /** Gets a handle; returns the binding. */
    public Jws registered(NamesServer server, String handle) {
        Jws binding = first(handle);
        register(server, binding).is(201);
        return binding;
    }

    /** Sends a binding that takes the place of another. */
    public Answer putBinding(NamesServer server, Jws binding) {
        return putBinding(server, binding, token());
    }

    public static Answer putBinding(NamesServer server, Jws binding, String token) {
        Binding says = Binding.read(binding).orElseThrow();
        return server.put(NamesServer.BINDINGS + "/" + says.handle() + "/" + says.seq(), token, binding.toJson());
    }

    public static JwsKey[] keys(JwsSigner... signers) {
        return java.util.Arrays.stream(signers).map(JwsSigner::key).toArray(JwsKey[]::new);
    }
}
