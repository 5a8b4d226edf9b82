package im.signet.client;

import im.signet.client.handle.Bundle;
import im.signet.client.handle.Chain;
import im.signet.client.handle.Nameserver;
import im.signet.client.handle.NextBinding;
import im.signet.client.handle.NextOperation;
import im.signet.client.handle.OwnIdentity;
import im.signet.client.handle.RecoveryKey;
import im.signet.client.handle.ResolvedHandle;
import im.signet.client.transport.Method;
import im.signet.protocol.handle.Binding;
import im.signet.protocol.handle.Handle;
import im.signet.protocol.handle.IdentityId;
import im.signet.protocol.handle.Jws;
import im.signet.protocol.handle.ProofOfPossession;
import im.signet.protocol.handle.SignedBinding;
import im.signet.protocol.json.Json;
import im.signet.protocol.json.JsonArray;
import im.signet.protocol.json.JsonObject;

import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * Registers handles of the user's own, changes what they name, and publishes what happens to the identity's keys. Each call
 * that is given the same record again comes to the same end, so an answer that was lost is asked for again with the same
 * record. Nothing is tried again by itself, but for what a nameserver refuses because it was restored from a backup: it is shown
 * the identity first. Safe for use by several threads. See {@code docs/spec/nameserver.md}.
 */
public final class OwnHandles {
    private static final String BINDINGS = "/bindings";

    private final Access access;
    private final Consent<Purpose.KeepHandle> consent;
    private final Nameserver nameserver;
    private final ClientOptions options;
    private final Wire wire;

    OwnHandles(Access access, Consent<Purpose.KeepHandle> consent, Nameserver nameserver, ClientOptions options) {
        this.access = access;
        this.consent = consent;
        this.nameserver = nameserver;
        this.options = options;
        this.wire = access.wireTo(nameserver.url(), HandleDirectory.LIMITS);
    }

    /** Returns the nameserver. */
    public Nameserver nameserver() {
        return nameserver;
    }

    /** Returns what came of registering the handle of {@code claim}, without an invitation code. */
    public Registration register(NextBinding claim) {
        return register(claim, Optional.empty());
    }

    /**
     * Returns what came of registering the handle of {@code claim}, which {@link OwnIdentity#claim} has made: asks the
     * nameserver for a challenge, proves to hold the key, and registers.
     */
    public Registration register(NextBinding claim, Optional<String> invite) {
        Answer challenge = access.ask(wire, consent,
                Call.writeName(Method.POST, "/challenges", JsonObject.of(), Disclosures.challenge()));
        if (!(challenge instanceof Answer.Ok ok)) {
            return challenge instanceof Answer.Refusal refusal && refusal.status() == 404
                    ? Registration.Refused.NOT_SERVED
                    : Answer.failure(challenge);
        }
        Optional<ProofOfPossession.Nonce> nonce = ok.body()
                .string("nonce")
                .flatMap(text -> ProofOfPossession.Nonce.parse(text).toOptional());
        String audience = nameserver.url().toString();
        // A proof for another audience is what a nameserver in the middle would ask for.
        if (!nonce.isPresent() || !ok.body().string("audience").equals(Optional.of(audience))) {
            return new Failure.Malformed("the challenge is not one of this nameserver");
        }
        SignedBinding binding = claim.binding();
        Handle handle = binding.binding().handle();
        Call call = Call.writeName(Method.POST, BINDINGS, JsonObject.of(),
                Disclosures.registration(handle, invite.isPresent()));
        Jws proof = claim.prove(new ProofOfPossession.Request(audience, nonce.get(), binding.opId(),
                ProofOfPossession.Method.POST, audience + call.path()), now().getEpochSecond());
        JsonObject.Builder body = JsonObject.builder()
                .put("identity", claim.before().chain().toJson())
                .put("binding", binding.jws().toJson())
                .put("pop", proof.toJson());
        invite.ifPresent(code -> body.put("invite", code));
        Answer answer = access.ask(wire, consent, call.withBody(body.build()));
        if (isRestored(answer)) {
            // The challenge is still open: nothing was registered.
            answer = shown(claim.before(), answer, () -> access.ask(wire, consent, call.withBody(body.build())));
        }
        if (answer instanceof Answer.Refusal refusal) {
            Optional<Registration> refused = registrationRefused(refusal.errcode());
            return refused.isPresent() ? refused.get() : refusal.asFailure();
        }
        if (!(answer instanceof Answer.Ok registered)) {
            return Answer.failure(answer);
        }
        Bundle.Judgement judgement = judge(claim, registered.body());
        if (judgement instanceof Bundle.Judgement.Untimely) {
            return Registration.Refused.CLOCK_OFF;
        }
        return judgement instanceof Bundle.Judgement.Good good && isShown(claim, good.handle())
                ? new Registration.Registered(claim.after().at(good.handle()), good.handle())
                : new Failure.Malformed("the server shows another handle than the one that was registered");
    }

