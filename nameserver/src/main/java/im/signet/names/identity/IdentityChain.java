package im.signet.names.identity;

import im.signet.names.problem.Problem;
import im.signet.names.problem.ProblemCode;
import im.signet.protocol.handle.Identity;
import im.signet.protocol.handle.Jws;
import im.signet.protocol.handle.Operation;
import im.signet.protocol.handle.Reason;
import im.signet.protocol.handle.Verdict;
import im.signet.protocol.json.Json;
import im.signet.protocol.json.JsonArray;
import im.signet.protocol.json.JsonObject;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The operations of an identity, all checked, and what they lead to. Immutable.
 *
 * @param operations from genesis on
 * @param identity   as it is after the last of them
 */
public record IdentityChain(List<Jws> operations, Identity identity) {

    /**
     * How large a chain can become by operations of devices, in characters. A thief of one could fill each up with blanks, and
     * nobody would read so large an answer. Recovery keys go on from there.
     */
    private static final long MAX_SIZE_BY_DEVICES = 2 * 1024 * 1024;

    public IdentityChain {
        operations = List.copyOf(operations);
    }

    /** Returns the chain of these operations, or why it is none. */
    static Verdict<IdentityChain> replay(List<Jws> operations) {
        return Identity.replay(operations).map(identity -> new IdentityChain(operations, identity));
    }

    /**
     * Returns the chain that a client shows: the whole of it, or, of one that is known here, what follows on some known
     * operation, or nothing. What the client does not have yet of the known chain stays. Throws a {@link Problem} when it
     * is no chain or another than the known one.
     */
    public static IdentityChain merge(Optional<IdentityChain> known, List<Jws> shown) {
        if (known.isEmpty()) {
            return Problem.orThrow(replay(shown));
        }
        IdentityChain chain = known.get();
        if (shown.isEmpty()) {
            return chain;
        }
        long first = Problem.orThrow(Operation.read(shown.getFirst())).seq();
        if (first > chain.identity.seq() + 1) {
            throw chain.stale();
        }
        for (int i = 0; i < shown.size(); i++) {
            long seq = first + i;
            Jws operation = shown.get(i);
            if (seq > chain.identity.seq()) {
                chain = chain.then(operation);
            } else if (!chain.operations.get((int) seq).opId().equals(operation.opId())) {
                throw Problem.of(ProblemCode.FORKED).with(chain.newest());
            }
        }
        return chain;
    }

    /** Returns the chain with one more operation; throws a {@link Problem} when it does not allow it. */
    IdentityChain then(Jws operation) {
        Identity next = Problem.orThrow(identity.apply(operation));
        List<Jws> operationsAndIt = new ArrayList<>(operations);
        operationsAndIt.add(operation);
        IdentityChain longer = new IdentityChain(operationsAndIt, next);
        if (longer.isAllowedByDevice() && longer.size() > MAX_SIZE_BY_DEVICES) {
            throw Problem.of(Reason.DEVICE_BUDGET);
        }
        return longer;
    }

    private boolean isAllowedByDevice() {
        String authority = authorityOf(identity.seq());
        return identity.at(identity.seq() - 1)
                .orElseThrow()
                .devices()
                .stream()
                .anyMatch(key -> key.thumbprint().value().equals(authority));
    }

    /** Returns how large it is as text, in characters. */
    long size() {
        return operations.stream().mapToLong(jws -> jws.toText().length()).sum();
    }

    /** Returns the refusal of what does not follow. */
    Problem stale() {
        return Problem.of(ProblemCode.STALE).with(newest());
    }

    /** Returns the refusal of whatever would change the chain of a restored server. */
    public Problem restored() {
        return Problem.of(ProblemCode.IDENTITY_RESTORED).with(newest());
    }

    /** Returns the refusal of a chain that lacks what is known. */
    public Problem longer() {
        return Problem.of(ProblemCode.CHAIN_TOO_SHORT).with(newest());
    }

    private JsonObject newest() {
        return JsonObject.builder().put("seq", identity.seq()).put("head", identity.head().value()).build();
    }

    /** Returns the operations from that seq on, as they travel. */
    public JsonArray toJson(long from) {
        return JsonArray.of(operations.stream().skip(from).<Json>map(Jws::toJson).toList());
    }

    /**
     * Returns the name of the key that allowed the operation of that seq, which is not genesis: the one of its signers that
     * the identity listed before.
     */
    public String authorityOf(long seq) {
        Identity before = identity.at(seq - 1).orElseThrow();
        return operations.get((int) seq)
                .kids()
                .stream()
                .filter(kid -> before.devices().stream().anyMatch(key -> key.thumbprint().equals(kid))
                        || before.recovery().stream().anyMatch(key -> key.thumbprint().equals(kid)))
                .findFirst()
                .orElseThrow()
                .value();
    }
}
