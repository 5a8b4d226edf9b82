package im.signet.terms.account;

import im.signet.kit.homeserver.Homeservers;
import im.signet.kit.homeserver.UserInfo;
import im.signet.kit.limit.Limit;
import im.signet.kit.limit.Limits;
import im.signet.kit.token.AccessToken;
import im.signet.kit.web.ClientAddress;
import im.signet.protocol.identifier.ServerName;
import im.signet.protocol.identifier.UserId;

import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.stereotype.Service;

/** Gives out access tokens to users whom their homeserver vouches for, and knows whose a token is. */
@Service
public class Accounts {

    private static final Logger log = LoggerFactory.getLogger(Accounts.class);

    private final Homeservers homeservers;
    private final AccessTokens tokens;
    private final AccountProperties settings;
    private final Limits limits;
    private final Limit perNetwork;
    private final Clock clock;
    private final SecureRandom random;

    Accounts(Homeservers homeservers, AccessTokens tokens, AccountProperties settings, RegistrationLimits registrations,
            @Qualifier("termsLimits") Limits limits, Clock clock, SecureRandom random) {
        this.homeservers = homeservers;
        this.tokens = tokens;
        this.settings = settings;
        this.limits = limits;
        this.perNetwork = registrations.perNetwork();
        this.clock = clock;
        this.random = random;
    }

    /**
     * Asks the homeserver whose token this is, and gives that user one of ours. Throws M_LIMIT_EXCEEDED, and asks nobody,
     * when too many such requests came from there.
     */
    Registration register(ClientAddress client, ServerName homeserver, String openIdToken) {
        limits.take(perNetwork.by(client));
        return switch (homeservers.userInfo(homeserver, openIdToken)) {
            case UserInfo.Known(UserId user) -> {
                AccessToken token = AccessToken.generate(random);
                Instant now = clock.instant();
                tokens.add(token.hash(), user.value(), now, now.plus(settings.tokenLifetime()));
                yield new Registration.Registered(token);
            }
            // Why is for the log: told to whoever asks, it would say which ports of this network answer.
            case UserInfo.Refused(String reason) -> {
                log.info("no account for a user of {}: {}", homeserver, reason);
                yield new Registration.Refused();
            }
            case UserInfo.Unreachable(String reason) -> {
                log.info("no account for a user of {}: {}", homeserver, reason);
                yield new Registration.HomeserverUnreachable();
            }
        };
    }

    /** Returns whose token this is; empty when it was never given out, has expired or was ended. */
    public Optional<UserId> holderOf(AccessToken token) {
        Instant now = clock.instant();
        Optional<AccessTokenRow> found = tokens.findLive(token.hash(), now);
        found.ifPresent(row -> prolong(token, row, now));
        return found.map(row -> UserId.of(row.userId()));
    }

    // A write on every request would be a write too many: once a hundredth of the lifetime has gone by is soon enough.
    private void prolong(AccessToken token, AccessTokenRow row, Instant now) {
        Duration lifetime = settings.tokenLifetime();
        Instant full = now.plus(lifetime);
        if (row.expiresAt().isBefore(full.minus(lifetime.dividedBy(100)))) {
            tokens.prolong(token.hash(), full);
        }
    }

    /** Deletes the tokens that have run out. */
    public void deleteExpired() {
        tokens.deleteExpiredBefore(clock.instant());
    }

    /** Ends a token, for good and at once. Does nothing to one that has ended already. */
    void logout(AccessToken token) {
        tokens.delete(token.hash());
    }
}
