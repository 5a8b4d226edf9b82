package im.signet.bench.faults;

import im.signet.bench.faults.Key.Kind;
import im.signet.protocol.json.Json;
import im.signet.protocol.json.JsonObject;

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
import java.util.TreeSet;
import java.util.stream.Stream;

/** What must be there, may be there and must not be there, as a journal tells; nothing here has seen a database. */
final class Ledger {

    /** Within which time what goes through the outbox is done: a letter that a killed server held waits for 20 s. */
    static final Duration EVENTUALLY = Duration.ofSeconds(60);

    private final Map<Key, Expected> things = new LinkedHashMap<>();
    private final Map<Group, Integer> unnamed = new HashMap<>();
    private final Map<String, Mails> mails = new LinkedHashMap<>();
    private final Map<String, Set<Key>> ofUser = new HashMap<>();
    private final Map<Key, String> owners = new HashMap<>();
    private final Map<String, Set<Key>> invitationsTo = new HashMap<>();
    private final Map<Key, Instant> handedAt = new HashMap<>();
    private final Map<String, Instant> endAskedAt = new HashMap<>();
    private final Set<String> publicKeys = new LinkedHashSet<>();
    private final Map<String, String> tokens = new LinkedHashMap<>();
    private final List<JsonObject> contradictions = new ArrayList<>();
    private final List<Instant> faults = new ArrayList<>();
    private final Map<String, List<JsonObject>> lines = new LinkedHashMap<>();
    private final Map<String, Integer> outcomes = new HashMap<>();
    private final Instant now;
    private int publicKeysUnnamed;

    private Ledger(Instant now) {
        this.now = now;
    }

    /** In which states a thing may be, and the operations that say so. */
    record Expected(Set<String> states, Set<String> operations) {

        boolean isOpen() {
            return states.size() > 1;
        }
    }

    /** Things whose names nobody was told, as the answers were lost, by what they are of. */
    record Group(Kind kind, String of) {}

    /** How many different mails must and may have been sent to an address. */
    record Mails(int atLeast, int atMost) {

        Mails plus(int must, int may) {
            return new Mails(atLeast + must, atMost + may);
        }
    }

    private record Pending(Op op, JsonObject fields, Map<Key, Set<String>> before) {}

    /**
     * Reads a journal.
     *
     * @param now  what went through the outbox longer ago than {@link #EVENTUALLY} is expected to be done
     */
    static Ledger of(List<JsonObject> journal, Instant now) {
        Ledger ledger = new Ledger(now);
        Map<String, Pending> pending = new HashMap<>();
        for (JsonObject line : journal) {
            ledger.read(line, pending);
        }
        return ledger;
    }

    private void read(JsonObject line, Map<String, Pending> pending) {
        String is = text(line, "is");
        Instant at = Instant.ofEpochMilli(line.integer("at").orElseThrow());
        switch (is) {
            case "fault" -> faults.add(at);
            case "contradiction" -> contradictions.add(line);
            case "resolved" -> resolve(Key.parse(text(line, "key")), text(line, "state"), at);
            case "intent" -> {
                Op op = Op.of(text(line, "op"));
                lines.computeIfAbsent(text(line, "id"), _ -> new ArrayList<>()).add(line);
                pending.put(text(line, "id"), begin(op, line));
            }
            default -> {
                lines.computeIfAbsent(text(line, "id"), _ -> new ArrayList<>()).add(line);
                outcomes.merge(is, 1, Integer::sum);
                Pending begun = pending.remove(text(line, "id"));
                if (begun == null) {
                    throw new IllegalArgumentException("the journal has an outcome without an intent: " + line);
                }
                end(begun, line, is, at);
            }
        }
    }

    private Pending begin(Op op, JsonObject line) {
        Map<Key, Set<String>> before = new HashMap<>();
        changes(op, line, now).forEach((key, states) -> {
            Expected expected = expected(key);
            before.put(key, Set.copyOf(expected.states()));
            expected.states().addAll(states);
            expected.operations().add(text(line, "id"));
        });
        sent(op, line).ifPresent(address -> mails.merge(address, new Mails(0, 1), (a, b) -> a.plus(0, 1)));
        return new Pending(op, line, before);
    }

