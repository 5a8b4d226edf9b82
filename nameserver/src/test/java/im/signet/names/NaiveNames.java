package im.signet.names;

import im.signet.protocol.handle.Binding;
import im.signet.protocol.handle.IdentityId;
import im.signet.protocol.handle.Jws;
import im.signet.protocol.handle.JwsKey;
import im.signet.protocol.handle.Operation;
import im.signet.protocol.handle.ProofOfPossession;
import im.signet.protocol.handle.Reach;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * The nameserver said once more and otherwise, in lists and maps, from {@code docs/spec/handles.md} and
 * {@code docs/spec/nameserver.md} alone. A record is what its maker wrote and whose keys signed it; nothing of the service
 * and nothing of {@code protocol}'s state machine decides here.
 */
final class NaiveNames {

    static final List<String> DOMAINS = List.of("example.org", "second.example");
    static final int SHARE = 5;
    private static final long LAPSED = Duration.ofDays(30).toSeconds();
    private static final long YEAR = Duration.ofDays(365).toSeconds();
    private static final long WEEK = Duration.ofDays(7).toSeconds();
    private static final long CHALLENGE = 300;

    /** Handles that look alike, as people see them. */
    private static final List<Set<String>> ALIKE = List.of(Set.of("alice", "a1ice", "allce"), Set.of("bob", "b0b"),
            Set.of("modern", "rnodern", "modem"), Set.of("walter", "vvalter"),
            Set.of("dot.ted", "dot-ted", "dot_ted"), Set.of("carol", "caro1"));
    private static final Set<String> RESERVED = Set.of("admin", "adm1n", "postmaster");

    /** A record, as its maker knows it: the keys that signed, and whether all signatures are what they should be. */
    record Signed<T>(Jws jws, T says, Set<String> signers, boolean valid) {

        Signed {
            signers = new LinkedHashSet<>(signers);
        }

        String name() {
            return jws.opId().value();
        }
    }

    /** Whose request it is; {@code terms}, whether they have accepted them. */
    record Account(String user, boolean terms) {}

    /** Who may register where a request goes. */
    enum Policy {
        OPEN, HOMESERVER, INVITE
    }

    /** What somebody asks for. */
    sealed interface Request {

        record Register(Account account, List<Signed<Operation>> shown, Signed<Binding> binding,
                Signed<ProofOfPossession> proof, Optional<String> invite) implements Request {}

        record Put(Account account, String handle, long seq, Signed<Binding> binding) implements Request {}

        record Append(Account account, String id, long seq, Signed<Operation> operation) implements Request {}
    }

    /** What the answer must be; {@code seq} and {@code head} of the newest record where the answer says them. */
    record Expected(int status, String code, Optional<Long> seq, Optional<String> head) {

        static Expected of(int status) {
            return new Expected(status, "", Optional.empty(), Optional.empty());
        }

        boolean accepted() {
            return status < 400;
        }
    }

    /** A handle that somebody has. */
    static final class Held {
        final String id;
        final String account;
        final long registered;
        final boolean reclaimed;
        Signed<Binding> last;
        Instant agreed;
        boolean suspended;
        boolean withdrawn;

        Held(String id, String account, Instant now, boolean reclaimed, Signed<Binding> last) {
            this.id = id;
            this.account = account;
            this.registered = now.getEpochSecond();
            this.agreed = now;
            this.reclaimed = reclaimed;
            this.last = last;
        }

        boolean active() {
            return last.says().state() == Binding.State.ACTIVE;
        }
    }

    private record Quarantine(Optional<String> whose, String id, long seq, String last, int headSeq, String head,
            boolean wasActive, long began, long ends, Optional<String> account) {}

    /** An identity after an operation. */
    record State(String home, List<String> recovery, List<String> devices, long epoch, boolean ended) {

        List<String> keys() {
            return Stream.concat(recovery.stream(), devices.stream()).toList();
        }
    }

    /** What the server says of a handle: 200 with a word for its state, or a refusal. */
    record Resolved(int status, String word) {}

    private static final class Refused extends RuntimeException {
        private static final long serialVersionUID = 1L;
        private final transient Expected expected;

        Refused(Expected expected) {
            super(expected.toString(), null, false, false);
            this.expected = expected;
        }
    }

