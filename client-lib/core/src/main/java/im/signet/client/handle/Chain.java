package im.signet.client.handle;

import im.signet.protocol.Parsed;
import im.signet.protocol.handle.Identity;
import im.signet.protocol.handle.Jws;
import im.signet.protocol.handle.OpId;
import im.signet.protocol.handle.Operation;
import im.signet.protocol.handle.Reason;
import im.signet.protocol.handle.Verdict;
import im.signet.protocol.json.Json;
import im.signet.protocol.json.JsonArray;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

/** The operations of an identity from genesis on, all checked, and what they lead to. Immutable. */
public final class Chain {
    private final List<Jws> operations;
    private final Identity identity;

    private Chain(List<Jws> operations, Identity identity) {
        this.operations = Collections.unmodifiableList(operations);
        this.identity = identity;
    }

    /** What another chain of the same identity is, beside one that is known. */
    public sealed interface Comparison {
        /**
         * It has all that is known, and maybe more.
         *
         * @param chain the longer one
         */
        record Continues(Chain chain) implements Comparison {}

        /** It has a part of what is known and nothing else. */
        record Behind() implements Comparison {}

        /**
         * Keys of the identity have signed two histories.
         *
         * @param evidence what proves it
         */
        record Forked(Evidence evidence) implements Comparison {}

        /**
         * It is no chain of this identity.
         *
         * @param why the first reason
         */
        record Refused(Reason why) implements Comparison {}
    }

    /** Returns the chain of these operations, or why it is none. */
    public static Verdict<Chain> replay(List<Jws> operations) {
        // Before the first signature is looked at: nobody has to be shown more than there can be.
        return operations.size() > Identity.MAX_OPERATIONS
                ? Verdict.refused(Reason.DEVICE_BUDGET)
                : Identity.replay(operations).map(identity -> new Chain(new ArrayList<>(operations), identity));
    }

    /** Returns the chain that {@code json} is, an array of envelopes. */
    public static Parsed<Chain> parse(Json json) {
        Optional<List<Jws>> operations = envelopes(json);
        if (!operations.isPresent()) {
            return Parsed.refused("a chain is an array of envelopes");
        }
        Verdict<Chain> chain = replay(operations.get());
        return chain instanceof Verdict.Valid<Chain> valid
                ? Parsed.ok(valid.value())
                : Parsed.refused(chain.reason().map(Reason::words).orElse(""));
    }

    /** Returns the operations of an array of envelopes; empty when it is none. Nothing of them is checked. */
    public static Optional<List<Jws>> envelopes(Json json) {
        if (!(json instanceof JsonArray array) || array.items().size() > Identity.MAX_OPERATIONS) {
            return Optional.empty();
        }
        List<Jws> envelopes = new ArrayList<>();
        for (Json item : array.items()) {
            Optional<Jws> envelope = Jws.of(item).toOptional();
            if (!envelope.isPresent()) {
                return Optional.empty();
            }
            envelopes.add(envelope.get());
        }
        return Optional.of(envelopes);
    }

    /** Returns the chain as an array of envelopes; {@link #parse} gives it back. */
    public JsonArray toJson() {
        return JsonArray.of(operations.stream().<Json>map(Jws::toJson).collect(Collectors.toList()));
    }

    /** Returns the operations, from genesis on. */
    public List<Jws> operations() {
        return operations;
    }

    /** Returns the identity as it is after the last of them. */
    public Identity identity() {
        return identity;
    }

    /** Returns the name of the newest operation. */
    public OpId head() {
        return identity.head();
    }

    /** Returns the chain with one more operation, or why it does not go on so. */
    public Verdict<Chain> then(Jws operation) {
        return identity.apply(operation).map(next -> {
            List<Jws> longer = new ArrayList<>(operations);
            longer.add(operation);
            return new Chain(longer, next);
        });
    }

    /**
     * Returns what {@code shown}, from genesis on, is beside this chain. What is known is compared and not checked again;
     * what is new is checked.
     */
    public Comparison compare(List<Jws> shown) {
        return compare(shown, 0);
    }

    /** Returns what {@code following}, said to come after the operation of that seq, is beside this chain. */
    public Comparison compareAfter(long seq, List<Jws> following) {
        return seq < -1 || seq > identity.seq()
                ? new Comparison.Refused(Reason.WRONG_SEQ)
                : compare(following, (int) seq + 1);
    }

    private Comparison compare(List<Jws> shown, int from) {
        if (shown.size() > Identity.MAX_OPERATIONS) {
            return new Comparison.Refused(Reason.DEVICE_BUDGET);
        }
        int common = Math.min(shown.size(), operations.size() - from);
        for (int i = 0; i < common; i++) {
            Jws known = operations.get(from + i);
            if (!known.opId().equals(shown.get(i).opId())) {
                return forked(operations.subList(0, from + i), known, shown.get(i));
            }
        }
        if (shown.size() < operations.size() - from) {
            return new Comparison.Behind();
        }
        Verdict<Chain> longer = Verdict.valid(this);
        for (Jws operation : shown.subList(common, shown.size())) {
            longer = longer.flatMap(chain -> chain.then(operation));
        }
        return longer instanceof Verdict.Valid<Chain> valid
                ? new Comparison.Continues(valid.value())
                : new Comparison.Refused(longer.reason().orElse(Reason.EMPTY_CHAIN));
    }

    private static Comparison forked(List<Jws> before, Jws known, Jws shown) {
        Optional<Evidence> evidence = Evidence.ofOperations(before, known, shown);
        return evidence.isPresent()
                ? new Comparison.Forked(evidence.get())
                : new Comparison.Refused(before.isEmpty() ? Reason.WRONG_ID : Reason.WRONG_PREV);
    }

    /** Returns what the operations of seq {@code from} and later say, in their order. */
    public List<Operation> changesFrom(long from) {
        return operations.stream()
                .skip(Math.max(0, from))
                .map(jws -> Operation.read(jws).orElseThrow())
                .collect(Collectors.toList());
    }

    /** Equal when the newest operations are, and with them all before. */
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Chain that && identity.equals(that.identity);
    }

    @Override
    public int hashCode() {
        return identity.hashCode();
    }

    @Override
    public String toString() {
        return "Chain[" + identity.id() + ", seq " + identity.seq() + "]";
    }
}
