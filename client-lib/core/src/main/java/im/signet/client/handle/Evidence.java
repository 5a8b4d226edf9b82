package im.signet.client.handle;

import im.signet.protocol.Parsed;
import im.signet.protocol.handle.Binding;
import im.signet.protocol.handle.Identity;
import im.signet.protocol.handle.IdentityId;
import im.signet.protocol.handle.Jws;
import im.signet.protocol.handle.JwsKey;
import im.signet.protocol.handle.SignedBinding;
import im.signet.protocol.handle.Status;
import im.signet.protocol.json.Json;
import im.signet.protocol.json.JsonArray;
import im.signet.protocol.json.JsonObject;
import im.signet.protocol.json.JsonString;
import im.signet.protocol.json.StrictJson;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

/**
 * Two signed records that cannot both be honest. There is none that does not prove what it says: it is checked whenever one
 * is made or read, so whoever gets one needs to believe nobody. That status keys are those of the nameserver, its domain
 * alone can say.
 */
public final class Evidence {
    /** How large the text of an evidence can be: a whole chain may stand in it. */
    static final StrictJson.Limits LIMITS = new StrictJson.Limits(4 * Bundle.MAX_BYTES, 8);

    private static final int VERSION = 1;
    // Those of now and those that were pinned.
    private static final int MAX_STATUS_KEYS = 32;
    private static final List<String> MEMBERS = List.of("v", "kind", "chain", "keys", "one", "other");

    private final Kind kind;
    private final String subject;
    private final Optional<Conflict> conflict;
    private final JsonObject json;

    private Evidence(Kind kind, String subject, Optional<Conflict> conflict, JsonObject json) {
        this.kind = kind;
        this.subject = subject;
        this.conflict = conflict;
        this.json = json;
    }

    /**
     * That an identity has contradicted itself, and what its owner has to show to be past that.
     *
     * @param id      the identity
     * @param epoch   the newer of the epochs of the two records; in a later one, its owner has set recovery keys or devices anew
     * @param settled the seq of the first operation that shows its owner to be past the conflict: it decides between the two
     *                histories, or comes after both bindings
     */
    public record Conflict(IdentityId id, long epoch, long settled) {}

    /** What is proven. */
    public enum Kind {
        /** Keys of an identity signed two operations after the same state: it is compromised. */
        OPERATIONS,
        /** An identity signed two bindings of one handle that cannot both be in its sequence. */
        BINDINGS,
        /** A nameserver signed two statuses of one handle that contradict each other. */
        STATUSES;

        private String wireName() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** Returns what proves that keys of an identity signed {@code one} and {@code other} after {@code before}; empty when nothing does. */
    public static Optional<Evidence> ofOperations(List<Jws> before, Jws one, Jws other) {
        Optional<Identity> state = before.isEmpty() ? Optional.empty() : Identity.replay(before).toOptional();
        return state
                .filter(identity -> !one.opId().equals(other.opId()) && identity.apply(one).isValid()
                        && identity.apply(other).isValid())
                .map(identity -> new Evidence(Kind.OPERATIONS, identity.id().value(),
                        Optional.of(new Conflict(identity.id(), Math.max(epochAfter(identity, one),
                                epochAfter(identity, other)), identity.seq() + 1)),
                        json(Kind.OPERATIONS, before, List.of(), one, other)));
    }

    /** Returns what proves that the identity of {@code chain} contradicts itself by two bindings; empty when nothing does. */
    public static Optional<Evidence> ofBindings(List<Jws> chain, Jws one, Jws other) {
        Optional<Identity> identity = Identity.replay(chain).toOptional();
        Optional<SignedBinding> first = identity.flatMap(id -> SignedBinding.verify(one, id).toOptional());
        Optional<SignedBinding> second = identity.flatMap(id -> SignedBinding.verify(other, id).toOptional());
        return first.isPresent() && second.isPresent() && contradict(first.get(), second.get())
                ? Optional.of(new Evidence(Kind.BINDINGS, first.get().binding().handle().toString(),
                        Optional.of(conflict(first.get().binding(), second.get().binding())),
                        json(Kind.BINDINGS, chain, List.of(), one, other)))
                : Optional.empty();
    }

    /** Returns what proves that the holder of {@code statusKeys} contradicts itself by two statuses; empty when nothing does. */
    public static Optional<Evidence> ofStatuses(List<JwsKey> statusKeys, Jws one, Jws other) {
        Optional<Status> first = Status.verify(one, statusKeys).toOptional();
        Optional<Status> second = Status.verify(other, statusKeys).toOptional();
        return first.isPresent() && second.isPresent() && first.get().contradicts(second.get())
                ? Optional.of(new Evidence(Kind.STATUSES, first.get().handle().toString(), Optional.empty(),
                        json(Kind.STATUSES, List.of(), statusKeys, one, other)))
                : Optional.empty();
    }

