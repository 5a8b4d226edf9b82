package im.signet.kit.homeserver;

import im.signet.kit.database.SchemaMigration;
import im.signet.kit.outbound.AddressPolicy;
import im.signet.kit.outbound.GuardedHttpClient;
import im.signet.kit.outbound.NameResolver;

import java.security.SecureRandom;
import java.time.Clock;
import java.util.List;
import java.util.Optional;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;

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

    /** Those that the settings allow and the operator has not blocked since; where there is a database, it says so. */
    @Bean
    ServedHomeservers servedHomeservers(FederationProperties federation, ObjectProvider<SchemaMigration> schemas,
            ObjectProvider<JdbcClient> jdbc, Clock clock) {
        List<String> ours = schemas.orderedStream().map(SchemaMigration::schema).toList();
        if (ours.isEmpty()) {
            return federation::serves;
        }
        BlockedHomeservers blocked = new BlockedHomeservers(jdbc.getObject(), ours, clock);
        return server -> federation.serves(server) && !blocked.contain(server);
    }

    @Bean
    Homeservers homeservers(ServedHomeservers served, GuardedHttpClient http, NameResolver names, Clock clock) {
        return new Homeservers(served, http, names, clock, new SecureRandom());
    }

    @Bean
    HomeserverKeys homeserverKeys(Homeservers homeservers, Clock clock) {
        return new HomeserverKeys(homeservers, clock);
    }
}
