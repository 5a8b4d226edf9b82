package im.signet.identity.lookup;

import im.signet.identity.association.Associations;
import im.signet.kit.key.KeyedHash;
import im.signet.kit.limit.LimitProperties;
import im.signet.kit.metric.Gauged;
import im.signet.kit.outbox.Chore;

import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

import org.springframework.beans.factory.annotation.Qualifier;
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
    Directory directory(JdbcOperations jdbc, @Qualifier("lookupHash") KeyedHash lookupHash) {
        return new PostgresDirectory(jdbc, lookupHash);
    }

    @Bean
    Peppers peppers(GenerationTable generations, PlatformTransactionManager transactions, Clock clock,
            SecureRandom random) {
        return new Peppers(generations, new TransactionTemplate(transactions), clock, random);
    }

    @Bean
    Gauged pepperAge(Peppers peppers, Clock clock) {
        return new Gauged("signet.pepper.age.seconds", "How long clients have hashed with the present pepper", Map.of(),
                () -> Optional.ofNullable(peppers.current().currentSince())
                        .map(since -> OptionalDouble.of((double) Duration.between(since, clock.instant()).toSeconds()))
                        .orElseGet(OptionalDouble::empty));
    }

    @Bean
    SpendingTable spendingTable(JdbcOperations jdbc) {
        return new SpendingTable(jdbc);
    }

    @Bean
    LookupBudgets lookupBudgets(Peppers peppers, SpendingTable table, LimitProperties limits,
            LookupBudgetProperties budgets,
            LookupProperties settings, @Qualifier("lookupBudgetHash") KeyedHash keyed,
            PlatformTransactionManager transactions, Clock clock) {
        return new LookupBudgets(peppers, table, limits.enabled(), budgets, settings.pepperLifetime(), keyed,
                new TransactionTemplate(transactions), clock);
    }

    @Bean
    Lookup lookup(Peppers peppers, GenerationTable generations, Directory directory, LookupBudgets budgets) {
        return new Lookup(peppers, generations, directory, budgets);
    }

    @Bean
    PepperRotation pepperRotation(GenerationTable generations, Directory directory, SpendingTable spendings,
            Associations associations,
            PlatformTransactionManager transactions, LookupProperties settings, Clock clock, SecureRandom random) {
        return new PepperRotation(generations, directory, spendings, associations,
                new TransactionTemplate(transactions),
                settings.pepperLifetime(), clock, random);
    }

    @Bean
    Chore rotatePepper(PepperRotation rotation) {
        return new Chore("rotate-pepper", OFTEN, rotation::run);
    }
}