    private final Map<String, Held> handles = new TreeMap<>();
    private final Map<String, Quarantine> quarantines = new HashMap<>();
    private final Map<String, List<Signed<Operation>>> chains = new HashMap<>();
    private final Map<String, String> accountOfNonce = new HashMap<>();
    private final Map<String, Long> endOfNonce = new HashMap<>();
    private final Set<String> invites = new HashSet<>();
    private Instant time = Instant.EPOCH;
    private long now;

    // --- what is not a request

    void setTime(Instant instant) {
        time = instant;
        now = instant.getEpochSecond();
    }

    void challenge(String user, String nonce) {
        accountOfNonce.put(nonce, user);
        endOfNonce.put(nonce, now + CHALLENGE);
    }

    void invite(String code) {
        invites.add(code);
    }

    /** The hourly jobs. */
    void runJobs() {
        for (String handle : List.copyOf(handles.keySet())) {
            if (isOver(held(handle))) {
                settle(handle);
            }
        }
        quarantines.values().removeIf(quarantine -> quarantine.ends() <= now);
        endOfNonce.values().removeIf(end -> end <= now);
    }

    void suspend(String handle, boolean suspended) {
        held(handle).suspended = suspended;
    }

    /** Their owner takes consent back that was given before that instant. */
    void withdraw(String user, Instant before) {
        for (String handle : of(user, before)) {
            if (!settle(handle)) {
                held(handle).withdrawn = true;
            }
        }
    }

    void erase(String user, Instant before) {
        for (String handle : of(user, before)) {
            if (!settle(handle)) {
                Held held = held(handle);
                boolean soon = !held.reclaimed && now < held.registered + WEEK;
                quarantine(handle, held.last, held.active(), now, now + (soon ? WEEK : YEAR), Optional.empty());
            }
        }
        quarantines.replaceAll((_, quarantine) -> quarantine.account().equals(Optional.of(user))
                && quarantine.began() < before.getEpochSecond()
                        ? new Quarantine(quarantine.whose(), quarantine.id(), quarantine.seq(), quarantine.last(),
                                quarantine.headSeq(), quarantine.head(), quarantine.wasActive(), quarantine.began(),
                                quarantine.ends(), Optional.empty())
                        : quarantine);
    }

    private List<String> of(String user, Instant before) {
        return handles.entrySet()
                .stream()
                .filter(entry -> entry.getValue().account.equals(user) && entry.getValue().agreed.isBefore(before))
                .map(Map.Entry::getKey)
                .toList();
    }

    // --- what there is to see

    /** Returns the handles that somebody has now. */
    List<String> live() {
        return handles.keySet().stream().filter(handle -> !isOver(held(handle))).toList();
    }

    Held held(String handle) {
        return Objects.requireNonNull(handles.get(handle));
    }

    List<Signed<Operation>> chain(String id) {
        return chains.getOrDefault(id, List.of());
    }

    /** Returns how many rows each table has once the jobs have run. */
    Map<String, Long> rows() {
        Map<String, Long> rows = new LinkedHashMap<>();
        rows.put("binding", (long) handles.size());
        rows.put("quarantine", (long) quarantines.size());
        rows.put("identity", (long) chains.size());
        rows.put("operation", chains.values().stream().mapToLong(List::size).sum());
        rows.put("challenge", (long) endOfNonce.size());
        rows.put("invite", (long) invites.size());
        return rows;
    }

    Resolved resolve(String handle) {
        if (!DOMAINS.contains(domain(handle))) {
            return new Resolved(404, "NOT_FOUND");
        }
        Held held = handles.get(handle);
        if (held == null || isOver(held)) {
            return quarantineOf(handle).isPresent()
                    ? new Resolved(410, "HANDLE_GONE")
                    : new Resolved(404, "NOT_FOUND");
        }
        if (held.suspended || held.withdrawn) {
            return new Resolved(410, held.suspended ? "operator" : "withdrawn");
        }
        if (now >= held.last.says().exp()) {
            return new Resolved(200, "lapsed");
        }
        if (!held.active()) {
            return new Resolved(200, "moved");
        }
        return new Resolved(200, standing(held.last, states(chain(held.id))).isEmpty() ? "active" : "stale");
    }

    // --- requests

    /** Returns what the answer to a request must be, and does what it asks for when that is granted. */
    Expected ask(Request request, Policy policy) {
        try {
            return switch (request) {
                case Request.Register register -> register(register, policy);
                case Request.Put put -> put(put);
                case Request.Append append -> append(append);
            };
        } catch (Refused refused) {
            return refused.expected;
        }
    }