    private void end(Pending begun, JsonObject line, String is, Instant at) {
        JsonObject all = begun.fields();
        for (Map.Entry<String, Json> field : line.members().entrySet()) {
            if (!all.members().containsKey(field.getKey())) {
                all = all.with(field.getKey(), field.getValue());
            }
        }
        int lost = Math.toIntExact(line.integer("lost").orElse(0L));
        switch (is) {
            case "done" -> {
                changes(begun.op(), all, at).forEach(this::is);
                named(begun.op(), all, lost);
                sent(begun.op(), all)
                        .ifPresent(address -> mails.merge(address, new Mails(1, 1), (a, b) -> a.plus(1, 0)));
                if (isSentEachTime(begun.op()) && lost > 0) {
                    mails.merge(text(all, "address"), new Mails(0, lost), (a, b) -> a.plus(0, lost));
                }
            }
            case "unknown" -> lost(begun.op(), all, lost);
            case "refused", "unsent" -> {
                if (lost > 0) {
                    lost(begun.op(), all, lost);
                } else {
                    begun.before().forEach((key, states) -> {
                        expected(key).states().clear();
                        expected(key).states().addAll(states);
                    });
                    sent(begun.op(), all)
                            .ifPresent(address -> mails.merge(address, new Mails(0, 0), (a, b) -> a.plus(0, -1)));
                }
            }
            default -> throw new IllegalArgumentException("the journal says " + is);
        }
    }

    // What a write makes of things that have a name already. Where several states may follow, it is not decided yet which.
    private Map<Key, Set<String>> changes(Op op, JsonObject fields, Instant at) {
        Map<Key, Set<String>> changes = new LinkedHashMap<>();
        String user = text(fields, "user");
        Instant asked = Instant.ofEpochMilli(fields.integer("at").orElseThrow());
        switch (op) {
            case ACCEPT -> changes.put(ofUser(user, Kind.ACCEPTANCE, user), Set.of("accepted"));
            case SUBMIT -> changes.put(ofUser(user, Kind.SESSION, text(fields, "sid")),
                    Set.of(user + " " + text(fields, "address") + " proven"));
            case BIND -> {
                changes.put(ofUser(user, Kind.BINDING, text(fields, "address")), Set.of(user));
                invitationsTo(fields).filter(key -> expected(key).states().contains("waits")).forEach(key -> {
                    changes.put(key, handed(key, at));
                    handedAt.put(key, asked);
                });
            }
            case UNBIND -> {
                changes.put(ofUser(user, Kind.BINDING, text(fields, "address")), Set.of(Key.NONE));
                invitationsTo(fields).filter(key -> mayWaitForDelivery(key, asked))
                        .forEach(key -> changes.put(key, mayBeTakenBack(key, "delivered")));
            }
            case LOGOUT -> changes.put(ofUser(user, Kind.TOKEN, text(fields, "hash")), Set.of(Key.NONE));
            case WITHDRAW, ERASE -> {
                endAskedAt.put(user, asked);
                changes.putAll(ends(op, user, at));
            }
            case REGISTER_HANDLE -> {
                changes.put(ofUser(user, Kind.HANDLE, text(fields, "handle")), Set.of(text(fields, "binding")));
                changes.put(ofUser(user, Kind.CHAIN, text(fields, "identity")), Set.of(text(fields, "operation")));
            }
            case RENEW_HANDLE ->
                changes.put(ofUser(user, Kind.HANDLE, text(fields, "handle")), Set.of(text(fields, "binding")));
            case RELEASE_HANDLE -> {
                changes.put(ofUser(user, Kind.HANDLE, text(fields, "handle")), Set.of("released"));
                changes.put(ofUser(user, Kind.CHAIN, text(fields, "identity")), Set.of(Key.NONE));
            }
            case EXTEND_CHAIN ->
                changes.put(ofUser(user, Kind.CHAIN, text(fields, "identity")), Set.of(text(fields, "operation")));
            case REGISTER, REQUEST_TOKEN, INVITE, CONFIRM_MAIL -> {
            }
        }
        return changes;
    }