    /** Returns what came of putting {@code next} in the place of the binding before: a renewal, a move or a release. */
    public BindingUpdate update(NextBinding next) {
        SignedBinding binding = next.binding();
        Handle handle = binding.binding().handle();
        Call call = Call.writeName(Method.PUT, BINDINGS + "/" + handle + "/" + binding.binding().seq(),
                binding.jws().toJson(), Disclosures.bindingUpdate(binding));
        // Nobody has to accept anything to leave.
        Supplier<Answer> put = () -> binding.binding().state() == Binding.State.ACTIVE
                ? access.ask(wire, consent, call)
                : access.askWithoutTerms(wire, call);
        Answer answer = put.get();
        if (isRestored(answer)) {
            answer = shown(next.before(), answer, put);
        }
        if (answer instanceof Answer.Refusal refusal) {
            Optional<BindingUpdate> refused = updateRefused(refusal);
            return refused.isPresent() ? refused.get() : refusal.asFailure();
        }
        if (!(answer instanceof Answer.Ok ok)) {
            return Answer.failure(answer);
        }
        if (binding.binding().state() == Binding.State.RELEASED) {
            return new BindingUpdate.Updated(next.after());
        }
        Bundle.Judgement judgement = judge(next, ok.body());
        if (judgement instanceof Bundle.Judgement.Untimely) {
            return BindingUpdate.Refused.CLOCK_OFF;
        }
        return judgement instanceof Bundle.Judgement.Good good && isShown(next, good.handle())
                ? new BindingUpdate.Updated(next.after().at(good.handle()))
                : new Failure.Malformed("the server shows another binding than the one that was put");
    }

    /** Returns what came of publishing {@code next}; no terms need to be accepted, as it may throw a thief out. */
    public OperationUpdate publish(NextOperation next) {
        IdentityId id = next.after().id();
        long seq = next.after().identity().seq();
        Call call = Call.writeName(Method.PUT, "/identities/" + id + "/ops/" + seq, next.operation().toJson(),
                Disclosures.operation(id));
        Answer answer = access.askWithoutTerms(wire, call);
        if (isRestored(answer)) {
            answer = shown(next.before(), answer, () -> access.askWithoutTerms(wire, call));
        }
        if (answer instanceof Answer.Ok) {
            return new OperationUpdate.Published(next.after());
        }
        if (answer instanceof Answer.Refusal refusal && refusal.status() == 404) {
            return new OperationUpdate.NotKept(next.after());
        }
        if (!(answer instanceof Answer.Refusal refusal) || !refusal.errcode().equals("STALE")) {
            return Answer.failure(answer);
        }
        return overtaken(next);
    }

    /**
     * Shows the identity to a nameserver that was restored from a backup and lets nothing change before that: its chain and
     * its newest bindings, by this device, which has to be the first one of the identity. The other calls of this class do
     * so by themselves where it is needed. Returns why the server did not take it; empty when it did.
     */
    public Optional<Failure> show(OwnIdentity own) {
        return failureOf(show(own, own::prove));
    }

    /** As {@link #show(OwnIdentity)}, by a recovery key: for whoever does not have the first device of the identity. */
    public Optional<Failure> show(OwnIdentity own, RecoveryKey recovery) {
        return failureOf(show(own, recovery::prove));
    }

    private static Optional<Failure> failureOf(Answer answer) {
        return answer instanceof Answer.Ok ? Optional.empty() : Optional.of(Answer.failure(answer));
    }

    private static boolean isRestored(Answer answer) {
        return answer instanceof Answer.Refusal refusal && refusal.errcode().equals("IDENTITY_RESTORED");
    }

    /** Shows the identity, then asks again; returns the first answer that is none of success. */
    private Answer shown(OwnIdentity own, Answer before, Supplier<Answer> again) {
        Answer answer = show(own, own::prove);
        if (answer instanceof Answer.Refusal refusal && refusal.errcode().equals("CHAIN_TOO_SHORT")
                && refresh(own) instanceof ChainReading.Current current) {
            // Another device has signed what this one does not know yet.
            answer = show(current.now(), current.now()::prove);
        }
        return answer instanceof Answer.Ok ? again.get() : answer instanceof Answer.Refusal ? answer : before;
    }

    private interface Prover {
        Jws prove(ProofOfPossession.Request request, long iat);
    }

