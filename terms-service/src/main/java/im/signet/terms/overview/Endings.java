package im.signet.terms.overview;

import im.signet.kit.holding.ConfirmationLink;
import im.signet.kit.holding.Ending;
import im.signet.kit.limit.Limits;
import im.signet.kit.metric.Tally;
import im.signet.kit.outbox.Outbox;
import im.signet.kit.page.Audience;
import im.signet.kit.settings.SignetProperties;
import im.signet.protocol.identifier.UserId;
import im.signet.terms.acceptance.Acceptances;
import im.signet.terms.account.Tokens;

import java.net.URI;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.stereotype.Service;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/// Ends a user's time with the services. Where an address of theirs can be reached its owner confirms, so that a stolen
/// token alone ends nothing; where none is, a page does. `docs/decisions/2026-11-21-leaving-and-coming-back.md` has the
/// why.
@Service
public class Endings {

    private static final Tally.By<Ending> ENDINGS = Tally.by("signet.terms.endings",
            "Users who took their consent back or had all of them erased", "ending", Ending.class);
    private static final Logger log = LoggerFactory.getLogger(Endings.class);

    /** How long a link that confirms can be used. */
    static final Duration LINK_LIFE = Duration.ofHours(1);

    private static final Set<OverviewSecret.Purpose> CONFIRMS = Set.of(OverviewSecret.Purpose.WITHDRAWN,
            OverviewSecret.Purpose.ERASED);
    private static final Set<OverviewSecret.Purpose> VIEW = Set.of(OverviewSecret.Purpose.VIEW);
    // Once more for requests that were let in before, and write what they write after.
    private static final List<Duration> AFTER = List.of(Duration.ZERO, Duration.ofMinutes(1));
    // It is never given up.
    static final Duration FOREVER = Duration.ofDays(36_525);

    private final OverviewSecrets secrets;
    private final OverviewLimits settings;
    private final Limits limits;
    private final AllHoldings services;
    private final Acceptances acceptances;
    private final Tokens tokens;
    private final Outbox outbox;
    private final SignetProperties signet;
    private final TransactionTemplate transactions;
    private final Clock clock;
    private final SecureRandom random;

    @SuppressWarnings("TooManyParameters") // what it works with
    Endings(OverviewSecrets secrets, OverviewLimits settings, @Qualifier("termsLimits") Limits limits,
            AllHoldings services, Acceptances acceptances, Tokens tokens, @Qualifier("termsOutbox") Outbox outbox,
            SignetProperties signet, PlatformTransactionManager transactions, Clock clock, SecureRandom random) {
        this.secrets = secrets;
        this.settings = settings;
        this.limits = limits;
        this.services = services;
        this.acceptances = acceptances;
        this.tokens = tokens;
        this.outbox = outbox;
        this.signet = signet;
        this.transactions = new TransactionTemplate(transactions);
        this.clock = clock;
        this.random = random;
    }

    /** How an ending is to be confirmed. */
    sealed interface Confirmation {

        /**
         * By a link to one of these addresses.
         *
         * @param unsettled how many others are kept too short a time to confirm
         */
        record ByLink(List<Kept.Entry> addresses, long unsettled) implements Confirmation {}

        /** On the page: there is no address to send a link to. */
        record OnThePage() implements Confirmation {}

        /** Not now: a service cannot be asked, and could hold an address. */
        record NotNow() implements Confirmation {}
    }

    /** Returns how the user has to confirm. */
    Confirmation confirmationOf(UserId user) {
        Kept kept = services.of(user);
        Instant now = clock.instant();
        if (!kept.unanswered().isEmpty()) {
            return new Confirmation.NotNow();
        }
        List<Kept.Entry> addresses = kept.confirming(now);
        return addresses.isEmpty()
                ? new Confirmation.OnThePage()
                : new Confirmation.ByLink(addresses, kept.unsettled(now));
    }

    /** What came of asking for a link. */
    sealed interface Sending {

        /** It is on its way to what is shown so. */
        record Sent(String shown) implements Sending {}

        /** Not to that address, or not now. */
        record CannotSend() implements Sending {}

