package im.signet.standalone;

import im.signet.kit.outbox.Outbox;
import im.signet.standalone.config.Contradictions;

import java.util.Locale;
import java.util.Map;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.binder.MeterBinder;
import org.springframework.beans.factory.config.BeanFactoryPostProcessor;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;
import org.springframework.security.config.observation.SecurityObservationSettings;

/** Health and metrics, on a port that the operator opens, and that is not the public one. */
@Configuration(proxyBeanMethods = false)
class ManagementConfiguration {

    /** Stops the start where everybody could ask for them. */
    @Bean
    static BeanFactoryPostProcessor portOfItsOwn(Environment environment) {
        return _ -> Contradictions.onThePublicPort(environment).stream().findFirst().ifPresent(wrong -> {
            throw wrong;
        });
    }

    /** What waits to leave the server, and what came of it: {@code signet.outbox.waiting}, {@code signet.outbox.tries}. */
    @Bean
    MeterBinder outboxMeters(Map<String, Outbox> outboxes) {
        return registry -> outboxes.values().forEach(outbox -> outbox.channels().forEach(channel -> {
            Gauge.builder("signet.outbox.waiting", outbox, box -> box.waiting(channel))
                    .tag("channel", channel)
                    .register(registry);
            for (Outbox.Outcome outcome : Outbox.Outcome.values()) {
                FunctionCounter.builder("signet.outbox.tries", outbox, box -> box.count(channel, outcome))
                        .tag("channel", channel)
                        .tag("outcome", outcome.name().toLowerCase(Locale.ROOT))
                        .register(registry);
            }
        }));
    }

    /** Requests are measured once, as a whole, and not each step of their authorisation. */
    @Bean
    SecurityObservationSettings unmeasuredAuthorisation() {
        return SecurityObservationSettings.noObservations();
    }
}