    private Expected register(Request.Register request, Policy policy) {
        refuse(!request.account().terms(), 403, "M_TERMS_NOT_SIGNED");
        Binding binding = request.binding().says();
        String handle = binding.handle().toString();
        String user = request.account().user();
        refuse(!DOMAINS.contains(domain(handle)), 404, "NOT_FOUND");
        if (handles.containsKey(handle) && held(handle).last.name().equals(request.binding().name())) {
            return shown(handle);
        }
        ProofOfPossession proof = request.proof().says();
        String nonce = proof.request().nonce().value();
        refuse(!user.equals(accountOfNonce.get(nonce)) || endOfNonce.getOrDefault(nonce, 0L) <= now, 422,
                "UNKNOWN_CHALLENGE");

        String id = binding.id().value();
        List<Signed<Operation>> chain = merged(chain(id), request.shown());
        List<State> states = states(chain);
        String signer = check(request.binding(), chain, states, user, Optional.empty());
        refuse(binding.state() != Binding.State.ACTIVE, 400, "FIRST_NOT_ACTIVE");

        refuse(!proof.request().audience().equals(NamesScene.URL), 422, "WRONG_AUDIENCE");
        refuse(!proof.request().binding().value().equals(request.binding().name()), 422, "WRONG_BINDING");
        refuse(proof.request().method() != ProofOfPossession.Method.POST
                || !proof.request().uri().equals(NamesScene.URL + "/_signet/ns/v1/bindings"), 422, "WRONG_REQUEST");
        List<String> provers = List.copyOf(request.proof().signers());
        refuse(!provers.getFirst().equals(signer), 422, "UNKNOWN_SIGNER");
        refuse(provers.size() > 1, 422, "SUPERFLUOUS_SIGNATURE");
        refuse(!request.proof().valid(), 422, "BAD_SIGNATURE");
        refuse(Math.abs(proof.iat() - now) > CHALLENGE, 422, "PROOF_TIME");

        refuse(RESERVED.contains(local(handle)), 403, "HANDLE_RESERVED");
        refuse(policy == Policy.HOMESERVER && !user.equals("@" + local(handle) + ":hs.example.org"), 403,
                "NOT_ALLOWED");
        refuse(policy == Policy.INVITE && request.invite().filter(invites::contains).isEmpty(), 403,
                "UNKNOWN_INVITE");

        Held held = handles.get(handle);
        refuse(held != null && !isOver(held), 409, "HANDLE_TAKEN");
        Optional<Quarantine> before = quarantineOf(handle);
        before.ifPresent(quarantine -> mayComeBack(quarantine, request.binding(), chain,
                states.getLast().recovery().contains(signer)));
        refuse(hasLookAlike(handle), 409, "HANDLE_CONFUSABLE");
        refuse(countOf(user, handle) >= SHARE, 403, "TOO_MANY_HANDLES");

        if (policy == Policy.INVITE) {
            invites.remove(request.invite().orElseThrow());
        }
        if (held != null) {
            settle(handle);
        }
        quarantines.remove(handle);
        accountOfNonce.remove(nonce);
        endOfNonce.remove(nonce);
        chains.put(id, chain);
        handles.put(handle, new Held(id, user, time, before.isPresent(), request.binding()));
        return Expected.of(201);
    }

    private static void mayComeBack(Quarantine before, Signed<Binding> next, List<Signed<Operation>> chain,
            boolean byRecoveryKey) {
        Binding binding = next.says();
        refuse(!before.whose().equals(Optional.of(binding.id().value())), 410, "HANDLE_GONE");
        refuse(binding.seq() != before.seq() + 1 || !binding.prev().orElseThrow().value().equals(before.last()), 422,
                "WRONG_PREV");
        refuse(chain.size() <= before.headSeq() || !chain.get(before.headSeq()).name().equals(before.head()), 409,
                "CHAIN_TOO_SHORT");
        refuse(before.wasActive() && byRecoveryKey, 422, "NEEDS_DEVICE");
        refuse(!before.wasActive() && !byRecoveryKey, 422, "NEEDS_RECOVERY_KEY");
    }

