package im.signet.terms.overview;

import im.signet.kit.limit.Limits;
import im.signet.kit.token.Caller;
import im.signet.protocol.error.ErrorCode;

import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;

import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/** Gives out links to the overview, which work once, and knows whose page a form came from. */
@Service
public class Overviews {

    /** How long a link to the overview can be used. */
    static final Duration LINK_LIFE = Duration.ofMinutes(5);
    /** How long the forms of an overview can be used. */
    static final Duration VIEW_LIFE = Duration.ofMinutes(15);

    private static final Set<OverviewSecret.Purpose> LINK = Set.of(OverviewSecret.Purpose.LINK);
    private static final Set<OverviewSecret.Purpose> VIEW = Set.of(OverviewSecret.Purpose.VIEW);

    private final OverviewSecrets secrets;
    private final OverviewLimits settings;
    private final Limits limits;
    private final Clock clock;
    private final SecureRandom random;

    Overviews(OverviewSecrets secrets, OverviewLimits settings, @Qualifier("termsLimits") Limits limits, Clock clock,
            SecureRandom random) {
        this.secrets = secrets;
        this.settings = settings;
        this.limits = limits;
        this.clock = clock;
        this.random = random;
    }

    /** Returns a new link's secret. Throws M_LIMIT_EXCEEDED when the account asked for too many. */
    @Transactional
    Secret link(Caller caller) {
        limits.take(settings.overview(caller.user()));
        Secret link = Secret.generate(random);
        Instant now = clock.instant();
        if (secrets.add(link.hash(), OverviewSecret.Purpose.LINK, caller.user().value(), caller.token().hash(), now,
                now.plus(LINK_LIFE)) == 0) {
            throw ErrorCode.M_UNAUTHORIZED.because("that token has ended");
        }
        return link;
    }

    /** Returns whether a link can be used. Changes nothing: whatever looks at links in passing may ask. */
    boolean isOpen(Secret link) {
        return secrets.find(link.hash(), LINK, clock.instant()).isPresent();
    }

    /** Uses a link up and returns the view it leads to; empty when it cannot be used, or somebody was faster. */
    @Transactional
    Optional<View> open(Secret link) {
        Instant now = clock.instant();
        Optional<OverviewSecret> found = secrets.findKeepingToken(link.hash(), LINK, now);
        if (found.isEmpty() || secrets.useUp(link.hash(), now) == 0) {
            return Optional.empty();
        }
        OverviewSecret used = found.get();
        View view = new View(Secret.generate(random), used.user(), used.tokenHash(), now.plus(VIEW_LIFE));
        secrets.add(view.secret().hash(), OverviewSecret.Purpose.VIEW, used.userId(), used.tokenHash(), now,
                view.expiresAt());
        return Optional.of(view);
    }

    /** Returns the view of a form's secret; empty when it has run out, or its access token has ended. */
    Optional<View> view(Secret secret) {
        return secrets.find(secret.hash(), VIEW, clock.instant())
                .map(found -> new View(secret, found.user(), found.tokenHash(), found.expiresAt()));
    }

    /** Deletes what has run out. */
    public void deleteExpired() {
        secrets.deleteExpired(clock.instant());
    }
}
