package im.signet.identity.lookup;

import im.signet.identity.association.Associations;
import im.signet.kit.key.KeyedHash;
import im.signet.kit.outbox.Chore;

import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.JdbcOperations;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Puts the lookup together. */
@Configuration(proxyBeanMethods = false)
class LookupConfiguration {

    private static final Duration OFTEN = Duration.ofSeconds(1);

    @Bean
    GenerationTable generationTable(JdbcClient jdbc) {
        return new GenerationTable(jdbc);
    }

    @Bean
    Directory directory(JdbcOperations jdbc, KeyedHash lookupHash) {
        return new PostgresDirectory(jdbc, lookupHash);
    }

    @Bean
    Lookup lookup(GenerationTable generations, Directory directory, PlatformTransactionManager transactions,
            Clock clock,
            SecureRandom random) {
        return new Lookup(new Peppers(generations, new TransactionTemplate(transactions), clock, random), generations,
                directory);
    }

    @Bean
    PepperRotation pepperRotation(GenerationTable generations, Directory directory, Associations associations,
            PlatformTransactionManager transactions, LookupProperties settings, Clock clock, SecureRandom random) {
        return new PepperRotation(generations, directory, associations, new TransactionTemplate(transactions),
                settings.pepperLifetime(), clock, random);
    }

    @Bean
    Chore rotatePepper(PepperRotation rotation) {
        return new Chore("rotate-pepper", OFTEN, rotation::run);
    }
}
