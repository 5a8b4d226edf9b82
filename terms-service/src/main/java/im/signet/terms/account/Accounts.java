package im.signet.terms.account;

import im.signet.kit.homeserver.Homeservers;
import im.signet.kit.homeserver.ServedHomeservers;
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
import java.util.Locale;
import java.util.Optional;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.stereotype.Service;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Gives out access tokens to users whom their homeserver vouches for, and knows whose a token is. */
@Service
public class Accounts {

    private static final Logger log = LoggerFactory.getLogger(Accounts.class);
    private static final int ID_BYTES = 16;

    private final Homeservers homeservers;
    private final ServedHomeservers served;
    private final UsedOpenIdTokens used;
    private final AccessTokens tokens;
    private final AccountProperties settings;
    private final Limits limits;
    private final Limit perNetwork;
    private final Limit perAccount;
    private final Limit perHomeserver;
    private final TransactionTemplate together;
    private final Clock clock;
    private final SecureRandom random;

    Accounts(Homeservers homeservers, ServedHomeservers served, UsedOpenIdTokens used, AccessTokens tokens,
            AccountProperties settings, RegistrationLimits registrations, @Qualifier("termsLimits") Limits limits,
            PlatformTransactionManager transactions, Clock clock, SecureRandom random) {
        this.homeservers = homeservers;
        this.served = served;
        this.used = used;
        this.tokens = tokens;
        this.settings = settings;
        this.limits = limits;
        this.perNetwork = registrations.perNetwork();
        this.perAccount = registrations.perAccount();
        this.perHomeserver = registrations.perHomeserver();
        this.together = new TransactionTemplate(transactions);
        this.clock = clock;
        this.random = random;
    }

    /**
     * Asks the homeserver whose token this is, and gives that user one of ours; once for each token. Throws
     * M_LIMIT_EXCEEDED, and asks nobody, when too many such requests came from there; as well when the user, or those of
     * that homeserver, got too many: then the token can be used later.
     */
    Registration register(ClientAddress client, OpenIdToken openIdToken) {
        limits.take(perNetwork.by(client));
        ServerName homeserver = openIdToken.homeserver();
        if (!served.serves(homeserver)) {
            log.info("no account for a user of {}: it is not served here", homeserver);
            return new Registration.NotServed();
        }
        if (used.has(openIdToken)) {
            return usedBefore(homeserver);
        }
        return switch (homeservers.userInfo(homeserver, openIdToken.value())) {
            case UserInfo.Known(UserId user) -> exchange(openIdToken, user);
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

    private static Registration usedBefore(ServerName homeserver) {
        log.info("no account for a user of {}: the token was used before", homeserver);
        return new Registration.UsedBefore();
    }

    // In one transaction: a use that comes to nothing is none.
    private Registration exchange(OpenIdToken openIdToken, UserId user) {
        return together.execute(_ -> {
            Instant now = clock.instant();
            if (!used.add(openIdToken, now.plus(openIdToken.memory()))) {
                return usedBefore(openIdToken.homeserver());
            }
            String host = user.serverName().host().toLowerCase(Locale.ROOT);
            limits.take(perAccount.by(user.value()), perHomeserver.by(host));
            return new Registration.Registered(newTokenOf(user, now));
        });
    }

    private AccessToken newTokenOf(UserId user, Instant now) {
        AccessToken token = AccessToken.generate(random);
        byte[] id = new byte[ID_BYTES];
        random.nextBytes(id);
        tokens.lockThoseOf(user.value());
        tokens.deleteLeastRecentlyUsed(user.value(), now, settings.maxTokens() - 1);
        tokens.add(token.hash(), id, user.value(), now, now.plus(settings.tokenLifetime()));
        return token;
    }

    /** Returns whose token this is; empty when it was never given out, has expired or was ended. */
    public Optional<UserId> holderOf(AccessToken token) {
        return liveToken(token).map(LiveToken::user);
    }

    /**
     * Returns what is known of a token, which lives on by being asked for; empty when it was never given out, or has ended,
     * and for as long as its user's homeserver is not served.
     */
    public Optional<LiveToken> liveToken(AccessToken token) {
        Instant now = clock.instant();
        return tokens.findLive(token.hash(), now).flatMap(row -> {
            UserId user = UserId.of(row.userId());
            return served.serves(user.serverName())
                    ? Optional.of(new LiveToken(user, row.createdAt(), prolong(token, row, now)))
                    : Optional.empty();
        });
    }

    // A write on every request would be a write too many: once a hundredth of the lifetime has gone by is soon enough.
    private Instant prolong(AccessToken token, AccessTokenRow row, Instant now) {
        Duration lifetime = settings.tokenLifetime();
        Duration soonEnough = lifetime.dividedBy(100);
        Instant full = now.plus(lifetime);
        boolean isRecent = !row.lastUsedAt().isBefore(now.minus(soonEnough));
        if (isRecent && !row.expiresAt().isBefore(full.minus(soonEnough))) {
            return row.expiresAt();
        }
        tokens.prolong(token.hash(), now, full);
        return full;
    }

    /** Deletes the tokens that have run out. */
    public void deleteExpired() {
        tokens.deleteExpiredBefore(clock.instant());
    }

    /** Forgets the OpenID tokens that their homeservers no longer know. */
    public void forgetUsedOpenIdTokens() {
        used.deleteExpiredBefore(clock.instant());
    }

    /** Ends a token, for good and at once. Does nothing to one that has ended already. */
    void logout(AccessToken token) {
        tokens.delete(token.hash());
    }
}
