package im.signet.identity.lookup;

import im.signet.kit.key.KeyedHash;

import java.security.SecureRandom;
import java.time.Clock;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.JdbcOperations;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Puts the lookup together. */
@Configuration(proxyBeanMethods = false)
class LookupConfiguration {

    @Bean
    Lookup lookup(PepperRepository peppers, PlatformTransactionManager transactions, JdbcOperations jdbc,
            KeyedHash lookupHash, Clock clock, SecureRandom random) {
        return new Lookup(new Peppers(peppers, new TransactionTemplate(transactions), clock, random),
                new PostgresDirectory(jdbc, lookupHash));
    }
}