    private Expected put(Request.Put request) {
        Signed<Binding> next = request.binding();
        Binding binding = next.says();
        refuse(!binding.handle().toString().equals(request.handle()), 422, "WRONG_HANDLE");
        refuse(binding.seq() != request.seq(), 422, "WRONG_SEQ");
        refuse(!DOMAINS.contains(domain(request.handle())), 404, "NOT_FOUND");
        boolean release = binding.state() == Binding.State.RELEASED;
        Held held = handles.get(request.handle());
        if (held == null || isOver(held)) {
            Quarantine quarantine = quarantineOf(request.handle())
                    .orElseThrow(() -> new Refused(expected(404, "NOT_FOUND")));
            refuse(!release || !quarantine.id().equals(binding.id().value())
                    || !quarantine.last().equals(next.name()), 410, "HANDLE_GONE");
            return Expected.of(200);
        }
        refuse(!held.id.equals(binding.id().value()), 422, "WRONG_ID");
        if (held.last.name().equals(next.name())) {
            return shown(request.handle());
        }
        if (binding.seq() != held.last.says().seq() + 1) {
            throw new Refused(new Expected(409, "STALE", Optional.of(held.last.says().seq()),
                    Optional.of(held.last.name())));
        }
        boolean active = binding.state() == Binding.State.ACTIVE;
        boolean agreed = active && held.account.equals(request.account().user());
        refuse(held.suspended && !release, 410, "HANDLE_SUSPENDED");
        refuse(held.withdrawn && !release && !agreed, 410, "HANDLE_SUSPENDED");
        refuse(active && !request.account().terms(), 403, "TERMS_NOT_SIGNED");
        List<Signed<Operation>> chain = chain(held.id);
        List<State> states = states(chain);
        String signer = check(next, chain, states, request.account().user(), held.last.says().reach());
        boolean byRecoveryKey = states.getLast().recovery().contains(signer);
        refuse(!binding.prev().orElseThrow().value().equals(held.last.name()), 422, "WRONG_PREV");
        refuse(active && !held.active() && !byRecoveryKey, 422, "NEEDS_RECOVERY_KEY");
        refuse(active && held.active() && byRecoveryKey, 422, "NEEDS_DEVICE");
        if (release) {
            boolean soon = !held.reclaimed && now < held.registered + WEEK;
            quarantine(request.handle(), next, false, now, now + (soon ? WEEK : YEAR), Optional.of(held.account));
            return Expected.of(201);
        }
        held.last = next;
        if (agreed) {
            held.agreed = time;
            held.withdrawn = false;
        }
        return Expected.of(201);
    }

    private Expected append(Request.Append request) {
        Signed<Operation> operation = request.operation();
        refuse(operation.says().seq() != request.seq(), 422, "WRONG_SEQ");
        List<Signed<Operation>> chain = chain(request.id());
        refuse(chain.isEmpty(), 404, "NOT_FOUND");
        if (request.seq() < chain.size() && chain.get((int) request.seq()).name().equals(operation.name())) {
            return Expected.of(200);
        }
        if (request.seq() != chain.size()) {
            throw stale(chain);
        }
        after(chain, states(chain), operation);
        List<Signed<Operation>> longer = new ArrayList<>(chain);
        longer.add(operation);
        chains.put(request.id(), longer);
        return Expected.of(201);
    }

    /** What is answered to a record that was taken before. */
    private Expected shown(String handle) {
        Resolved resolved = resolve(handle);
        boolean suspended = resolved.status() == 410 && !resolved.word().equals("HANDLE_GONE");
        return resolved.status() == 200
                ? Expected.of(200)
                : expected(resolved.status(), suspended ? "HANDLE_SUSPENDED" : resolved.word());
    }

    // --- identities (docs/spec/handles.md, section 4)

    private static List<Signed<Operation>> merged(List<Signed<Operation>> known, List<Signed<Operation>> shown) {
        if (known.isEmpty()) {
            refuse(shown.isEmpty(), 422, "EMPTY_CHAIN");
            states(shown);
            return shown;
        }
        List<Signed<Operation>> chain = new ArrayList<>(known);
        long first = shown.isEmpty() ? 0 : shown.getFirst().says().seq();
        if (first > known.size()) {
            throw stale(known);
        }
        for (int i = 0; i < shown.size(); i++) {
            int seq = (int) first + i;
            if (seq >= chain.size()) {
                after(chain, states(chain), shown.get(i));
                chain.add(shown.get(i));
            } else if (!chain.get(seq).name().equals(shown.get(i).name())) {
                throw new Refused(new Expected(409, "FORKED", Optional.of(chain.size() - 1L),
                        Optional.of(chain.getLast().name())));
            }
        }
        return chain;
    }

