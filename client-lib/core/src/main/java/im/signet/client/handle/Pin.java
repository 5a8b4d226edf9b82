package im.signet.client.handle;

import im.signet.protocol.Parsed;
import im.signet.protocol.handle.Binding;
import im.signet.protocol.handle.Handle;
import im.signet.protocol.handle.HandleDomain;
import im.signet.protocol.handle.IdentityId;
import im.signet.protocol.handle.Jws;
import im.signet.protocol.handle.JwsKey;
import im.signet.protocol.handle.Reason;
import im.signet.protocol.handle.SignedBinding;
import im.signet.protocol.json.Json;
import im.signet.protocol.json.JsonArray;
import im.signet.protocol.json.JsonObject;
import im.signet.protocol.json.JsonString;
import im.signet.protocol.json.StrictJson;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

/**
 * What is remembered of a handle, so that no later answer can take it back: the identity with its whole chain, the newest
 * binding, the nameserver, and what that said last. Remembering is not believing: a pin validates nothing. Immutable.
 */
public final class Pin {
    private static final int VERSION = 1;
    private static final int MAX_URL = 2048;
    private static final List<String> MEMBERS = List
            .of("v", "identity", "binding", "nameserver", "status_keys", "identity_server", "status");

    private final Chain chain;
    private final SignedBinding binding;
    private final Nameserver nameserver;
    private final Optional<Jws> status;

    Pin(Chain chain, SignedBinding binding, Nameserver nameserver, Optional<Jws> status) {
        this.chain = chain;
        this.binding = binding;
        this.nameserver = nameserver;
        this.status = status;
    }

    /** Returns the handle. */
    public Handle handle() {
        return binding.binding().handle();
    }

    /** Returns the identity that the handle named. */
    public IdentityId id() {
        return chain.identity().id();
    }

    /** Returns its operations, as far as they are known. */
    public Chain chain() {
        return chain;
    }

    /** Returns the newest binding that is known. */
    public SignedBinding binding() {
        return binding;
    }

    /** Returns the nameserver that showed it. */
    public Nameserver nameserver() {
        return nameserver;
    }

    /** Returns what the nameserver said last; empty after the user agreed to another nameserver. */
    public Optional<Jws> status() {
        return status;
    }

    /** Returns whether {@code now} is the nameserver that was pinned, as far as can be told: the same URL, and a status key in common. */
    public boolean isKeptBy(Nameserver now) {
        return now.continues(nameserver);
    }

    /**
     * Returns how what a handle names now contradicts what was pinned of it; empty when it does not, and takes the place of
     * this pin. Throws an {@link IllegalArgumentException} when {@code now} is of another handle.
     */
    public Optional<Alarm> contradictedBy(ResolvedHandle now) {
        if (!now.handle().equals(handle())) {
            throw new IllegalArgumentException("the pin is of another handle");
        }
        if (!isKeptBy(now.nameserver())) {
            return Optional.of(new Alarm.NameserverChanged(this, now.nameserver()));
        }
        Optional<Evidence> lie = Bundle.contradiction(this, now.nameserver(), now.status());
        if (!id().equals(now.identity().id())) {
            return Optional.of(new Alarm.OtherIdentity(this, now, lie));
        }
        Chain.Comparison comparison = chain.compare(now.chain().operations());
        if (comparison instanceof Chain.Comparison.Forked forked) {
            return Optional.of(new Alarm.ContradictsItself(this, forked.evidence()));
        }
        return comparison instanceof Chain.Comparison.Continues
                ? contradictedByBinding(now, lie)
                : Optional.of(new Alarm.WentBack(this, lie));
    }