    private Map<Key, Set<String>> ends(Op op, String user, Instant at) {
        Map<Key, Set<String>> changes = new LinkedHashMap<>();
        changes.put(ofUser(user, Kind.END, user), Set.of("ended by " + op.word()));
        for (Key key : List.copyOf(ofUser.getOrDefault(user, Set.of()))) {
            switch (key.kind()) {
                case TOKEN -> changes.put(key, Set.of(Key.NONE));
                case ACCEPTANCE -> changes.put(key, Set.of(op == Op.ERASE ? Key.NONE : "withdrawn"));
                case SESSION -> changes.put(key, eventually(key, Key.NONE, at));
                case BINDING -> {
                    changes.put(key, eventually(key, Key.NONE, at));
                    for (Key invitation : invitationsTo.getOrDefault(key.name(), Set.of())) {
                        if (mayWaitForDelivery(invitation, Objects.requireNonNull(endAskedAt.get(user)))) {
                            changes.put(invitation, mayBeTakenBack(invitation, "handed", "delivered"));
                        }
                    }
                }
                case INVITATION -> {
                    if (op == Op.ERASE) {
                        Set<String> states = new HashSet<>(eventually(key, Key.NONE, at));
                        // What was delivered cannot be called back; nor what is, until the services are told of the end.
                        if (!expected(key).states().equals(Set.of(Key.NONE))) {
                            states.add("delivered");
                        }
                        changes.put(key, states);
                    }
                }
                case HANDLE -> {
                    if (op == Op.ERASE && !expected(key).states().equals(Set.of(Key.NONE))) {
                        Set<String> states = new HashSet<>(eventually(key, "released", at));
                        // The answer to its registration was lost, and there may never have been one.
                        if (expected(key).states().contains(Key.NONE)) {
                            states.add(Key.NONE);
                        }
                        changes.put(key, states);
                    }
                }
                case CHAIN -> {
                    if (op == Op.ERASE) {
                        changes.put(key, eventually(key, Key.NONE, at));
                    }
                }
                case END -> {
                }
            }
        }
        return changes;
    }

    private Set<String> eventually(Key key, String state, Instant at) {
        if (!now.isBefore(at.plus(EVENTUALLY))) {
            return Set.of(state);
        }
        Set<String> until = new HashSet<>(expected(key).states());
        until.add(state);
        return until;
    }

    private Set<String> handed(Key invitation, Instant at) {
        Set<String> states = new HashSet<>(handedSince(at));
        // Whoever invited was erased: it may be gone already.
        if (expected(invitation).states().contains(Key.NONE)) {
            states.add(Key.NONE);
        }
        return states;
    }

    // Asked of the moment: what is surely delivered by now may well have waited then, and been taken back.
    private boolean mayWaitForDelivery(Key invitation, Instant then) {
        Instant handed = handedAt.get(invitation);
        Set<String> states = expected(invitation).states();
        return states.contains("handed") || (handed != null && then.isBefore(handed.plus(EVENTUALLY))
                && !states.equals(Set.of("waits")));
    }

    private Set<String> mayBeTakenBack(Key invitation, String... others) {
        Set<String> states = new HashSet<>(Set.of(others));
        states.add(Key.NONE);
        // Whether it was handed to anybody is not known: the answer to who binds was lost.
        if (expected(invitation).states().contains("waits")) {
            states.add("waits");
        }
        return states;
    }

    private Set<String> handedSince(Instant at) {
        return now.isBefore(at.plus(EVENTUALLY)) ? Set.of("handed", "delivered") : Set.of("delivered");
    }

    private Stream<Key> invitationsTo(JsonObject fields) {
        return List.copyOf(invitationsTo.getOrDefault(text(fields, "address"), Set.of())).stream();
    }

    private void named(Op op, JsonObject fields, int lost) {
        String user = text(fields, "user");
        String id = text(fields, "id");
        switch (op) {
            case REGISTER -> {
                appears(ofUser(user, Kind.TOKEN, text(fields, "hash")), user, id);
                tokens.put(text(fields, "hash"), text(fields, "token"));
                unnamed.merge(new Group(Kind.TOKEN, user), lost, Integer::sum);
            }
            case REQUEST_TOKEN -> {
                Key session = ofUser(user, Kind.SESSION, text(fields, "sid"));
                if (expected(session).operations().isEmpty()) {
                    appears(session, user + " " + text(fields, "address") + " open", id);
                }
                expected(session).operations().add(id);
            }
            case INVITE -> {
                Key invitation = ofUser(user, Kind.INVITATION, text(fields, "invitation"));
                invitationsTo.computeIfAbsent(text(fields, "address"), _ -> new LinkedHashSet<>()).add(invitation);
                appears(invitation, "waits", id);
                publicKeys.add(text(fields, "public_key"));
                unnamed.merge(new Group(Kind.INVITATION, text(fields, "address")), lost, Integer::sum);
                publicKeysUnnamed += lost;
            }
            default -> {
            }
        }
    }

    private void lost(Op op, JsonObject fields, int lost) {
        if (isSentEachTime(op)) {
            mails.merge(text(fields, "address"), new Mails(0, lost), (a, b) -> a.plus(0, lost - 1));
        }
        switch (op) {
            case REGISTER -> unnamed.merge(new Group(Kind.TOKEN, text(fields, "user")), lost, Integer::sum);
            case REQUEST_TOKEN -> unnamed.merge(
                    new Group(Kind.SESSION, text(fields, "user") + " " + text(fields, "address")), 1, Integer::sum);
            case INVITE -> {
                unnamed.merge(new Group(Kind.INVITATION, text(fields, "address")), lost, Integer::sum);
                publicKeysUnnamed += lost;
            }
            default -> {
            }
        }
    }