        /** The account asked for too many. */
        record TooMany() implements Sending {}

        /** A service cannot be asked. */
        record NotNow() implements Sending {}
    }

    /** Has a link sent to an address of the user; whoever follows it confirms. */
    Sending send(View view, Ending ending, String service, String id, Audience audience) {
        return switch (confirmationOf(view.user())) {
            case Confirmation.NotNow _ -> new Sending.NotNow();
            case Confirmation.OnThePage _ -> new Sending.CannotSend();
            case Confirmation.ByLink(List<Kept.Entry> addresses, _) -> addresses.stream()
                    .filter(entry -> entry.service().equals(service) && entry.holding().id().equals(id))
                    .findFirst()
                    .map(entry -> send(view, ending, entry, audience))
                    .orElseGet(Sending.CannotSend::new);
        };
    }

    private Sending send(View view, Ending ending, Kept.Entry to, Audience audience) {
        Secret secret = Secret.generate(random);
        Instant now = clock.instant();
        if (!limits.tryTake(settings.confirmation(view.user()))) {
            return new Sending.TooMany();
        }
        if (secrets.add(secret.hash(), OverviewSecret.Purpose.of(ending), view.user().value(), view.tokenHash(), now,
                now.plus(LINK_LIFE)) == 0) {
            return new Sending.CannotSend();
        }
        URI url = URI.create(audience.branded(signet.publicUrlOf(EndingController.CONFIRM + "?token="
                + secret.value())));
        try {
            if (services.named(to.service())
                    .filter(holdings -> holdings.send(view.user(), to.holding().id(),
                            new ConfirmationLink(url, ending, LINK_LIFE, audience)))
                    .isPresent()) {
                return new Sending.Sent(to.holding().shown());
            }
        } catch (RuntimeException unreachable) {
            log.warn("the service {} cannot send a link: {}", to.service(), unreachable.getClass().getSimpleName());
            return new Sending.NotNow();
        }
        return new Sending.CannotSend();
    }

    /** What a link confirms. */
    record Pending(UserId user, Ending ending, Instant askedAt) {}

    /** Returns what a link confirms; empty when it cannot be used. Changes nothing. */
    Optional<Pending> look(Secret link) {
        return secrets.find(link.hash(), CONFIRMS, clock.instant())
                .map(found -> new Pending(found.user(), found.ending(), found.createdAt()));
    }

    /** Uses a link up and does what it confirms; empty, and nothing is done, when it cannot be used any more. */
    Optional<Pending> confirm(Secret link) {
        Optional<Pending> pending = look(link);
        return pending.flatMap(found -> transactions.execute(_ -> {
            // Of two who use the link at once the other waits here, and then finds it gone: it ends with the tokens.
            acceptances.lock(found.user());
            if (look(link).isEmpty()) {
                return Optional.<Pending>empty();
            }
            end(found.user(), found.ending());
            return pending;
        }));
    }

    /** Ends it for a user who has no address to confirm by; returns whether that was so and it was done. */
    boolean confirmOnThePage(View view, Ending ending) {
        if (!(confirmationOf(view.user()) instanceof Confirmation.OnThePage)) {
            return false;
        }
        return Boolean.TRUE.equals(transactions.execute(_ -> {
            acceptances.lock(view.user());
            if (secrets.find(view.secret().hash(), VIEW, clock.instant()).isEmpty()) {
                return false;
            }
            end(view.user(), ending);
            return true;
        }));
    }

    private void end(UserId user, Ending ending) {
        Instant now = clock.instant();
        long withdrawal = switch (ending) {
            case WITHDRAWN -> acceptances.withdraw(user);
            case ERASED -> {
                acceptances.forget(user);
                yield 0;
            }
        };
        tokens.endAll(user);
        for (String service : services.names()) {
            for (Duration after : AFTER) {
                outbox.put(EndHoldings.CHANNEL, EndHoldings.letter(service, user, ending, withdrawal, now),
                        now.plus(after), now.plus(FOREVER));
            }
        }
        ENDINGS.add(ending);
        log.info("a user was {}", ending == Ending.WITHDRAWN ? "withdrawn at their wish" : "erased at their wish");
    }
}
