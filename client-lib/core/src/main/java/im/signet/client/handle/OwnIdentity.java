package im.signet.client.handle;

import im.signet.protocol.Parsed;
import im.signet.protocol.handle.Binding;
import im.signet.protocol.handle.Handle;
import im.signet.protocol.handle.HandleDomain;
import im.signet.protocol.handle.Identity;
import im.signet.protocol.handle.IdentityId;
import im.signet.protocol.handle.Jws;
import im.signet.protocol.handle.JwsKey;
import im.signet.protocol.handle.JwsSigner;
import im.signet.protocol.handle.Operation;
import im.signet.protocol.handle.ProofOfPossession;
import im.signet.protocol.handle.Reach;
import im.signet.protocol.handle.Reason;
import im.signet.protocol.handle.Revocation;
import im.signet.protocol.handle.Rnd;
import im.signet.protocol.handle.SignedBinding;
import im.signet.protocol.handle.Verdict;
import im.signet.protocol.json.Json;
import im.signet.protocol.json.JsonArray;
import im.signet.protocol.json.JsonObject;
import im.signet.protocol.json.StrictJson;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The user's own identity on one device: its chain, the device's key, and the bindings that were published. Immutable: what
 * changes it returns what to publish, with the identity as it is afterwards. No recovery key is ever kept in it: each act that
 * needs one takes it, and the caller wipes it then; after {@link #reclaim}, once the handle is registered. {@link #toString()} hides the key.
 */
public final class OwnIdentity {
    private static final int VERSION = 1;

    private final Chain chain;
    private final JwsSigner device;
    private final Map<Handle, SignedBinding> bindings;

    private OwnIdentity(Chain chain, JwsSigner device, Map<Handle, SignedBinding> bindings) {
        this.chain = chain;
        this.device = device;
        this.bindings = Collections.unmodifiableMap(new LinkedHashMap<>(bindings));
    }

    /**
     * Returns a new identity of one device, to be ordered by the nameserver of {@code home}. The recovery keys, 1 to 3, the
     * most powerful first, are for the user to write down: they are kept nowhere else.
     */
    public static OwnIdentity create(HandleDomain home, List<RecoveryKey> recovery, Clock clock, SecureRandom random) {
        JwsSigner device = JwsSigner.generate(random);
        List<JwsSigner> signers = new ArrayList<>();
        signers.add(device);
        recovery.forEach(key -> signers.add(key.signer()));
        Jws genesis = Operation
                .genesis(home, keys(recovery), device.key(), Rnd.generate(random), clock.instant().getEpochSecond())
                .sign(signers.toArray(new JwsSigner[0]));
        return new OwnIdentity(Chain.replay(List.of(genesis)).orElseThrow(), device, Map.of());
    }

    /**
     * Returns the identity on a new device that an old one has vouched for, with what remains to be published, best by the new
     * device itself; the old one learns of it when it asks next. Refused when the offer is not for {@code device}.
     */
    public static Verdict<NextOperation> join(DeviceOffer offer, JwsSigner device) {
        Operation operation = Operation.read(offer.operation()).orElseThrow();
        List<JwsKey> before = offer.chain().identity().devices();
        List<JwsKey> expected = new ArrayList<>(before);
        expected.add(device.key());
        if (!operation.devices().equals(expected) || offer.operation().kids().contains(device.key().thumbprint())) {
            return Verdict.refused(Reason.UNKNOWN_SIGNER);
        }
        return next(offer.chain(), device, Map.of(), offer.operation().signedBy(device));
    }

    /**
     * Returns the identity of {@code chain} on {@code device} as its only one: for whoever has lost all others, or the belief
     * in them. Begins a new epoch, so contacts have to verify anew.
     */
    public static Verdict<NextOperation> recover(Chain chain, RecoveryKey recovery, JwsSigner device,
            Revocation.Why why, Clock clock) {
        if (chain.identity().devices().contains(device.key())) {
            return Verdict.refused(Reason.KEY_REUSED);
        }
        return next(chain, device, Map.of(), chain.identity()
                .recover(List.of(device.key()), why, clock.instant().getEpochSecond())
                .sign(device, recovery.signer()));
    }

    /** Returns the name of the identity. */
    public IdentityId id() {
        return chain.identity().id();
    }

    /** Returns the identity as it is now, as far as this device knows. */
    public Identity identity() {
        return chain.identity();
    }

    /** Returns its operations. */
    public Chain chain() {
        return chain;
    }

    /** Returns the public half of this device's key. */
    public JwsKey device() {
        return device.key();
    }

    /** Returns whether this device does not speak for the identity: not any more, or not yet. */
    public boolean isRevoked() {
        return !identity().devices().contains(device.key());
    }

    /** Returns the newest binding of that handle; empty when none was published, as far as this device knows. */
    public Optional<SignedBinding> binding(Handle handle) {
        return Optional.ofNullable(bindings.get(handle));
    }

    /** Returns the handles that were ever published, as far as this device knows, in no particular state. */
    public Set<Handle> handles() {
        return bindings.keySet();
    }

    /**
     * Returns what to show to a new device, so that it signs too: half of an operation, which does nothing by itself. Ask the
     * user, on this device, whether the request is their own.
     */
    public Verdict<DeviceOffer> vouchFor(DeviceRequest request, Clock clock) {
        if (isRevoked()) {
            return Verdict.refused(Reason.NO_AUTHORITY);
        }
        if (identity().hasListed(request.key())) {
            return Verdict.refused(Reason.KEY_REUSED);
        }
        if (identity().devices().size() == Identity.MAX_DEVICES) {
            return Verdict.refused(Reason.DEVICE_COUNT);
        }
        Jws half = identity().addDevice(request.key(), clock.instant().getEpochSecond()).sign(device);
        return Verdict.valid(new DeviceOffer(chain, half));
    }

    /** Returns the operation that revokes devices by this one: itself, or such as are junior to it. */
    public Verdict<NextOperation> revoke(Set<JwsKey> revoked, Revocation.Why why, Clock clock) {
        return revokedBy(device, revoked, why, clock);
    }

    /** Returns the operation that revokes any devices by a recovery key. */
    public Verdict<NextOperation> revoke(Set<JwsKey> revoked, Revocation.Why why, RecoveryKey recovery, Clock clock) {
        return revokedBy(recovery.signer(), revoked, why, clock);
    }

    private Verdict<NextOperation> revokedBy(JwsSigner by, Set<JwsKey> revoked, Revocation.Why why, Clock clock) {
        List<JwsKey> rest = new ArrayList<>(identity().devices());
        rest.removeAll(revoked);
        if (rest.isEmpty()) {
            return Verdict.refused(Reason.DEVICE_COUNT);
        }
        if (rest.size() + revoked.size() != identity().devices().size()) {
            return Verdict.refused(Reason.WRONG_REVOKED);
        }
        return next(identity().revoke(revoked, why, seconds(clock)), by);
    }

    /** Returns the operation that puts the devices into that order, the most senior first. */
    public Verdict<NextOperation> reorder(List<JwsKey> devices, RecoveryKey recovery, Clock clock) {
        if (devices.isEmpty() || devices.size() > Identity.MAX_DEVICES
                || !Set.copyOf(devices).equals(Set.copyOf(identity().devices()))) {
            return Verdict.refused(Reason.MIXED_CHANGES);
        }
        return next(identity().reorder(devices, seconds(clock)), recovery.signer());
    }

    /**
     * Returns the operation that sets the recovery keys anew, by one of the present ones. Of {@code keys}, those that are new
     * must be whole, to sign; those that stay may be so. Begins a new epoch.
     */
    public Verdict<NextOperation> replaceRecovery(List<RecoveryKey> keys, Revocation.Why why, RecoveryKey by,
            Clock clock) {
        if (keys.isEmpty() || keys.size() > Identity.MAX_RECOVERY_KEYS) {
            return Verdict.refused(Reason.RECOVERY_COUNT);
        }
        if (!identity().recovery().contains(by.key())) {
            return Verdict.refused(Reason.NO_AUTHORITY);
        }
        List<JwsSigner> signers = new ArrayList<>();
        signers.add(by.signer());
        keys.stream()
                .filter(key -> !identity().recovery().contains(key.key()))
                .forEach(key -> signers.add(key.signer()));
        List<JwsKey> listed = keys(keys);
        if (Set.copyOf(listed).size() < listed.size()
                || !Collections.disjoint(listed, identity().devices())) {
            return Verdict.refused(Reason.DUPLICATE_KEY);
        }
        return next(identity().replaceRecovery(listed, why, seconds(clock)), signers.toArray(new JwsSigner[0]));
    }

    /** Returns the operation that lets the nameserver of another domain order what follows. */
    public Verdict<NextOperation> changeHome(HandleDomain home, RecoveryKey recovery, Clock clock) {
        return next(identity().changeHome(home, seconds(clock)), recovery.signer());
    }

    /** Returns the operation that ends the identity for ever. */
    public Verdict<NextOperation> deactivate(RecoveryKey recovery, Clock clock) {
        return next(identity().deactivate(seconds(clock)), recovery.signer());
    }

    /**
     * Returns the binding by which a handle comes to name this identity: its first one, or the one that follows on what this
     * device knows of it, which was active. Refused after a move or a release: that takes a recovery key.
     */
    public Verdict<NextBinding> claim(Handle handle, Optional<Reach> reach, Clock clock, SecureRandom random) {
        return claimedBy(device, handle, reach, clock, random);
    }

    /** Returns the binding by which a handle names this identity again, after a move or a release. */
    public Verdict<NextBinding> reclaim(Handle handle, Optional<Reach> reach, RecoveryKey recovery, Clock clock,
            SecureRandom random) {
        return claimedBy(recovery.signer(), handle, reach, clock, random);
    }

    private Verdict<NextBinding> claimedBy(JwsSigner by, Handle handle, Optional<Reach> reach, Clock clock,
            SecureRandom random) {
        Rnd rnd = Rnd.generate(random);
        Optional<SignedBinding> before = binding(handle);
        Binding binding = before.isPresent()
                ? before.get().renew(identity(), seconds(clock), rnd)
                : Binding.first(handle, identity(), seconds(clock), rnd);
        return bound(reach.isPresent() ? binding.withReach(reach.get()) : binding, by);
    }

    /** Returns the binding that keeps a handle for 90 more days, with the same reach. */
    public Verdict<NextBinding> renew(Handle handle, Clock clock, SecureRandom random) {
        return binding(handle).isPresent()
                ? claimedBy(device, handle, Optional.empty(), clock, random)
                : Verdict.refused(Reason.WRONG_HANDLE);
    }

    /** Returns the binding that says that {@code handle} moved to {@code to}, which has to name this identity as well. */
    public Verdict<NextBinding> move(Handle handle, Handle to, RecoveryKey recovery, Clock clock, SecureRandom random) {
        if (handle.equals(to)) {
            return Verdict.refused(Reason.MOVED_TO);
        }
        Optional<SignedBinding> before = binding(handle);
        return before.isPresent()
                ? bound(before.get().move(identity(), to, seconds(clock), Rnd.generate(random)), recovery.signer())
                : Verdict.refused(Reason.WRONG_HANDLE);
    }

    /** Returns the binding that gives {@code handle} up. */
    public Verdict<NextBinding> release(Handle handle, RecoveryKey recovery, Clock clock, SecureRandom random) {
        Optional<SignedBinding> before = binding(handle);
        return before.isPresent()
                ? bound(before.get().release(identity(), seconds(clock), Rnd.generate(random)), recovery.signer())
                : Verdict.refused(Reason.WRONG_HANDLE);
    }

    private Verdict<NextBinding> bound(Binding binding, JwsSigner signer) {
        Verdict<SignedBinding> verdict = SignedBinding.verify(binding.sign(signer), identity());
        if (!(verdict instanceof Verdict.Valid<SignedBinding> valid)) {
            return Verdict.refused(verdict.reason().orElseThrow(IllegalStateException::new));
        }
        Optional<Reason> fault = binding(binding.handle()).flatMap(valid.value()::follows);
        return fault.isPresent()
                ? Verdict.refused(fault.get())
                : Verdict.valid(new NextBinding(this, valid.value(), signer));
    }

    /** Returns the proof that this device holds its key, made for that request at that time. */
    public Jws prove(ProofOfPossession.Request request, long iat) {
        return new ProofOfPossession(request, iat).sign(device);
    }

    /** Returns the newest binding of each handle that was ever published, as far as this device knows. */
    public List<SignedBinding> newestBindings() {
        return Collections.unmodifiableList(new ArrayList<>(bindings.values()));
    }

    /** Returns the identity as another chain of it shows it, which must have all operations that this device knows. */
    public Chain.Comparison compare(List<Jws> shown) {
        return chain.compare(shown);
    }

    /** Returns the identity with that longer chain of it; throws an {@link IllegalArgumentException} when it is another's or shorter. */
    public OwnIdentity at(Chain longer) {
        if (!(chain.compare(longer.operations()) instanceof Chain.Comparison.Continues)) {
            throw new IllegalArgumentException("the chain does not continue this identity");
        }
        return new OwnIdentity(longer, device, bindings);
    }

    /**
     * Returns the identity with what a lookup of a handle of its own has shown: operations and bindings of other devices.
     * Throws an {@link IllegalArgumentException} when the handle names another identity, or an older state of this one.
     */
    public OwnIdentity at(ResolvedHandle resolved) {
        OwnIdentity longer = at(resolved.chain());
        Optional<SignedBinding> known = binding(resolved.handle());
        boolean newer = known.map(before -> before.binding().seq() <= resolved.binding().binding().seq()).orElse(true);
        if (!newer) {
            throw new IllegalArgumentException("the binding is older than the one that is known");
        }
        return longer.with(resolved.binding());
    }

    OwnIdentity with(SignedBinding binding) {
        Map<Handle, SignedBinding> more = new LinkedHashMap<>(bindings);
        more.put(binding.binding().handle(), binding);
        return new OwnIdentity(chain, device, more);
    }

    /** Overwrites the key of this device in memory; nothing more can be signed by this object or what was made of it. */
    public void wipe() {
        device.wipe();
    }

    /** Returns everything, the secret of the device included, for a {@code SecretStore}; the caller wipes it. */
    public byte[] toBytes() {
        byte[] rest = StrictJson.write(JsonObject.builder()
                .put("v", VERSION)
                .put("identity", chain.toJson())
                .put("bindings",
                        JsonArray.of(bindings.values()
                                .stream()
                                .<Json>map(binding -> binding.jws().toJson())
                                .collect(Collectors.toList())))
                .build()).getBytes(StandardCharsets.UTF_8);
        byte[] seed = device.seed();
        byte[] all = Arrays.copyOf(seed, seed.length + rest.length);
        System.arraycopy(rest, 0, all, seed.length, rest.length);
        Arrays.fill(seed, (byte) 0);
        return all;
    }

    /** Returns the identity that {@link #toBytes} has written; the caller wipes {@code bytes}. */
    public static Parsed<OwnIdentity> parse(byte[] bytes) {
        if (bytes.length < JwsSigner.SEED_BYTES) {
            return Parsed.refused("the stored identity is damaged");
        }
        byte[] rest = Arrays.copyOfRange(bytes, JwsSigner.SEED_BYTES, bytes.length);
        return StrictJson.parseObject(rest, Evidence.LIMITS).flatMap(json -> {
            Optional<Chain> chain = json.get("identity").flatMap(value -> Chain.parse(value).toOptional());
            Optional<List<Jws>> envelopes = json.get("bindings").flatMap(Chain::envelopes);
            boolean whole = json.integer("v").equals(Optional.of((long) VERSION)) && json.members().size() == 3;
            if (!whole || !chain.isPresent() || !envelopes.isPresent()) {
                return Parsed.refused("the stored identity is damaged");
            }
            Map<Handle, SignedBinding> bindings = new LinkedHashMap<>();
            for (Jws envelope : envelopes.get()) {
                Verdict<SignedBinding> binding = SignedBinding.verify(envelope, chain.get().identity());
                if (!binding.isValid()) {
                    return Parsed.refused("the stored identity is damaged");
                }
                bindings.put(binding.orElseThrow().binding().handle(), binding.orElseThrow());
            }
            byte[] seed = Arrays.copyOf(bytes, JwsSigner.SEED_BYTES);
            JwsSigner device = JwsSigner.fromSeed(seed);
            Arrays.fill(seed, (byte) 0);
            return chain.get().identity().hasListed(device.key())
                    ? Parsed.ok(new OwnIdentity(chain.get(), device, bindings))
                    : Parsed.refused("the stored identity is damaged");
        });
    }

    private Verdict<NextOperation> next(Operation operation, JwsSigner... signers) {
        return next(chain, device, bindings, operation.sign(signers));
    }

    private static Verdict<NextOperation> next(Chain chain, JwsSigner device, Map<Handle, SignedBinding> bindings,
            Jws operation) {
        return chain.then(operation)
                .map(longer -> new NextOperation(operation, new OwnIdentity(chain, device, bindings),
                        new OwnIdentity(longer, device, bindings)));
    }

    private static List<JwsKey> keys(List<RecoveryKey> keys) {
        return keys.stream().map(RecoveryKey::key).collect(Collectors.toList());
    }

    private static long seconds(Clock clock) {
        return clock.instant().getEpochSecond();
    }

    @Override
    public String toString() {
        return "OwnIdentity[" + id() + ", seq " + identity().seq() + ", hidden]";
    }
}