    /** Returns the states that a chain leads through; refuses what is none. */
    static List<State> states(List<Signed<Operation>> chain) {
        List<State> states = new ArrayList<>();
        for (int i = 0; i < chain.size(); i++) {
            states.add(i == 0 ? genesis(chain.getFirst()) : after(chain.subList(0, i), states, chain.get(i)));
        }
        return states;
    }

    private static State genesis(Signed<Operation> first) {
        Operation says = first.says();
        refuse(says.kind() != Operation.Kind.GENESIS, 422, "NOT_GENESIS");
        refuse(says.seq() != 0, 422, "WRONG_SEQ");
        State state = new State(says.home().value(), xs(says.recovery()), xs(says.devices()), 0, false);
        refuse(!state.keys().containsAll(first.signers()), 422, "UNKNOWN_SIGNER");
        refuse(!first.signers().containsAll(state.keys()), 422, "MISSING_SIGNATURE");
        refuse(!first.valid(), 422, "BAD_SIGNATURE");
        return state;
    }

    private static State after(List<Signed<Operation>> chain, List<State> states, Signed<Operation> next) {
        State before = states.getLast();
        Operation says = next.says();
        refuse(says.kind() == Operation.Kind.GENESIS, 422, "SECOND_GENESIS");
        refuse(before.ended(), 422, "DEACTIVATED");
        refuse(!says.id().orElseThrow().equals(idOf(chain)), 422, "WRONG_ID");
        refuse(says.seq() != chain.size(), 422, "WRONG_SEQ");
        refuse(!says.prev().orElseThrow().value().equals(chain.getLast().name()), 422, "WRONG_PREV");
        String row = row(before, says);
        refuse(row.equals("none"), 422, "NO_CHANGE");
        refuse(row.equals("mixed"), 422, "MIXED_CHANGES");
        State after = new State(says.home().value(), xs(says.recovery()), xs(says.devices()), says.epoch(),
                row.equals("deactivate"));
        List<String> added = after.keys().stream().filter(key -> !before.keys().contains(key)).toList();
        refuse(states.stream().anyMatch(state -> state.keys().stream().anyMatch(added::contains)), 422,
                "KEY_REUSED");
        List<String> gone = before.keys().stream().filter(key -> !after.keys().contains(key)).toList();
        refuse(!says.revoked().stream().map(revoked -> revoked.kid().value()).toList().equals(kids(gone)), 422,
                "WRONG_REVOKED");
        boolean newEpoch = row.equals("replace recovery keys") || row.equals("recover");
        refuse(says.epoch() != before.epoch() + (newEpoch ? 1 : 0), 422, "WRONG_EPOCH");

        List<String> others = new ArrayList<>(next.signers());
        refuse(others.stream().anyMatch(key -> !added.contains(key) && !before.keys().contains(key)), 422,
                "UNKNOWN_SIGNER");
        refuse(!others.containsAll(added), 422, "MISSING_SIGNATURE");
        others.removeAll(added);
        refuse(others.isEmpty(), 422, "NO_AUTHORITY");
        refuse(others.size() > 1, 422, "SUPERFLUOUS_SIGNATURE");
        mayAllow(row, before, after, gone, others.getFirst());
        refuse(!next.valid(), 422, "BAD_SIGNATURE");
        return after;
    }

    private static void mayAllow(String row, State before, State after, List<String> gone, String authority) {
        boolean byDevice = before.devices().contains(authority);
        switch (row) {
            case "add a device" -> {
                // Anybody.
            }
            case "revoke devices" -> {
                for (String key : gone) {
                    boolean junior = byDevice
                            && before.devices().indexOf(authority) > before.devices().indexOf(key);
                    refuse(junior, 422, "JUNIOR_SIGNER");
                }
            }
            case "replace recovery keys" -> {
                refuse(byDevice, 422, "NEEDS_RECOVERY_KEY");
                int place = before.recovery().indexOf(authority);
                boolean sameBefore = after.recovery().size() >= place
                        && after.recovery().subList(0, place).equals(before.recovery().subList(0, place));
                refuse(!sameBefore, 422, "LOWER_PRIORITY");
            }
            default -> refuse(byDevice, 422, "NEEDS_RECOVERY_KEY");
        }
    }

