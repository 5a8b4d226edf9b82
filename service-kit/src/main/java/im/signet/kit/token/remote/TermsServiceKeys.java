package im.signet.kit.token.remote;

import im.signet.kit.peer.Peer;
import im.signet.protocol.signature.VerifyKey;

import java.text.ParseException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.OctetKeyPair;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The terms-service's published keys (RFC 7517), kept for five minutes: a key that it takes out is soon believed no
/// more. A key that is not among them is looked for at once, so that a rotation is noticed with the first answer it
/// signs.
final class TermsServiceKeys {

    private static final Logger log = LoggerFactory.getLogger(TermsServiceKeys.class);
    private static final String PATH = "/_signet/terms/jwks.json";
    private static final Duration KEPT = Duration.ofMinutes(5);
    private static final Duration BETWEEN_FETCHES = Duration.ofSeconds(1);

    private final Peer termsService;
    private final Clock clock;
    private final ReentrantLock fetching = new ReentrantLock();
    private volatile Known known = new Known(Map.of(), Instant.MIN, Instant.MIN);

    private record Known(Map<String, VerifyKey> byId, Instant at, Instant lastTried) {}

    TermsServiceKeys(Peer termsService, Clock clock) {
        this.termsService = termsService;
        this.clock = clock;
    }

    /** Returns the key of this id; empty when the terms-service publishes none such, or cannot be asked. */
    Optional<VerifyKey> find(String keyId) {
        Known now = known;
        if (now.byId().containsKey(keyId) && isFresh(now)) {
            return Optional.ofNullable(now.byId().get(keyId));
        }
        fetching.lock(); // whoever comes while one is fetching waits for it, and finds its keys
        try {
            now = known;
            if ((!now.byId().containsKey(keyId) || !isFresh(now))
                    && !clock.instant().isBefore(later(now.lastTried(), BETWEEN_FETCHES))) {
                known = fetch(now);
            }
            return isFresh(known) ? Optional.ofNullable(known.byId().get(keyId)) : Optional.empty();
        } finally {
            fetching.unlock();
        }
    }

    private boolean isFresh(Known keys) {
        return clock.instant().isBefore(later(keys.at(), KEPT));
    }

    private static Instant later(Instant instant, Duration by) {
        return instant.equals(Instant.MIN) ? instant : instant.plus(by);
    }

    private Known fetch(Known before) {
        Instant now = clock.instant();
        return switch (termsService.get(PATH)) {
            case Peer.Reply.Answered(int status, String body) when status == 200 -> {
                try {
                    yield new Known(keysIn(body), now, now);
                } catch (ParseException unreadable) {
                    log.warn("the keys of the terms-service at {} cannot be read", termsService);
                    yield new Known(before.byId(), before.at(), now);
                }
            }
            case Peer.Reply.Answered(int status, _) -> {
                log.warn("the terms-service at {} answered {} when asked for its keys", termsService, status);
                yield new Known(before.byId(), before.at(), now);
            }
            case Peer.Reply.Unreachable _ -> new Known(before.byId(), before.at(), now);
        };
    }

    private static Map<String, VerifyKey> keysIn(String jwks) throws ParseException {
        Map<String, VerifyKey> keys = new HashMap<>();
        for (JWK key : JWKSet.parse(jwks).getKeys()) {
            if (key instanceof OctetKeyPair pair && pair.getCurve().equals(Curve.Ed25519) && pair.getKeyID() != null) {
                VerifyKey.ofBytes(pair.getX().decode()).toOptional().ifPresent(one -> keys.put(pair.getKeyID(), one));
            }
        }
        return Map.copyOf(keys);
    }
}
