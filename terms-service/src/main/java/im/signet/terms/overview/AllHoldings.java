package im.signet.terms.overview;

import im.signet.kit.holding.Holdings;
import im.signet.protocol.identifier.UserId;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Component;

/** The services that keep something of users; there may be none. */
@Component
public class AllHoldings {

    private static final Logger log = LoggerFactory.getLogger(AllHoldings.class);

    // Not asked for before it is needed: they stand on beans that stand on ours.
    private final ObjectProvider<Holdings> services;

    AllHoldings(ObjectProvider<Holdings> services) {
        this.services = services;
    }

    /** Returns the names of the services. */
    List<String> names() {
        return services.orderedStream().map(Holdings::service).toList();
    }

    /** Returns the service of that name. */
    Optional<Holdings> named(String service) {
        return services.orderedStream().filter(holdings -> holdings.service().equals(service)).findFirst();
    }

    /** Returns what they keep of a user. Not within a transaction: one may be far away. */
    Kept of(UserId user) {
        List<Kept.Entry> entries = new ArrayList<>();
        List<String> unanswered = new ArrayList<>();
        services.orderedStream().forEach(service -> {
            try {
                service.of(user).forEach(holding -> entries.add(new Kept.Entry(service.service(), holding)));
            } catch (RuntimeException unreachable) {
                log.warn("the service {} cannot be asked what it keeps: {}", service.service(),
                        unreachable.getClass().getSimpleName());
                unanswered.add(service.service());
            }
        });
        return new Kept(entries, unanswered);
    }
}