    private Answer show(OwnIdentity own, Prover prover) {
        Answer challenge = access.askWithoutTerms(wire,
                Call.writeName(Method.POST, "/challenges", JsonObject.of(), Disclosures.restored(own.id())));
        if (!(challenge instanceof Answer.Ok ok)) {
            return challenge;
        }
        Optional<ProofOfPossession.Nonce> nonce = ok.body()
                .string("nonce")
                .flatMap(text -> ProofOfPossession.Nonce.parse(text).toOptional());
        String audience = nameserver.url().toString();
        if (!nonce.isPresent() || !ok.body().string("audience").equals(Optional.of(audience))) {
            return new Answer.Broken(new Failure.Malformed("the challenge is not one of this nameserver"));
        }
        Call call = Call.writeName(Method.POST, "/identities/" + own.id() + "/chain", JsonObject.of(),
                Disclosures.restored(own.id()));
        Jws proof = prover.prove(new ProofOfPossession.Request(audience, nonce.get(), own.chain().head(),
                ProofOfPossession.Method.POST, audience + call.path()), now().getEpochSecond());
        return access.askWithoutTerms(wire, call.withBody(JsonObject.builder()
                .put("identity", own.chain().toJson())
                .put("bindings",
                        JsonArray.of(own.newestBindings()
                                .stream()
                                .<Json>map(binding -> binding.jws().toJson())
                                .collect(Collectors.toList())))
                .put("pop", proof.toJson())
                .build()));
    }

    /** Asks what stands in the place of the operation; it may be that, if it came by another way. */
    private OperationUpdate overtaken(NextOperation next) {
        long before = next.after().identity().seq() - 1;
        Reading reading = read(next.after().id(), before);
        if (reading instanceof Reading.Broken broken) {
            return broken.why();
        }
        List<Jws> following = ((Reading.Operations) reading).following();
        OwnIdentity without = next.before();
        Chain.Comparison comparison = without.chain().compareAfter(before, following);
        if (comparison instanceof Chain.Comparison.Forked forked) {
            return new OperationUpdate.Forked(forked.evidence());
        }
        if (!(comparison instanceof Chain.Comparison.Continues continues)) {
            ChainReading fork = forkOf(without);
            return fork instanceof ChainReading.Forked proven
                    ? new OperationUpdate.Forked(proven.evidence())
                    : fork instanceof Failure failure ? failure : new OperationUpdate.WentBack();
        }
        if (following.isEmpty()) {
            return new OperationUpdate.WentBack();
        }
        OwnIdentity now = without.at(continues.chain());
        return following.get(0).opId().equals(next.operation().opId())
                ? new OperationUpdate.Published(next.after().at(continues.chain()))
                : new OperationUpdate.Overtaken(now, continues.chain().changesFrom(before + 1));
    }

    /**
     * Returns what other devices and recovery keys of the identity have done since; reading needs no account. A nameserver that
     * was restored from a backup and lacks what this device knows is {@linkplain #show(OwnIdentity) shown} it.
     */
    public ChainReading refresh(OwnIdentity own) {
        long known = own.identity().seq();
        Answer answer = wire.send(chain(own.id(), known));
        if (Answer.isNotFound(answer)) {
            return new ChainReading.NotKept();
        }
        Reading reading = operations(answer);
        if (reading instanceof Reading.Broken broken) {
            return broken.why();
        }
        Reading.Operations operations = (Reading.Operations) reading;
        if (operations.newest() < known && answer instanceof Answer.Ok ok
                && ok.body().bool("restored").orElse(false)) {
            // It says why it lacks something: it is given what it lost.
            Optional<Failure> failed = show(own);
            return failed.isPresent()
                    ? failed.get()
                    : new ChainReading.Current(own, Collections.emptyList());
        }
        if (operations.newest() < known) {
            return new ChainReading.WentBack();
        }
        Chain.Comparison comparison = own.chain().compareAfter(known, operations.following());
        if (comparison instanceof Chain.Comparison.Continues continues
                && continues.chain().head().value().equals(operations.head())) {
            return new ChainReading.Current(own.at(continues.chain()), continues.chain().changesFrom(known + 1));
        }
        return forkOf(own);
    }

    /** Asks for the whole chain, as its end does not fit: where it left ours is what proves something. */
    private ChainReading forkOf(OwnIdentity own) {
        Reading reading = read(own.id(), -1);
        if (reading instanceof Reading.Broken broken) {
            return broken.why();
        }
        Chain.Comparison comparison = own.chain().compare(((Reading.Operations) reading).following());
        if (comparison instanceof Chain.Comparison.Forked forked) {
            return new ChainReading.Forked(forked.evidence());
        }
        return comparison instanceof Chain.Comparison.Behind
                ? new ChainReading.WentBack()
                : new Failure.Malformed("the server's operations do not follow on those that are known");
    }

