package im.signet.client;

import im.signet.client.handle.Alarm;
import im.signet.client.handle.Bundle;
import im.signet.client.handle.Evidence;
import im.signet.client.handle.Nameserver;
import im.signet.client.handle.Pin;
import im.signet.client.handle.ResolvedHandle;
import im.signet.client.transport.Transport;
import im.signet.protocol.Parsed;
import im.signet.protocol.handle.Binding;
import im.signet.protocol.handle.Handle;
import im.signet.protocol.handle.HandleDomain;
import im.signet.protocol.handle.Jws;
import im.signet.protocol.handle.JwsKey;
import im.signet.protocol.handle.Status;
import im.signet.protocol.json.Json;
import im.signet.protocol.json.JsonArray;
import im.signet.protocol.json.JsonObject;
import im.signet.protocol.json.StrictJson;

import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Looks handles up, each at the nameserver of its domain, and believes none of them: every signature is checked here, and
 * what was pinned is held against every answer. Where a domain's nameserver is, the domain says at
 * {@code https://DOMAIN/.well-known/signet} and nobody else. Nothing is sent but during a call of a method, on the thread of
 * its caller. Safe for use by several threads. See {@code docs/spec/handles.md} and {@code docs/spec/nameserver.md}.
 */
public final class HandleDirectory {
    static final StrictJson.Limits LIMITS = new StrictJson.Limits(Bundle.MAX_BYTES, 16);

    private static final StrictJson.Limits DOCUMENT_LIMITS = new StrictJson.Limits(64 * 1024, 8);
    private static final Duration LONGEST_KEPT = Duration.ofHours(24);
    private static final int MAX_STATUS_KEYS = 16;
    private static final int MAX_KEPT = 64;

    private final Transport transport;
    private final ClientOptions options;
    private final Map<HandleDomain, Kept> kept = new LinkedHashMap<>();

    private HandleDirectory(Transport transport, ClientOptions options) {
        this.transport = transport;
        this.options = options;
    }

    /** What a domain said, and until when it need not be asked again. */
    private record Kept(Nameserver nameserver, Instant until) {}

    /** Returns a directory with {@link ClientOptions#defaults()}. Sends nothing. */
    public static HandleDirectory with(Transport transport) {
        return with(transport, ClientOptions.defaults());
    }

    /** Returns a directory that sends by {@code transport}, seen by the listener of the options. Sends nothing. */
    public static HandleDirectory with(Transport transport, ClientOptions options) {
        return new HandleDirectory(transport, options);
    }

    /** Returns who keeps the handles of {@code domain}, which is asked unless it was within the time that it allows. */
    public NameserverReading nameserver(HandleDomain domain) {
        Instant now = options.clock().instant();
        synchronized (kept) {
            Kept before = kept.get(domain);
            if (before != null && now.isBefore(before.until())) {
                return new NameserverReading.Read(before.nameserver());
            }
        }
        Wire wire = new Wire(URI.create("https://" + domain), transport, options.listener(), DOCUMENT_LIMITS);
        Answer answer = wire.send(Call.wellKnown(Disclosures.nameserver(domain)));
        if (Answer.isNotFound(answer)) {
            return new NameserverReading.None();
        }
        if (!(answer instanceof Answer.Ok ok)) {
            return Answer.failure(answer);
        }
        Parsed<Nameserver> read = read(domain, ok.body());
        if (!(read instanceof Parsed.Ok<Nameserver> parsed)) {
            return new Failure.Malformed(((Parsed.Refused<Nameserver>) read).reason());
        }
        keep(domain, parsed.value(), now, ok.maxAge());
        return new NameserverReading.Read(parsed.value());
    }

    /**
     * Returns what {@code handle} names. Give the pin of an earlier answer, if there was one: without it nobody would see that
     * a server goes back, or names somebody else now. Where the domain names another nameserver than the pinned one, that is
     * asked nothing. Throws an {@link IllegalArgumentException} when consent or pin are for another handle.
     */
    public Resolution resolve(Handle handle, ResolveConsent consent, Optional<Pin> pin) {
        consent.requireFor(handle);
        if (pin.isPresent() && !pin.get().handle().equals(handle)) {
            throw new IllegalArgumentException("the pin is of another handle");
        }
        NameserverReading reading = nameserver(handle.domain());
        if (reading instanceof Failure failure) {
            return failure;
        }
        if (!(reading instanceof NameserverReading.Read read)) {
            return unknown(pin);
        }
        Nameserver nameserver = read.nameserver();
        if (pin.isPresent() && !pin.get().isKeptBy(nameserver)) {
            return new Resolution.Alarmed(new Alarm.NameserverChanged(pin.get(), nameserver));
        }
        Wire wire = new Wire(nameserver.url(), transport, options.listener(), LIMITS);
        Answer answer = wire
                .send(Call.readName("/handles/" + handle, Disclosures.soughtHandle(handle, nameserver.url())));
        if (answer instanceof Answer.Refusal refusal) {
            return refused(handle, refusal, nameserver, pin);
        }
        return answer instanceof Answer.Ok ok
                ? judged(Bundle.judge(handle, ok.body(), nameserver, pin, options.clock().instant()))
                : Answer.failure(answer);
    }

    /**
     * Returns what is found where {@code moved} leads, if it is active and fresh and names the same identity; a consent is
     * needed for that handle too, as another server may learn of it. No chain of moves is longer than one.
     */
    public Resolution follow(Resolution.Moved moved, ResolveConsent consent, Optional<Pin> pin) {
        Resolution there = resolve(moved.to(), consent, pin);
        ResolvedHandle next = there instanceof Resolution.Found found
                ? found.handle()
                : there instanceof Resolution.Moved further ? further.handle() : null;
        if (next == null) {
            return there;
        }
        boolean same = there instanceof Resolution.Found && next.freshness() == ResolvedHandle.Freshness.FRESH
                && next.identity().id().equals(moved.handle().identity().id());
        return same ? there : new Resolution.NotTheSame(next);
    }

    private void keep(HandleDomain domain, Nameserver nameserver, Instant now, Duration maxAge) {
        Duration life = maxAge.compareTo(LONGEST_KEPT) > 0 ? LONGEST_KEPT : maxAge;
        synchronized (kept) {
            kept.remove(domain);
            if (kept.size() == MAX_KEPT) {
                kept.remove(kept.keySet().iterator().next());
            }
            kept.put(domain, new Kept(nameserver, now.plus(life)));
        }
    }

    static Resolution judged(Bundle.Judgement judgement) {
        if (judgement instanceof Bundle.Judgement.Good good) {
            Binding binding = good.handle().binding().binding();
            return binding.to().isPresent()
                    ? new Resolution.Moved(good.handle(), binding.to().get())
                    : new Resolution.Found(good.handle());
        }
        if (judgement instanceof Bundle.Judgement.Raised raised) {
            return new Resolution.Alarmed(raised.alarm());
        }
        return judgement instanceof Bundle.Judgement.Untimely untimely
                ? new Resolution.Untimely(untimely.from(), untimely.until())
                : new Failure.Malformed(((Bundle.Judgement.Invalid) judgement).reason());
    }

    private static Resolution unknown(Optional<Pin> pin) {
        return pin.isPresent()
                ? new Resolution.Alarmed(new Alarm.Vanished(pin.get(), Alarm.Gone.UNKNOWN, Optional.empty()))
                : new Resolution.NotFound();
    }

    private static Resolution refused(Handle handle, Answer.Refusal refusal, Nameserver nameserver,
            Optional<Pin> pin) {
        if (refusal.status() == 404) {
            return unknown(pin);
        }
        if (refusal.status() != 410) {
            return refusal.asFailure();
        }
        Alarm.Gone why = !refusal.errcode().equals("HANDLE_SUSPENDED")
                ? Alarm.Gone.GIVEN_UP
                : refusal.body().string("reason").equals(Optional.of("withdrawn"))
                        ? Alarm.Gone.WITHDRAWN
                        : Alarm.Gone.SUSPENDED;
        Optional<Jws> status = refusal.body().get("signed_status").flatMap(json -> Jws.of(json).toOptional());
        if (pin.isPresent()) {
            Optional<Evidence> lie = status.flatMap(jws -> Bundle.contradiction(pin.get(), nameserver, jws));
            return new Resolution.Alarmed(new Alarm.Vanished(pin.get(), why, lie));
        }
        return new Resolution.Gone(why, status.flatMap(jws -> Status.verify(jws, nameserver.statusKeys()).toOptional())
                .filter(said -> said.handle().equals(handle)));
    }

    private Parsed<Nameserver> read(HandleDomain domain, JsonObject document) {
        Optional<URI> url = document.string("nameserver").flatMap(this::baseUrl);
        Optional<List<JwsKey>> keys = document.array("status_keys").flatMap(HandleDirectory::keys);
        if (!document.integer("v").equals(Optional.of(1L))) {
            return Parsed.refused("the domain's document is of a version that is not known here");
        }
        if (!url.isPresent() || !keys.isPresent()) {
            return Parsed.refused("the domain's document names no nameserver with an https address and status keys");
        }
        return Parsed.ok(new Nameserver(domain, url.get(), keys.get(),
                document.string("identity_server").flatMap(this::baseUrl)));
    }

    private Optional<URI> baseUrl(String text) {
        try {
            return BaseUrl.parse(new URI(text), options.isLoopbackHttpAllowed()).toOptional();
        } catch (URISyntaxException e) {
            return Optional.empty();
        }
    }

    private static Optional<List<JwsKey>> keys(JsonArray array) {
        List<JwsKey> keys = new ArrayList<>();
        for (Json item : array.items()) {
            // A key of another kind may be for readers to come.
            if (!(item instanceof JsonObject jwk) || !jwk.string("crv").equals(Optional.of("Ed25519"))) {
                continue;
            }
            Optional<JwsKey> key = jwk.string("x").flatMap(x -> JwsKey.parse(x).toOptional());
            if (!key.isPresent() || keys.size() == MAX_STATUS_KEYS) {
                return Optional.empty();
            }
            keys.add(key.get());
        }
        return keys.isEmpty() ? Optional.empty() : Optional.of(keys);
    }

    @Override
    public String toString() {
        return "HandleDirectory";
    }
}
