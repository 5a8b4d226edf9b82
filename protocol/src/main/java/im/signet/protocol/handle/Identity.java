package im.signet.protocol.handle;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

/**
 * An identity as it is after one operation of its chain, with all that came before. The chain certifies itself: whoever
 * has its operations can check them without asking anybody, and without a clock. {@link #apply} allows what the table of
 * {@code docs/spec/handles.md}, section 4.4, allows and nothing else. Immutable.
 */
public final class Identity {
    /** The greatest number of devices. */
    public static final int MAX_DEVICES = 16;
    /** The greatest number of recovery keys. */
    public static final int MAX_RECOVERY_KEYS = 3;
    /** How many operations of a chain devices can sign, so that nobody is flooded. */
    public static final int MAX_SIGNED_BY_DEVICES = 1_000;
    /** How many operations of a chain recovery keys can sign, genesis and deactivation not counted. */
    public static final int MAX_SIGNED_BY_RECOVERY_KEYS = 200;
    /** The greatest number of operations that a chain can have. */
    public static final int MAX_OPERATIONS = 2 + MAX_SIGNED_BY_DEVICES + MAX_SIGNED_BY_RECOVERY_KEYS;

    private final @Nullable Identity before;
    private final IdentityId id;
    private final OpId head;
    private final Operation newest;
    private final Set<JwsKey> added;
    private final int signedByDevices;
    private final int signedByRecoveryKeys;

    private Identity(@Nullable Identity before, IdentityId id, OpId head, Operation newest, Set<JwsKey> added,
            int signedByDevices, int signedByRecoveryKeys) {
        this.before = before;
        this.id = id;
        this.head = head;
        this.newest = newest;
        this.added = added;
        this.signedByDevices = signedByDevices;
        this.signedByRecoveryKeys = signedByRecoveryKeys;
    }

    /** Returns the identity that the operations of {@code chain}, from genesis on, lead to. */
    public static Verdict<Identity> replay(List<Jws> chain) {
        if (chain.isEmpty()) {
            return Verdict.refused(Reason.EMPTY_CHAIN);
        }
        Verdict<Identity> identity = genesis(chain.get(0));
        for (Jws operation : chain.subList(1, chain.size())) {
            identity = identity.flatMap(state -> state.apply(operation));
        }
        return identity;
    }

    /** Returns the identity that begins with {@code jws}. */
    public static Verdict<Identity> genesis(Jws jws) {
        return Refusal.judge(() -> {
            Operation operation = Operation.read(jws, JwsKey::parse);
            Refusal.when(operation.kind() != Operation.Kind.GENESIS, Reason.NOT_GENESIS);
            Refusal.when(operation.seq() != 0, Reason.WRONG_SEQ);
            Refusal.when(!operation.revoked().isEmpty(), Reason.WRONG_REVOKED);
            Refusal.when(operation.epoch() != 0, Reason.WRONG_EPOCH);
            Set<JwsKey> listed = new HashSet<>(operation.recovery());
            listed.addAll(operation.devices());
            Signers signers = Signers.of(jws, List.copyOf(listed), List.of());
            signers.requireAllAdded();
            signers.verify();
            return new Identity(null, IdentityId.ofGenesis(jws.exactPayload()), jws.opId(), operation, listed, 0, 0);
        });
    }

    /** Returns the identity as it is after {@code jws}, or why the chain does not go on so. */
    public Verdict<Identity> apply(Jws jws) {
        return Refusal.judge(() -> next(jws));
    }