    /** Returns the row of the table whose shape an operation has, "none" or "mixed". */
    static String row(State before, Operation says) {
        boolean home = !says.home().value().equals(before.home());
        boolean recovery = !xs(says.recovery()).equals(before.recovery());
        List<String> devices = xs(says.devices());
        boolean other = !devices.equals(before.devices());
        int count = (home ? 1 : 0) + (recovery ? 1 : 0) + (other ? 1 : 0);
        if (says.kind() == Operation.Kind.DEACTIVATE) {
            return count == 0 ? "deactivate" : "mixed";
        }
        if (count != 1) {
            return count == 0 ? "none" : "mixed";
        }
        if (says.kind() == Operation.Kind.RECOVER) {
            return other ? "recover" : "mixed";
        }
        if (home || recovery) {
            return home ? "change home" : "replace recovery keys";
        }
        int had = before.devices().size();
        if (devices.size() == had + 1 && devices.subList(0, had).equals(before.devices())) {
            return "add a device";
        }
        if (before.devices().stream().filter(devices::contains).toList().equals(devices)) {
            return "revoke devices";
        }
        return Set.copyOf(devices).equals(Set.copyOf(before.devices())) ? "change the order" : "mixed";
    }

    // --- bindings (section 5)

    /** Returns the key of the identity that signed a binding which a server may take. */
    private String check(Signed<Binding> next, List<Signed<Operation>> chain, List<State> states, String user,
            Optional<Reach> before) {
        Binding says = next.says();
        refuse(!says.id().equals(idOf(chain)), 422, "WRONG_ID");
        refuse(says.hs() >= chain.size(), 422, "UNKNOWN_HEAD");
        State then = states.get((int) says.hs());
        refuse(!chain.get((int) says.hs()).name().equals(says.head().value()), 422, "WRONG_HEAD");
        refuse(then.epoch() != says.epoch(), 422, "WRONG_EPOCH");
        refuse(then.ended(), 422, "DEACTIVATED");
        Optional<String> master = says.reach().flatMap(Reach::matrixMasterKey).map(JwsKey::x);
        List<String> others = new ArrayList<>(next.signers());
        refuse(others.stream().anyMatch(key -> !master.equals(Optional.of(key)) && !then.keys().contains(key)), 422,
                "UNKNOWN_SIGNER");
        refuse(master.isPresent() && !others.contains(master.get()), 422, "MISSING_SIGNATURE");
        master.ifPresent(others::remove);
        refuse(others.isEmpty(), 422, "NO_AUTHORITY");
        refuse(others.size() > 1, 422, "SUPERFLUOUS_SIGNATURE");
        String signer = others.getFirst();
        boolean byRecoveryKey = then.recovery().contains(signer);
        refuse(says.state() != Binding.State.ACTIVE && !byRecoveryKey, 422, "NEEDS_RECOVERY_KEY");
        refuse(says.seq() == 0 && byRecoveryKey, 422, "NEEDS_DEVICE");
        refuse(!next.valid(), 422, "BAD_SIGNATURE");
        standing(next, states).ifPresent(standing -> refuse(true, 422, standing));
        if (says.hs() != chain.size() - 1) {
            throw new Refused(new Expected(409, "OLD_HEAD", Optional.of(chain.size() - 1L),
                    Optional.of(chain.getLast().name())));
        }
        refuse(says.exp() <= now || says.iat() > now + 3600, 422, "BINDING_TIME");
        boolean proven = says.reach().isEmpty() || says.reach().equals(before) || master.isPresent()
                || says.reach().get().matrix().value().equals(user);
        refuse(!proven, 403, "REACH_NOT_PROVEN");
        return signer;
    }