    private Optional<Alarm> contradictedByBinding(ResolvedHandle now, Optional<Evidence> lie) {
        SignedBinding after = now.binding();
        Optional<Evidence> proof = binding.equals(after)
                ? Optional.empty()
                : Evidence.ofBindings(now.chain().operations(), binding.jws(), after.jws());
        if (proof.isPresent()) {
            return Optional.of(new Alarm.ContradictsItself(this, proof.get()));
        }
        long ahead = after.binding().seq() - binding.binding().seq();
        if (ahead < 0) {
            return Optional.of(new Alarm.WentBack(this, lie));
        }
        // Of those in between nothing is known; but the identity they were signed for did not become younger.
        Optional<Reason> fault = ahead == 1 ? after.follows(binding) : Optional.empty();
        if (ahead > 1 && after.binding().hs() < binding.binding().hs()) {
            fault = Optional.of(Reason.HEAD_WENT_BACK);
        }
        // Only a recovery key takes a move back; that one did in between, nothing shows.
        if (ahead > 1 && binding.binding().state() != Binding.State.ACTIVE
                && after.binding().state() == Binding.State.ACTIVE
                && !now.identity().recovery().contains(after.signer())) {
            fault = Optional.of(Reason.NEEDS_RECOVERY_KEY);
        }
        if (fault.isPresent()) {
            return Optional.of(new Alarm.DoesNotFollow(this, fault.get()));
        }
        return lie.map(evidence -> new Alarm.NameserverLied(this, now, evidence));
    }

    Pin at(Nameserver other) {
        return new Pin(chain, binding, other, Optional.empty());
    }

    /** Returns the pin that {@code text} is, after checking every signature of the identity in it again. */
    public static Parsed<Pin> parse(String text) {
        return StrictJson.parseObject(text, Evidence.LIMITS).flatMap(Pin::read);
    }

    private static Parsed<Pin> read(JsonObject json) {
        if (!json.integer("v").equals(Optional.of((long) VERSION)) || !MEMBERS.containsAll(json.members().keySet())) {
            return Parsed.refused("the pin is of another version");
        }
        Optional<Chain> chain = json.get("identity").flatMap(operations -> Chain.parse(operations).toOptional());
        Optional<SignedBinding> binding = chain.flatMap(known -> json.get("binding")
                .flatMap(envelope -> Jws.of(envelope).toOptional())
                .flatMap(jws -> SignedBinding.verify(jws, known.identity()).toOptional()));
        Optional<URI> url = json.string("nameserver").flatMap(Pin::url);
        Optional<List<JwsKey>> keys = json.array("status_keys").flatMap(Pin::keys);
        Optional<URI> identityServer = json.string("identity_server").flatMap(Pin::url);
        Optional<Jws> status = json.get("status").flatMap(envelope -> Jws.of(envelope).toOptional());
        boolean whole = chain.isPresent() && binding.isPresent() && url.isPresent() && keys.isPresent()
                && status.isPresent() == json.get("status").isPresent()
                && identityServer.isPresent() == json.get("identity_server").isPresent();
        if (!whole) {
            return Parsed.refused("the pin is damaged");
        }
        HandleDomain domain = binding.get().binding().handle().domain();
        return Parsed.ok(new Pin(chain.get(), binding.get(),
                new Nameserver(domain, url.get(), keys.get(), identityServer), status));
    }

    private static Optional<URI> url(String text) {
        try {
            return text.length() <= MAX_URL
                    ? Optional.of(new URI(text)).filter(url -> url.getHost() != null)
                    : Optional.empty();
        } catch (URISyntaxException e) {
            return Optional.empty();
        }
    }

    private static Optional<List<JwsKey>> keys(JsonArray array) {
        List<JwsKey> keys = new ArrayList<>();
        for (Json item : array.items()) {
            if (!(item instanceof JsonString x) || !JwsKey.parse(x.value()).isValid()) {
                return Optional.empty();
            }
            keys.add(JwsKey.parse(x.value()).orElseThrow());
        }
        return keys.isEmpty() ? Optional.empty() : Optional.of(keys);
    }

    private JsonObject toJson() {
        JsonObject.Builder json = JsonObject.builder()
                .put("v", VERSION)
                .put("identity", chain.toJson())
                .put("binding", binding.jws().toJson())
                .put("nameserver", nameserver.url().toString())
                .put("status_keys",
                        JsonArray.ofStrings(
                                nameserver.statusKeys().stream().map(JwsKey::x).collect(Collectors.toList())));
        nameserver.identityServer().ifPresent(url -> json.put("identity_server", url.toString()));
        status.ifPresent(jws -> json.put("status", jws.toJson()));
        return json.build();
    }

    /** Returns the pin as JSON, to be stored; {@link #parse} gives it back. */
    public String toText() {
        return StrictJson.write(toJson());
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Pin that && toJson().equals(that.toJson());
    }

    @Override
    public int hashCode() {
        return binding.hashCode();
    }

    @Override
    public String toString() {
        return "Pin[" + handle() + " names " + id() + ", seq " + binding.binding().seq() + "]";
    }
}