    private Identity next(Jws jws) throws Refusal {
        Operation operation = Operation.read(jws, knownKeys());
        Refusal.when(operation.kind() == Operation.Kind.GENESIS, Reason.SECOND_GENESIS);
        Refusal.when(isDeactivated(), Reason.DEACTIVATED);
        Refusal.when(!operation.id().equals(Optional.of(id)), Reason.WRONG_ID);
        Refusal.when(operation.seq() != seq() + 1, Reason.WRONG_SEQ);
        Refusal.when(!operation.prev().equals(Optional.of(head)), Reason.WRONG_PREV);

        Change change = Change.between(newest, operation);
        for (JwsKey key : change.added()) {
            Refusal.when(hasListed(key), Reason.KEY_REUSED);
        }
        List<Thumbprint> removed = change.removed().stream().map(JwsKey::thumbprint).collect(Collectors.toList());
        Refusal.when(!operation.revoked().stream().map(Revocation::kid).collect(Collectors.toList()).equals(removed),
                Reason.WRONG_REVOKED);
        Refusal.when(operation.epoch() != epoch() + (change.row().beginsEpoch() ? 1 : 0), Reason.WRONG_EPOCH);

        List<JwsKey> authorities = new ArrayList<>(recovery());
        authorities.addAll(devices());
        Signers signers = Signers.of(jws, change.added(), authorities);
        signers.requireAllAdded();
        JwsKey authority = signers.authority();
        boolean byDevice = devices().contains(authority);
        requireAuthority(change, operation, authority, byDevice);
        boolean last = change.row() == Change.Row.DEACTIVATE;
        Refusal.when(byDevice && signedByDevices == MAX_SIGNED_BY_DEVICES, Reason.DEVICE_BUDGET);
        Refusal.when(!byDevice && !last && signedByRecoveryKeys == MAX_SIGNED_BY_RECOVERY_KEYS,
                Reason.RECOVERY_BUDGET);
        signers.verify();
        return new Identity(this, id, jws.opId(), operation, Set.copyOf(change.added()),
                signedByDevices + (byDevice ? 1 : 0), signedByRecoveryKeys + (byDevice || last ? 0 : 1));
    }

    /** The second column of the table. */
    private void requireAuthority(Change change, Operation operation, JwsKey authority, boolean byDevice)
            throws Refusal {
        switch (change.row()) {
            case ADD_DEVICE -> {
                // Any of them.
            }
            case REVOKE_DEVICES -> Refusal.when(
                    byDevice && devices().indexOf(authority) > devices().indexOf(change.removed().get(0)),
                    Reason.JUNIOR_SIGNER);
            case REPLACE_RECOVERY -> {
                Refusal.when(byDevice, Reason.NEEDS_RECOVERY_KEY);
                int changed = Change.firstDifference(recovery(), operation.recovery());
                Refusal.when(recovery().indexOf(authority) > changed, Reason.LOWER_PRIORITY);
            }
            case REORDER_DEVICES, RECOVER, CHANGE_HOME, DEACTIVATE -> Refusal
                    .when(byDevice, Reason.NEEDS_RECOVERY_KEY);
        }
    }

    /** Returns the name of the identity, which outlives all its keys. */
    public IdentityId id() {
        return id;
    }

    /** Returns the name of the newest operation. */
    public OpId head() {
        return head;
    }

    /** Returns how many operations came before the newest. */
    public long seq() {
        return newest.seq();
    }

    /** Returns how often recovery keys were replaced or devices set anew. */
    public long epoch() {
        return newest.epoch();
    }

    /** Returns the domain whose nameserver puts the operations in order. */
    public HandleDomain home() {
        return newest.home();
    }

    /** Returns the recovery keys, the one of the highest priority first. */
    public List<JwsKey> recovery() {
        return newest.recovery();
    }

    /** Returns the devices, the most senior first. */
    public List<JwsKey> devices() {
        return newest.devices();
    }

    /** Returns whether the identity was ended: no operation can follow, and none of its bindings stands. */
    public boolean isDeactivated() {
        return newest.kind() == Operation.Kind.DEACTIVATE;
    }

    /** Returns whether the chain lists {@code key}, or did so once; such a key can never be added. */
    public boolean hasListed(JwsKey key) {
        for (Identity state = this; state != null; state = state.before) {
            if (state.added.contains(key)) {
                return true;
            }
        }
        return false;
    }