    /** What a server shows of a chain. */
    private sealed interface Reading {
        record Operations(long newest, String head, List<Jws> following) implements Reading {}

        record Broken(Failure why) implements Reading {}
    }

    private Reading read(IdentityId id, long since) {
        return operations(wire.send(chain(id, since)));
    }

    private static Call chain(IdentityId id, long since) {
        Call all = Call.readName("/identities/" + id, Disclosures.operations(id));
        return since < 0 ? all : all.with("since", Long.toString(since));
    }

    private static Reading operations(Answer answer) {
        if (!(answer instanceof Answer.Ok ok)) {
            return new Reading.Broken(Answer.failure(answer));
        }
        Optional<List<Jws>> following = ok.body().get("operations").flatMap(Chain::envelopes);
        Optional<Long> newest = ok.body().integer("seq");
        Optional<String> head = ok.body().string("head");
        return following.isPresent() && newest.isPresent() && head.isPresent()
                ? new Reading.Operations(newest.get(), head.get(), following.get())
                : new Reading.Broken(new Failure.Malformed("the answer has no seq, head and operations"));
    }

    private Bundle.Judgement judge(NextBinding next, JsonObject bundle) {
        return Bundle.judge(next.binding().binding().handle(), bundle, nameserver, Optional.empty(), now());
    }

    /** Returns whether the server shows that binding, of the identity as it is known here or later. */
    private static boolean isShown(NextBinding next, ResolvedHandle shown) {
        return shown.binding().equals(next.binding())
                && next.before().compare(shown.chain().operations()) instanceof Chain.Comparison.Continues;
    }

    private Instant now() {
        return options.clock().instant();
    }

    private static Optional<Registration> registrationRefused(String code) {
        return switch (code) {
            case "HANDLE_TAKEN" -> Optional.of(Registration.Refused.TAKEN);
            case "HANDLE_CONFUSABLE" -> Optional.of(Registration.Refused.LOOKS_LIKE_ANOTHER);
            case "HANDLE_RESERVED" -> Optional.of(Registration.Refused.RESERVED);
            case "HANDLE_GONE" -> Optional.of(Registration.Refused.IN_QUARANTINE);
            case "HANDLE_SUSPENDED" -> Optional.of(Registration.Refused.SUSPENDED);
            case "NOT_ALLOWED" -> Optional.of(Registration.Refused.NOT_ALLOWED);
            case "UNKNOWN_INVITE" -> Optional.of(Registration.Refused.NEEDS_INVITE);
            case "TOO_MANY_HANDLES" -> Optional.of(Registration.Refused.TOO_MANY);
            case "NOT_FOUND" -> Optional.of(Registration.Refused.NOT_SERVED);
            case "REACH_NOT_PROVEN" -> Optional.of(Registration.Refused.REACH_NOT_PROVEN);
            case "PROOF_TIME", "BINDING_TIME" -> Optional.of(Registration.Refused.CLOCK_OFF);
            case "OLD_HEAD", "FORKED", "STALE", "CHAIN_TOO_SHORT", "SIGNER_REVOKED", "EPOCH_OVER",
                    "IDENTITY_DEACTIVATED" ->
                Optional.of(Registration.Refused.IDENTITY_CHANGED);
            case "WRONG_PREV", "WRONG_SEQ", "NEEDS_DEVICE", "NEEDS_RECOVERY_KEY" -> Optional
                    .of(Registration.Refused.DOES_NOT_FOLLOW);
            default -> Optional.empty();
        };
    }

    private static Optional<BindingUpdate> updateRefused(Answer.Refusal refusal) {
        return switch (refusal.errcode()) {
            case "STALE", "WRONG_PREV" -> Optional.of(BindingUpdate.Refused.OVERTAKEN);
            case "OLD_HEAD", "SIGNER_REVOKED", "EPOCH_OVER", "IDENTITY_DEACTIVATED", "UNKNOWN_HEAD" ->
                Optional.of(BindingUpdate.Refused.IDENTITY_CHANGED);
            case "HANDLE_SUSPENDED" -> Optional.of(BindingUpdate.Refused.SUSPENDED);
            case "HANDLE_GONE", "NOT_FOUND", "WRONG_ID" -> Optional.of(BindingUpdate.Refused.GONE);
            case "REACH_NOT_PROVEN" -> Optional.of(BindingUpdate.Refused.REACH_NOT_PROVEN);
            case "BINDING_TIME" -> Optional.of(BindingUpdate.Refused.CLOCK_OFF);
            default -> Optional.empty();
        };
    }

    @Override
    public String toString() {
        return "OwnHandles[" + nameserver.url() + "]";
    }
}
