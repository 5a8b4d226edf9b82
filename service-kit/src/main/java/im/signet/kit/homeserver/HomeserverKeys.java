package im.signet.kit.homeserver;

import im.signet.kit.outbound.OutboundResult;
import im.signet.kit.outbound.OutboundTally;
import im.signet.kit.outbound.OutboundTally.Purpose;
import im.signet.protocol.Parsed;
import im.signet.protocol.identifier.ServerName;
import im.signet.protocol.json.Json;
import im.signet.protocol.json.JsonObject;
import im.signet.protocol.json.StrictJson;
import im.signet.protocol.signature.KeyId;
import im.signet.protocol.signature.SignedJson;
import im.signet.protocol.signature.VerifyKey;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeUnit;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;

/**
 * Knows the keys that homeservers sign requests with. They publish them, each signed by itself; what was read is
 * remembered as long as they say, at most a week. A homeserver is asked again for a key it did not name, and after a
 * failure, at most once a minute. See
 * <a href="https://spec.matrix.org/latest/server-server-api/#retrieving-server-keys">Server-Server API</a>. Safe for use by
 * many threads.
 */
public final class HomeserverKeys {

    private static final OutboundTally OUTBOUND = OutboundTally.requests();
    private static final String PATH = "/_matrix/key/v2/server";
    private static final Duration MAX_LIFETIME = Duration.ofDays(7);
    private static final Duration PAUSE = Duration.ofMinutes(1);
    private static final int MAX_SERVERS_REMEMBERED = 10_000;
    // Homeservers have one, or two; each costs a check of a signature over the whole.
    private static final int MAX_KEYS = 32;

    private final Homeservers homeservers;
    private final Clock clock;
    private final Cache<ServerName, Finding> findings;
    private final ConcurrentMap<ServerName, CompletableFuture<Finding>> underWay = new ConcurrentHashMap<>();

    public HomeserverKeys(Homeservers homeservers, Clock clock) {
        this.homeservers = homeservers;
        this.clock = clock;
        this.findings = Caffeine.newBuilder()
                .maximumSize(MAX_SERVERS_REMEMBERED)
                .expireAfter(Expiry.<ServerName, Finding>writing((_, finding) -> finding.lifetime()))
                .ticker(() -> TimeUnit.MILLISECONDS.toNanos(clock.millis()))
                .build();
    }

    /**
     * What is known of a homeserver's keys.
     *
     * @param keys    those that it signs with; when it could not be asked again, those of the time before
     * @param until   when this is to be forgotten
     * @param askedAt when the homeserver was asked last
     * @param failure why the last asking brought nothing; empty when it did
     */
    private record Finding(Map<KeyId, VerifyKey> keys, Instant until, Instant askedAt, String failure) {

        Duration lifetime() {
            return Duration.between(askedAt, until);
        }
    }

    /** Returns the key of that name of a homeserver; asks the homeserver where need be, for up to ten seconds. */
    public HomeserverKey key(ServerName server, KeyId id) {
        if (!homeservers.serves(server)) {
            return new HomeserverKey.Unreachable(server + " is not among the homeservers that are served here");
        }
        Finding finding = findings.getIfPresent(server);
        if (finding == null
                || (!finding.keys().containsKey(id) && !clock.instant().isBefore(finding.askedAt().plus(PAUSE)))) {
            finding = askOnce(server);
        }
        VerifyKey key = finding.keys().get(id);
        if (key != null) {
            return new HomeserverKey.Key(key);
        }
        return finding.failure().isEmpty()
                ? new HomeserverKey.Unknown()
                : new HomeserverKey.Unreachable(finding.failure());
    }

    // Whoever comes while a homeserver is being asked waits for that answer.
    private Finding askOnce(ServerName server) {
        CompletableFuture<Finding> own = new CompletableFuture<>();
        CompletableFuture<Finding> others = underWay.putIfAbsent(server, own);
        if (others != null) {
            return others.join();
        }
        try {
            Finding finding = ask(server);
            findings.put(server, finding);
            own.complete(finding);
            return finding;
        } finally {
            underWay.remove(server);
            own.completeExceptionally(new IllegalStateException("asking for keys failed"));
        }
    }

    private Finding ask(ServerName server) {
        Parsed<JsonObject> answer = switch (OUTBOUND.counted(Purpose.KEYS, homeservers.get(server, PATH))) {
            case OutboundResult.Answered answered when answered.status() == 200 ->
                StrictJson.parseObject(answered.body());
            case OutboundResult.Answered answered -> Parsed.refused("it answers with status " + answered.status());
            case OutboundResult.Refused(String reason) -> Parsed.refused(reason);
            case OutboundResult.Unreachable(String reason) -> Parsed.refused(reason);
        };
        Instant now = clock.instant();
        return switch (answer.flatMap(published -> read(server, published, now))) {
            case Parsed.Ok<Finding>(Finding found) -> found;
            case Parsed.Refused<Finding>(String reason) -> failed(server, now, reason);
        };
    }

    private Finding failed(ServerName server, Instant now, String reason) {
        String failure = "the keys of " + server + ": " + reason;
        Finding former = findings.getIfPresent(server);
        return former == null || former.keys().isEmpty()
                ? new Finding(Map.of(), now.plus(PAUSE), now, failure)
                : new Finding(former.keys(), former.until(), now, failure);
    }

    // The member old_verify_keys is for events of the past: nobody signs requests with those any more.
    private static Parsed<Finding> read(ServerName server, JsonObject published, Instant now) {
        if (!published.string("server_name").equals(Optional.of(server.value()))) {
            return Parsed.refused("they are another server's");
        }
        Instant latest = now.plus(MAX_LIFETIME);
        Instant until = published.integer("valid_until_ts")
                .map(Instant::ofEpochMilli)
                .map(said -> said.isBefore(latest) ? said : latest)
                .orElse(Instant.MIN);
        if (!until.isAfter(now)) {
            return Parsed.refused("they are out of date");
        }
        Map<String, Json> listed = published.object("verify_keys").map(JsonObject::members).orElse(Map.of());
        if (listed.size() > MAX_KEYS) {
            return Parsed.refused("they are more than " + MAX_KEYS);
        }
        Map<KeyId, VerifyKey> keys = new HashMap<>();
        for (Map.Entry<String, Json> entry : listed.entrySet()) {
            if (KeyId.parse(entry.getKey()) instanceof Parsed.Ok<KeyId>(KeyId id)
                    && entry.getValue() instanceof JsonObject holder
                    && holder.string("key")
                            .map(VerifyKey::parse)
                            .orElse(null) instanceof Parsed.Ok<VerifyKey>(VerifyKey key)
                    && SignedJson.verify(published, server, id, key) == SignedJson.Check.VALID) {
                keys.put(id, key);
            }
        }
        return keys.isEmpty()
                ? Parsed.refused("none of them has signed them")
                : Parsed.ok(new Finding(Map.copyOf(keys), until, now, ""));
    }
}