    /** Returns the identity as it was after the operation with that seq; empty when the chain does not reach so far. */
    public Optional<Identity> at(long seq) {
        if (seq < 0) {
            return Optional.empty();
        }
        Identity state = this;
        while (state != null && state.seq() > seq) {
            state = state.before;
        }
        return Optional.ofNullable(state).filter(found -> found.seq() == seq);
    }

    /** Returns the operation that adds {@code device} at the end; to be signed by it and by any device or recovery key. */
    public Operation addDevice(JwsKey device, long iat) {
        List<JwsKey> after = new ArrayList<>(devices());
        after.add(device);
        return following(Operation.Kind.UPDATE, home(), recovery(), after, Revocation.Why.RETIRED, iat);
    }

    /** Returns the operation that revokes {@code revoked}; to be signed by one device not junior to any of them, or a recovery key. */
    public Operation revoke(Set<JwsKey> revoked, Revocation.Why why, long iat) {
        List<JwsKey> after = new ArrayList<>(devices());
        after.removeIf(revoked::contains);
        return following(Operation.Kind.UPDATE, home(), recovery(), after, why, iat);
    }

    /** Returns the operation that puts the same devices into this order; to be signed by a recovery key. */
    public Operation reorder(List<JwsKey> devices, long iat) {
        return following(Operation.Kind.UPDATE, home(), recovery(), devices, Revocation.Why.RETIRED, iat);
    }

    /**
     * Returns the operation that sets the recovery keys anew; to be signed by those that are new and by one not of lower
     * priority than any that changes.
     */
    public Operation replaceRecovery(List<JwsKey> recovery, Revocation.Why why, long iat) {
        return following(Operation.Kind.UPDATE, home(), recovery, devices(), why, iat);
    }

    /** Returns the operation that sets the devices anew; to be signed by those that are new and a recovery key. */
    public Operation recover(List<JwsKey> devices, Revocation.Why why, long iat) {
        return following(Operation.Kind.RECOVER, home(), recovery(), devices, why, iat);
    }

    /** Returns the operation that moves the identity to another nameserver; to be signed by a recovery key. */
    public Operation changeHome(HandleDomain home, long iat) {
        return following(Operation.Kind.UPDATE, home, recovery(), devices(), Revocation.Why.RETIRED, iat);
    }

    /** Returns the operation that ends the identity; to be signed by a recovery key. */
    public Operation deactivate(long iat) {
        return following(Operation.Kind.DEACTIVATE, home(), recovery(), devices(), Revocation.Why.RETIRED, iat);
    }

    private Operation following(Operation.Kind kind, HandleDomain home, List<JwsKey> recovery, List<JwsKey> devices,
            Revocation.Why why, long iat) {
        boolean newEpoch = kind == Operation.Kind.RECOVER || !recovery.equals(recovery());
        List<Revocation> revoked = new ArrayList<>();
        List<JwsKey> listed = new ArrayList<>(recovery());
        listed.addAll(devices());
        for (JwsKey key : listed) {
            if (!recovery.contains(key) && !devices.contains(key)) {
                revoked.add(new Revocation(key.thumbprint(), why));
            }
        }
        return new Operation(kind, Optional.of(id), home, seq() + 1, Optional.of(head), epoch() + (newEpoch ? 1 : 0),
                iat, Optional.empty(), recovery, devices, revoked);
    }

    /** Returns a reader of keys to which those of now are known: most operations list them again. */
    private Function<String, Verdict<JwsKey>> knownKeys() {
        Map<String, JwsKey> known = new HashMap<>();
        recovery().forEach(key -> known.put(key.x(), key));
        devices().forEach(key -> known.put(key.x(), key));
        return x -> {
            JwsKey key = known.get(x);
            return key != null ? Verdict.valid(key) : JwsKey.parse(x);
        };
    }

    /** Equal when all operations are. */
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Identity that && head.equals(that.head);
    }

    @Override
    public int hashCode() {
        return head.hashCode();
    }

    @Override
    public String toString() {
        return "Identity[" + id + ", seq " + seq() + "]";
    }
}
