package im.signet.protocol.handle;

import im.signet.protocol.json.Json;
import im.signet.protocol.json.JsonArray;
import im.signet.protocol.json.JsonObject;
import im.signet.protocol.json.StrictJson;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * What one operation of an identity says: the full state after it. Whether the chain allows it is for
 * {@link Identity#apply}, which also makes the next ones. See {@code docs/spec/handles.md}, section 4.1.
 *
 * @param kind     what it does
 * @param id       the identity; empty at genesis, whose payload the id is made of
 * @param home     the domain whose nameserver puts the operations in order
 * @param seq      0 at genesis, then one more each time
 * @param prev     the operation before it; empty at genesis
 * @param epoch    how often recovery keys were replaced or devices set anew
 * @param iat      when it was made, in seconds since 1970: a claim for people, on which nothing depends
 * @param rnd      chance, at genesis only
 * @param recovery 1 to 3 keys kept offline, the one of the highest priority first
 * @param devices  1 to 16 keys, the most senior first; one at genesis
 * @param revoked  exactly the keys that it removes, in the order in which they stood
 */
public record Operation(Kind kind, Optional<IdentityId> id, HandleDomain home, long seq, Optional<OpId> prev,
        long epoch,
        long iat, Optional<Rnd> rnd, List<JwsKey> recovery, List<JwsKey> devices, List<Revocation> revoked) {

    private static final List<String> ALWAYS = List
            .of("t", "op", "home", "seq", "epoch", "iat", "recovery", "devices", "revoked");

    /** What an operation does. */
    public enum Kind {
        /** Begins an identity. */
        GENESIS,
        /** Makes one change: a device more, devices fewer, their order, the recovery keys or the home. */
        UPDATE,
        /** Sets the devices anew. */
        RECOVER,
        /** Ends the identity. */
        DEACTIVATE;

        private String wireName() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** Throws an {@link IllegalArgumentException} when the parts make no operation, whatever the chain. */
    public Operation {
        recovery = List.copyOf(recovery);
        devices = List.copyOf(devices);
        revoked = List.copyOf(revoked);
        boolean genesis = kind == Kind.GENESIS;
        boolean fits = genesis != id.isPresent() && genesis != prev.isPresent() && genesis == rnd.isPresent()
                && seq >= 0 && seq <= Members.MAX_INTEGER && epoch >= 0 && epoch <= Members.MAX_INTEGER
                && iat >= 0 && iat <= Members.MAX_INTEGER
                && !recovery.isEmpty() && recovery.size() <= Identity.MAX_RECOVERY_KEYS
                && !devices.isEmpty() && devices.size() <= maxDevices(kind) && revoked.size() <= Identity.MAX_DEVICES;
        if (!fits || hasDuplicate(recovery, devices)) {
            throw new IllegalArgumentException("the parts make no operation of an identity");
        }
    }

    /** Returns the first operation of a new identity; its device and all its recovery keys must sign it. */
    public static Operation genesis(HandleDomain home, List<JwsKey> recovery, JwsKey device, Rnd rnd, long iat) {
        return new Operation(Kind.GENESIS, Optional.empty(), home, 0, Optional.empty(), 0, iat, Optional.of(rnd),
                recovery, List.of(device), List.of());
    }

    /** Returns what the payload of {@code jws} says; looks at no signature. */
    public static Verdict<Operation> read(Jws jws) {
        return Refusal.judge(() -> read(jws, JwsKey::parse));
    }

    /** Returns the envelope of this operation with the signatures of {@code signers}; others can add theirs. */
    public Jws sign(JwsSigner... signers) {
        return Jws.sign(RecordType.IDENTITY, payload(), List.of(signers));
    }

    /** Returns what the payload says; {@code readKey} may know keys that were checked before. */
    static Operation read(Jws jws, Function<String, Verdict<JwsKey>> readKey) throws Refusal {
        Members members = Members.of(jws, RecordType.IDENTITY);
        Kind kind = members.string("op", Members.oneOf(Kind.values(), Kind::wireName), Reason.WRONG_OP);
        boolean genesis = kind == Kind.GENESIS;
        List<String> names = new ArrayList<>(ALWAYS);
        names.addAll(genesis ? List.of("rnd") : List.of("id", "prev"));
        members.allow(names);

        Optional<IdentityId> id = genesis
                ? Optional.empty()
                : Optional.of(members.string("id", IdentityId::parse));
        HandleDomain home = members.string("home", HandleDomain::parse);
        long seq = members.natural("seq");
        Optional<OpId> prev = genesis ? Optional.empty() : Optional.of(members.string("prev", OpId::parse));
        long epoch = members.natural("epoch");
        long iat = members.natural("iat");
        Optional<Rnd> rnd = genesis ? Optional.of(members.string("rnd", Rnd::parse)) : Optional.empty();
        List<JwsKey> recovery = members
                .keys("recovery", Identity.MAX_RECOVERY_KEYS, Reason.RECOVERY_COUNT, readKey);
        List<JwsKey> devices = members.keys("devices", maxDevices(kind), Reason.DEVICE_COUNT, readKey);
        List<Revocation> revoked = new ArrayList<>();
        for (Json item : members.items("revoked")) {
            Members revocation = Members.object(item);
            Refusal.when(revoked.size() == Identity.MAX_DEVICES, Reason.MALFORMED_MEMBER);
            revocation.allow(List.of("kid", "why"));
            revoked.add(new Revocation(revocation.string("kid", Thumbprint::parse),
                    revocation.string("why", Members.oneOf(Revocation.Why.values(), Revocation.Why::wireName))));
        }
        Refusal.when(hasDuplicate(recovery, devices), Reason.DUPLICATE_KEY);
        return new Operation(kind, id, home, seq, prev, epoch, iat, rnd, recovery, devices, revoked);
    }

    private byte[] payload() {
        JsonObject.Builder payload = JsonObject.builder()
                .put("t", RecordType.IDENTITY.t())
                .put("op", kind.wireName());
        id.ifPresent(value -> payload.put("id", value.value()));
        payload.put("home", home.value()).put("seq", seq);
        prev.ifPresent(value -> payload.put("prev", value.value()));
        payload.put("epoch", epoch).put("iat", iat);
        rnd.ifPresent(value -> payload.put("rnd", value.value()));
        payload.put("recovery", JsonArray.ofStrings(recovery.stream().map(JwsKey::x).collect(Collectors.toList())))
                .put("devices", JsonArray.ofStrings(devices.stream().map(JwsKey::x).collect(Collectors.toList())))
                .put("revoked", JsonArray.of(revoked.stream()
                        .map(revocation -> JsonObject.builder()
                                .put("kid", revocation.kid().value())
                                .put("why", revocation.why().wireName())
                                .build())
                        .collect(Collectors.toList())));
        return StrictJson.write(payload.build()).getBytes(StandardCharsets.UTF_8);
    }

    private static int maxDevices(Kind kind) {
        return kind == Kind.GENESIS ? 1 : Identity.MAX_DEVICES;
    }

    private static boolean hasDuplicate(List<JwsKey> recovery, List<JwsKey> devices) {
        Set<JwsKey> all = new HashSet<>(recovery);
        all.addAll(devices);
        return all.size() < recovery.size() + devices.size();
    }
}
