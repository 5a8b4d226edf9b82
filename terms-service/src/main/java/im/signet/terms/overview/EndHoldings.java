package im.signet.terms.overview;

import im.signet.kit.holding.Ending;
import im.signet.kit.holding.Holdings;
import im.signet.kit.outbox.Courier;
import im.signet.protocol.identifier.UserId;
import im.signet.protocol.json.JsonObject;
import im.signet.terms.acceptance.Acceptances;
import im.signet.terms.account.TokenInfo;
import im.signet.terms.account.Tokens;
import im.signet.terms.policy.Policies;

import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// Tells the services that a user's consent has ended, until each has heard it. What the user has begun anew since
/// stays:
/// that is what came after they accepted terms again.
public final class EndHoldings implements Courier {

    static final String CHANNEL = "end-holdings";

    private final AllHoldings services;
    private final Acceptances acceptances;
    private final Tokens tokens;
    private final Policies policies;
    private final Clock clock;

    /** Tells these services. */
    public EndHoldings(AllHoldings services, Acceptances acceptances, Tokens tokens, Policies policies, Clock clock) {
        this.services = services;
        this.acceptances = acceptances;
        this.tokens = tokens;
        this.policies = policies;
        this.clock = clock;
    }

    static JsonObject letter(String service, UserId user, Ending ending, long withdrawal, Instant at) {
        return JsonObject.builder()
                .put("service", service)
                .put("user", user.value())
                .put("ending", ending.name())
                .put("withdrawal", withdrawal)
                .put("at", at.toEpochMilli())
                .build();
    }

    /** Returns a letter to all services of the server that delivers it, about what they came to keep before an instant. */
    static JsonObject letterToAll(UserId user, Ending ending, Instant before) {
        return JsonObject.builder()
                .put("user", user.value())
                .put("ending", ending.name())
                .put("before", before.toEpochMilli())
                .build();
    }

    @Override
    public String channel() {
        return CHANNEL;
    }

    @Override
    public Delivery deliver(JsonObject letter) {
        UserId user = UserId.of(letter.string("user").orElseThrow());
        Ending ending = Ending.valueOf(letter.string("ending").orElseThrow());
        Optional<Instant> known = letter.integer("before").map(Instant::ofEpochMilli);
        if (known.isPresent()) {
            return tellAll(user, ending, known.get());
        }
        // Looked up first: what comes after this moment is not touched, whenever the user is back.
        Instant now = clock.instant();
        String name = letter.string("service").orElseThrow();
        Instant before = returned(user, name, letter).orElse(now);
        Optional<Holdings> service = services.named(name);
        if (service.isEmpty()) {
            return new Delivery.Deferred("there is no service of that name here any more");
        }
        service.get().end(user, ending, before);
        return new Delivery.Delivered();
    }

    // One that cannot be reached holds no other up; then all are told again.
    private Delivery tellAll(UserId user, Ending ending, Instant before) {
        List<String> silent = new ArrayList<>();
        for (String name : services.names()) {
            try {
                services.named(name).ifPresent(service -> service.end(user, ending, before));
            } catch (RuntimeException unreachable) {
                silent.add(name + " (" + unreachable.getClass().getSimpleName() + ")");
            }
        }
        return silent.isEmpty()
                ? new Delivery.Delivered()
                : new Delivery.Deferred("not reached: " + String.join(", ", silent));
    }

    // Where the service asks for no terms, whoever registers again is back.
    private Optional<Instant> returned(UserId user, String service, JsonObject letter) {
        Optional<Instant> accepted = acceptances.returnAfter(user, letter.integer("withdrawal").orElseThrow());
        if (policies.inForce().stream().anyMatch(policy -> policy.isRequiredBy(service))) {
            return accepted;
        }
        Instant at = Instant.ofEpochMilli(letter.integer("at").orElseThrow());
        Stream<Instant> registered = tokens.tokensOf(user)
                .stream()
                .map(TokenInfo::createdAt)
                .filter(created -> created.isAfter(at));
        return Stream.concat(accepted.stream(), registered).min(Comparator.naturalOrder());
    }
}