    /** Returns whether the two have one place in the sequence, or follow on each other but for {@code prev}. */
    private static boolean contradict(SignedBinding one, SignedBinding other) {
        return one.contradicts(other) || skips(one, other) || skips(other, one);
    }

    private static boolean skips(SignedBinding before, SignedBinding after) {
        return before.binding().handle().equals(after.binding().handle())
                && before.binding().id().equals(after.binding().id())
                && after.binding().seq() == before.binding().seq() + 1
                && !after.binding().prev().equals(Optional.of(before.opId()));
    }

    /** Returns the evidence that {@code text} is; refused when it proves nothing. */
    public static Parsed<Evidence> parse(String text) {
        return StrictJson.parseObject(text, LIMITS).flatMap(json -> {
            Optional<Evidence> evidence = read(json);
            return evidence.isPresent() ? Parsed.ok(evidence.get()) : Parsed.refused("this proves nothing");
        });
    }

    private static Optional<Evidence> read(JsonObject json) {
        Optional<List<Jws>> chain = json.get("chain").flatMap(Chain::envelopes);
        Optional<List<JwsKey>> keys = json.array("keys").flatMap(Evidence::keys);
        Optional<Jws> one = envelope(json, "one");
        Optional<Jws> other = envelope(json, "other");
        boolean exact = json.integer("v").equals(Optional.of((long) VERSION))
                && MEMBERS.containsAll(json.members().keySet());
        String kind = json.string("kind").orElse("");
        if (!exact || !chain.isPresent() || !keys.isPresent() || !one.isPresent() || !other.isPresent()) {
            return Optional.empty();
        }
        Optional<Evidence> evidence = Optional.empty();
        if (kind.equals(Kind.OPERATIONS.wireName())) {
            evidence = ofOperations(chain.get(), one.get(), other.get());
        } else if (kind.equals(Kind.BINDINGS.wireName())) {
            evidence = ofBindings(chain.get(), one.get(), other.get());
        } else if (kind.equals(Kind.STATUSES.wireName())) {
            evidence = ofStatuses(keys.get(), one.get(), other.get());
        }
        // What stands in it beside what proves is refused as well: it would seem proven.
        return evidence.filter(proven -> proven.json.equals(json));
    }

    private static Optional<Jws> envelope(JsonObject json, String name) {
        return json.get(name).flatMap(value -> Jws.of(value).toOptional());
    }

    private static Optional<List<JwsKey>> keys(JsonArray array) {
        if (array.items().size() > MAX_STATUS_KEYS) {
            return Optional.empty();
        }
        List<JwsKey> keys = new ArrayList<>();
        for (Json item : array.items()) {
            Optional<JwsKey> key = item instanceof JsonString x
                    ? JwsKey.parse(x.value()).toOptional()
                    : Optional.empty();
            if (!key.isPresent()) {
                return Optional.empty();
            }
            keys.add(key.get());
        }
        return Optional.of(keys);
    }

    private static JsonObject json(Kind kind, List<Jws> chain, List<JwsKey> keys, Jws one, Jws other) {
        return JsonObject.builder()
                .put("v", VERSION)
                .put("kind", kind.wireName())
                .put("chain", JsonArray.of(chain.stream().<Json>map(Jws::toJson).collect(Collectors.toList())))
                .put("keys", JsonArray.ofStrings(keys.stream().map(JwsKey::x).collect(Collectors.toList())))
                .put("one", one.toJson())
                .put("other", other.toJson())
                .build();
    }

    /** Returns what is proven. */
    public Kind kind() {
        return kind;
    }

    /** Returns which identity contradicted itself; empty when it was a nameserver that did. */
    public Optional<Conflict> conflict() {
        return conflict;
    }

    private static long epochAfter(Identity before, Jws operation) {
        return before.apply(operation).orElseThrow().epoch();
    }

    private static Conflict conflict(Binding one, Binding other) {
        return new Conflict(one.id(), Math.max(one.epoch(), other.epoch()), Math.max(one.hs(), other.hs()) + 1);
    }

    /** Returns of whom: the id of an identity, or a handle. */
    public String subject() {
        return subject;
    }

    /** Returns the evidence as JSON, to be kept or shown to others; {@link #parse} gives it back. */
    public String toText() {
        return StrictJson.write(json);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Evidence that && json.equals(that.json);
    }

    @Override
    public int hashCode() {
        return json.hashCode();
    }

    @Override
    public String toString() {
        return "Evidence[" + kind + " of " + subject + "]";
    }
}