    // Of each of these one mail is sent, but for an attempt that is repeated.
    private static Optional<String> sent(Op op, JsonObject fields) {
        return switch (op) {
            case REQUEST_TOKEN, INVITE, CONFIRM_MAIL -> Optional.of(text(fields, "address"));
            default -> Optional.empty();
        };
    }

    // A token is asked for with a number, by which a repeated request is known.
    private static boolean isSentEachTime(Op op) {
        return op == Op.INVITE || op == Op.CONFIRM_MAIL;
    }

    private void appears(Key key, String state, String id) {
        Expected expected = expected(key);
        expected.states().clear();
        expected.states().add(state);
        expected.operations().add(id);
    }

    private void is(Key key, Set<String> states) {
        expected(key).states().clear();
        expected(key).states().addAll(states);
    }

    private void resolve(Key key, String state, Instant at) {
        if (key.kind() == Kind.END && !state.equals(Key.NONE)) {
            Op op = Op.of(state.substring("ended by ".length()));
            ends(op, key.name(), at).forEach(this::is);
        } else if (key.kind() == Kind.END) {
            // It was not ended: what would have followed from it did not happen either, and is read anew.
            for (Key other : ofUser.getOrDefault(key.name(), Set.of())) {
                if (other.kind() != Kind.INVITATION && expected(other).states().size() > 1) {
                    expected(other).states()
                            .removeIf(end -> end.equals(Key.NONE) || end.equals("released")
                                    || end.equals("withdrawn"));
                }
            }
            is(key, Set.of(state));
        } else {
            is(key, Set.of(state));
        }
    }

    private Expected expected(Key key) {
        return things.computeIfAbsent(key,
                _ -> new Expected(new TreeSet<>(Set.of(Key.NONE)), new LinkedHashSet<>()));
    }

    private Key ofUser(String user, Kind kind, String name) {
        Key key = new Key(kind, name);
        ofUser.computeIfAbsent(user, _ -> new LinkedHashSet<>()).add(key);
        owners.put(key, user);
        return key;
    }

    private static String text(JsonObject line, String name) {
        return line.string(name)
                .orElseThrow(
                        () -> new IllegalArgumentException("the journal has a line without " + name + ": " + line));
    }

    /** Returns everything that has a name, and the states that it may be in. */
    Map<Key, Expected> things() {
        return things;
    }

    /** Returns how many things without a name there may be. */
    Map<Group, Integer> unnamed() {
        return unnamed;
    }

    /** Returns how many mails there must and may be, by address. */
    Map<String, Mails> mails() {
        return mails;
    }

    /** Returns the public keys of invitations that were handed out. */
    Set<String> publicKeys() {
        return publicKeys;
    }

    /** Returns how many other such keys there may be. */
    int publicKeysUnnamed() {
        return publicKeysUnnamed;
    }

    /** Returns the access tokens by their hashes. */
    Map<String, String> tokens() {
        return tokens;
    }

    /** Returns the answers that contradicted what was acknowledged. */
    List<JsonObject> contradictions() {
        return contradictions;
    }

    /** Returns when faults were made. */
    List<Instant> faults() {
        return faults;
    }

    /** Returns how many operations came to that. */
    int count(Journal.Outcome outcome) {
        return outcomes.getOrDefault(outcome.word(), 0);
    }

    /** Returns whose a thing is; empty when it is nobody's. */
    Optional<String> userOf(Key key) {
        return Optional.ofNullable(owners.get(key));
    }

    /** Returns whether that user ended everything, or may have. */
    boolean mayHaveEnded(String user) {
        Expected end = things.get(new Key(Kind.END, user));
        return end != null && !end.states().equals(Set.of(Key.NONE));
    }

    /** Returns the addresses that anything was asked about. */
    Set<String> addresses() {
        Set<String> addresses = new LinkedHashSet<>(mails.keySet());
        things.keySet().stream().filter(key -> key.kind() == Kind.BINDING).forEach(key -> addresses.add(key.name()));
        return addresses;
    }

    /** Returns the handles that anything was asked about. */
    Set<String> handles() {
        Set<String> handles = new LinkedHashSet<>();
        things.keySet().stream().filter(key -> key.kind() == Kind.HANDLE).forEach(key -> handles.add(key.name()));
        return handles;
    }

    /** Returns the lines of the journal about a thing. */
    List<JsonObject> linesAbout(Key key) {
        Expected expected = things.get(key);
        return expected == null
                ? List.of()
                : expected.operations().stream().flatMap(id -> lines.getOrDefault(id, List.of()).stream()).toList();
    }
}