    /** Returns why a valid binding is not fresh; empty when it is. */
    private static Optional<String> standing(Signed<Binding> binding, List<State> states) {
        Optional<String> master = binding.says().reach().flatMap(Reach::matrixMasterKey).map(JwsKey::x);
        State then = states.get((int) binding.says().hs());
        State newest = states.getLast();
        if (newest.ended()) {
            return Optional.of("IDENTITY_DEACTIVATED");
        }
        if (binding.says().epoch() < newest.epoch()) {
            return Optional.of("EPOCH_OVER");
        }
        String signer = binding.signers()
                .stream()
                .filter(key -> !master.equals(Optional.of(key)))
                .findFirst()
                .orElseThrow();
        boolean speaks = then.recovery().contains(signer)
                ? newest.recovery().contains(signer)
                : newest.devices().contains(signer);
        return speaks ? Optional.empty() : Optional.of("SIGNER_REVOKED");
    }

    // --- the life of handles

    private boolean isOver(Held held) {
        return !held.suspended && now >= held.last.says().exp() + LAPSED;
    }

    /** Puts a handle into quarantine when it is over; returns whether it is. */
    private boolean settle(String handle) {
        Held held = held(handle);
        if (!isOver(held)) {
            return false;
        }
        long end = held.last.says().exp() + LAPSED;
        quarantine(handle, held.last, held.active(), end, end + YEAR, Optional.of(held.account));
        return true;
    }

    private void quarantine(String handle, Signed<Binding> last, boolean wasActive, long began, long ends,
            Optional<String> account) {
        Held held = held(handle);
        handles.remove(handle);
        if (ends > now) {
            quarantines.put(handle, quarantined(held, last, wasActive, began, ends, account));
        }
        if (handles.values().stream().noneMatch(other -> other.id.equals(held.id))) {
            chains.remove(held.id);
        }
    }

    private Quarantine quarantined(Held held, Signed<Binding> last, boolean wasActive, long began, long ends,
            Optional<String> account) {
        List<Signed<Operation>> chain = chain(held.id);
        return new Quarantine(held.suspended ? Optional.empty() : Optional.of(held.id), held.id, last.says().seq(),
                last.name(), chain.size() - 1, chain.getLast().name(), wasActive, began, ends, account);
    }

    private Optional<Quarantine> quarantineOf(String handle) {
        Held held = handles.get(handle);
        Quarantine quarantine = quarantines.get(handle);
        if (held != null && isOver(held)) {
            long end = held.last.says().exp() + LAPSED;
            quarantine = quarantined(held, held.last, held.active(), end, end + YEAR, Optional.of(held.account));
        }
        return Optional.ofNullable(quarantine).filter(found -> found.ends() > now);
    }

    private boolean hasLookAlike(String handle) {
        return ALIKE.stream()
                .filter(alike -> alike.contains(local(handle)))
                .flatMap(Set::stream)
                .map(name -> name + "@" + domain(handle))
                .filter(other -> !other.equals(handle))
                .anyMatch(other -> (handles.containsKey(other) && !isOver(held(other)))
                        || quarantineOf(other).isPresent());
    }

    private long countOf(String user, String butFor) {
        long held = handles.entrySet()
                .stream()
                .filter(entry -> entry.getValue().account.equals(user) && !entry.getKey().equals(butFor)
                        && (!isOver(entry.getValue()) || quarantineOf(entry.getKey()).isPresent()))
                .count();
        return held + quarantines.entrySet()
                .stream()
                .filter(entry -> entry.getValue().account().equals(Optional.of(user)) && entry.getValue().ends() > now
                        && !entry.getKey().equals(butFor))
                .count();
    }

    // --- words

    private static String local(String handle) {
        return handle.substring(0, handle.indexOf('@'));
    }

    private static String domain(String handle) {
        return handle.substring(handle.indexOf('@') + 1);
    }

    private static IdentityId idOf(List<Signed<Operation>> chain) {
        return IdentityId.ofGenesis(chain.getFirst().jws().payload());
    }

    static List<String> xs(List<JwsKey> keys) {
        return keys.stream().map(JwsKey::x).toList();
    }

    private static List<String> kids(List<String> keys) {
        return keys.stream().map(key -> JwsKey.parse(key).orElseThrow().thumbprint().value()).toList();
    }

    private static Refused stale(List<Signed<Operation>> chain) {
        return new Refused(new Expected(409, "STALE", Optional.of(chain.size() - 1L),
                Optional.of(chain.getLast().name())));
    }

    private static Expected expected(int status, String code) {
        return new Expected(status, code, Optional.empty(), Optional.empty());
    }

    private static void refuse(boolean when, int status, String code) {
        if (when) {
            throw new Refused(expected(status, code));
        }
    }
}
