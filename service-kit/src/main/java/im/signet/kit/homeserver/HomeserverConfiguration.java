package im.signet.kit.homeserver;

import im.signet.kit.outbound.AddressPolicy;
import im.signet.kit.outbound.GuardedHttpClient;
import im.signet.kit.outbound.NameResolver;

import java.security.SecureRandom;
import java.time.Clock;
import java.util.Optional;

import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * Makes {@link Homeservers}, the client below and {@link HomeserverKeys} from {@link FederationProperties}; wants a
 * {@link Clock} bean.
 */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(FederationProperties.class)
public class HomeserverConfiguration {

    @Bean
    NameResolver nameResolver(Clock clock) {
        return NameResolver.system(clock);
    }

    @Bean
    GuardedHttpClient guardedHttpClient(FederationProperties federation, NameResolver names) {
        try {
            return GuardedHttpClient.create(new AddressPolicy(federation.allowAddresses()), names,
                    Optional.ofNullable(federation.caFile()));
        } catch (IllegalArgumentException e) {
            throw new InvalidConfigurationPropertyValueException("signet.federation.ca-file", federation.caFile(),
                    e.getMessage(), e);
        }
    }

    @Bean
    Homeservers homeservers(FederationProperties federation, GuardedHttpClient http, NameResolver names, Clock clock) {
        return new Homeservers(federation, http, names, clock, new SecureRandom());
    }

    @Bean
    HomeserverKeys homeserverKeys(Homeservers homeservers, Clock clock) {
        return new HomeserverKeys(homeservers, clock);
    }
}
