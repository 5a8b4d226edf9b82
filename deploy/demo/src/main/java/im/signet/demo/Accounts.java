package im.signet.demo;

import im.signet.protocol.identifier.UserId;
import im.signet.protocol.json.JsonObject;
import im.signet.protocol.signature.UnpaddedBase64;

import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** The accounts of the demonstration homeserver, their tokens and their data, in memory. Safe for use by several threads. */
final class Accounts {
    static final Duration OPENID_LIFETIME = Duration.ofHours(1);
    private static final int TOKEN_BYTES = 24;

    private record OpenIdToken(UserId user, Instant expires) {}

    private record DataKey(UserId user, String type) {}

    private final Clock clock;
    private final SecureRandom random;
    private final Map<UserId, String> accessTokens = new ConcurrentHashMap<>();
    private final Map<String, UserId> users = new ConcurrentHashMap<>();
    private final Map<String, OpenIdToken> openIdTokens = new ConcurrentHashMap<>();
    private final Map<DataKey, JsonObject> data = new ConcurrentHashMap<>();

    Accounts(Clock clock, SecureRandom random) {
        this.clock = clock;
        this.random = random;
    }

    /** Makes an account; throws an {@link IllegalArgumentException} when there is one of that name. */
    void register(UserId user) {
        String token = newToken("access_");
        if (accessTokens.putIfAbsent(user, token) != null) {
            throw new IllegalArgumentException("there is an account " + user + " already");
        }
        users.put(token, user);
    }

    Optional<String> accessToken(UserId user) {
        return Optional.ofNullable(accessTokens.get(user));
    }

    Optional<UserId> byAccessToken(String token) {
        return Optional.ofNullable(users.get(token));
    }

    String newOpenIdToken(UserId user) {
        String token = newToken("openid_");
        openIdTokens.put(token, new OpenIdToken(user, clock.instant().plus(OPENID_LIFETIME)));
        return token;
    }

    /** Returns whose token it is; empty when it was never given out, or has expired. */
    Optional<UserId> byOpenIdToken(String token) {
        return Optional.ofNullable(openIdTokens.get(token))
                .filter(found -> clock.instant().isBefore(found.expires()))
                .map(OpenIdToken::user);
    }

    void putData(UserId user, String type, JsonObject content) {
        data.put(new DataKey(user, type), content);
    }

    Optional<JsonObject> data(UserId user, String type) {
        return Optional.ofNullable(data.get(new DataKey(user, type)));
    }

    private String newToken(String prefix) {
        byte[] bytes = new byte[TOKEN_BYTES];
        random.nextBytes(bytes);
        return prefix + UnpaddedBase64.encodeUrl(bytes);
    }
}
