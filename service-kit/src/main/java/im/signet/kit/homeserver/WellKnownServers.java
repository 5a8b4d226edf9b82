package im.signet.kit.homeserver;

import im.signet.kit.outbound.Destination;
import im.signet.kit.outbound.GuardedHttpClient;
import im.signet.kit.outbound.OutboundRequest;
import im.signet.kit.outbound.OutboundResult.Answered;
import im.signet.kit.outbound.OutboundTally;
import im.signet.kit.outbound.OutboundTally.Purpose;
import im.signet.protocol.Parsed;
import im.signet.protocol.identifier.ServerName;
import im.signet.protocol.json.StrictJson;

import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;

/**
 * Knows to which server a host delegates, by {@code https://host/.well-known/matrix/server}. What was read, or that
 * there was nothing to read, is remembered as long as the host says, within limits.
 */
final class WellKnownServers {

    private static final OutboundTally OUTBOUND = OutboundTally.requests();
    private static final Duration TIME_LIMIT = Duration.ofSeconds(4);
    private static final int SIZE_LIMIT = 50 * 1024;
    private static final int MAX_HOSTS_REMEMBERED = 10_000;

    private static final Duration DEFAULT_LIFETIME = Duration.ofDays(1);
    private static final Duration MAX_LIFETIME = Duration.ofDays(2);
    private static final Duration MAX_LIFETIME_OF_NOTHING = Duration.ofHours(1);
    private static final Duration LIFETIME_OF_A_FAILURE = Duration.ofMinutes(2);

    private static final Pattern MAX_AGE = Pattern.compile("max-age=\"?([0-9]{1,18})\"?");

    private final GuardedHttpClient http;
    private final Clock clock;
    private final Cache<String, Finding> findings;

    WellKnownServers(GuardedHttpClient http, Clock clock) {
        this.http = http;
        this.clock = clock;
        this.findings = Caffeine.newBuilder()
                .maximumSize(MAX_HOSTS_REMEMBERED)
                .expireAfter(Expiry.<String, Finding>creating((_, finding) -> finding.lifetime()))
                .ticker(() -> TimeUnit.MILLISECONDS.toNanos(clock.millis()))
                .build();
    }

    /** Returns the server that the host delegates to, empty when it does not say or cannot be asked. */
    Optional<ServerName> delegatedBy(String host, Deadline deadline) {
        String key = host.toLowerCase(Locale.ROOT);
        Finding known = findings.getIfPresent(key);
        if (known != null) {
            return known.server();
        }
        Finding found = ask(host, deadline);
        if (found.lifetime().isPositive()) {
            findings.put(key, found);
        }
        return found.server();
    }

    private Finding ask(String host, Deadline deadline) {
        OutboundRequest request = OutboundRequest.get(Destination.of(host, 443), "/.well-known/matrix/server")
                .withTimeLimit(deadline.left(TIME_LIMIT))
                .withSizeLimit(SIZE_LIMIT)
                .followingRedirects();
        if (!(OUTBOUND.counted(Purpose.WELL_KNOWN, http.send(request)) instanceof Answered answered)) {
            return new Finding(Optional.empty(), LIFETIME_OF_A_FAILURE);
        }
        Optional<ServerName> server = answered.status() == 200 ? serverIn(answered.body()) : Optional.empty();
        return server.isPresent()
                ? new Finding(server, lifetime(answered, DEFAULT_LIFETIME, MAX_LIFETIME))
                : new Finding(server, lifetime(answered, MAX_LIFETIME_OF_NOTHING, MAX_LIFETIME_OF_NOTHING));
    }

    private static Optional<ServerName> serverIn(byte[] body) {
        return StrictJson.parseObject(body)
                .toOptional()
                .flatMap(json -> json.string("m.server"))
                .map(ServerName::parse)
                .flatMap(Parsed::toOptional);
    }

    private Duration lifetime(Answered answered, Duration otherwise, Duration limit) {
        Duration lifetime = cacheControl(answered.headers("Cache-Control"))
                .or(() -> answered.header("Expires").map(this::untilExpiry))
                .orElse(otherwise);
        return lifetime.compareTo(limit) < 0 ? lifetime : limit;
    }

    private static Optional<Duration> cacheControl(List<String> headers) {
        List<String> directives = headers.stream()
                .flatMap(header -> Arrays.stream(header.split(",")))
                .map(directive -> directive.strip().toLowerCase(Locale.ROOT))
                .toList();
        if (directives.contains("no-store") || directives.contains("no-cache")) {
            return Optional.of(Duration.ZERO);
        }
        return directives.stream()
                .map(MAX_AGE::matcher)
                .filter(Matcher::matches)
                .map(age -> Duration.ofSeconds(Long.parseLong(age.group(1))))
                .min(Duration::compareTo);
    }

    // RFC 9111, 5.3: a date that cannot be read has passed already.
    private Duration untilExpiry(String date) {
        try {
            Instant expiry = Instant.from(DateTimeFormatter.RFC_1123_DATE_TIME.parse(date));
            Duration left = Duration.between(clock.instant(), expiry);
            return left.isNegative() ? Duration.ZERO : left;
        } catch (DateTimeException _) {
            return Duration.ZERO;
        }
    }

    private record Finding(Optional<ServerName> server, Duration lifetime) {}
}
