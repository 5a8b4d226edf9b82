package im.signet.terms;

import im.signet.kit.KitConfiguration;
import im.signet.kit.audit.OperatorActions;
import im.signet.kit.database.SchemaMigration;
import im.signet.kit.journal.JournalFolder;
import im.signet.kit.journal.JournalInUse;
import im.signet.kit.journal.RevocationJournal;
import im.signet.kit.key.KeyedHash;
import im.signet.kit.key.Keys;
import im.signet.kit.key.Sealing;
import im.signet.kit.limit.LimitProperties;
import im.signet.kit.limit.Limits;
import im.signet.kit.outbox.Chore;
import im.signet.kit.outbox.Outbox;
import im.signet.kit.page.TemplateCatalog;
import im.signet.kit.settings.SignetProperties;
import im.signet.terms.acceptance.Acceptances;
import im.signet.terms.account.Accounts;
import im.signet.terms.account.Tokens;
import im.signet.terms.key.JwsKeys;
import im.signet.terms.overview.AllHoldings;
import im.signet.terms.overview.EndHoldings;
import im.signet.terms.overview.Overviews;
import im.signet.terms.policy.Policies;

import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import javax.sql.DataSource;

import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.ComponentScan;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.data.jdbc.repository.config.EnableJdbcRepositories;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** The terms-service as a configuration, for a process of its own or beside the other services. */
@Configuration(proxyBeanMethods = false)
@Import(KitConfiguration.class)
@ComponentScan
@ConfigurationPropertiesScan
@EnableJdbcRepositories
public class TermsServiceConfiguration {

    private static final String SCHEMA = "terms";
    private static final int DELIVERIES_AT_ONCE = 2;

    @Bean
    SchemaMigration termsSchema(DataSource dataSource) {
        return new SchemaMigration(dataSource, SCHEMA, "classpath:db/kit", "classpath:db/terms");
    }

    @Bean
    TemplateCatalog termsTemplates() {
        return TermsTemplates.catalog();
    }

    @Bean
    Keys termsKeys(SignetProperties signet, SecureRandom random, JdbcClient jdbc,
            PlatformTransactionManager transactions) {
        return new Keys(signet.dataDir().resolve("keys"), random, jdbc, new TransactionTemplate(transactions), SCHEMA);
    }

    @Bean
    RevocationJournal termsJournal(JournalFolder folder, @Qualifier("termsKeys") Keys keys, JdbcClient jdbc,
            Clock clock) {
        JournalInUse.note(folder, jdbc, SCHEMA);
        return new RevocationJournal(folder, SCHEMA, new KeyedHash(keys.open("journal", "j")), clock);
    }

    @Bean
    JwsKeys jwsKeys(@Qualifier("termsKeys") Keys keys) {
        return new JwsKeys(keys.open("receipt-signing", "r"));
    }

    @Bean
    Limits termsLimits(DataSource dataSource, PlatformTransactionManager transactions,
            @Qualifier("termsKeys") Keys keys, LimitProperties settings, Clock clock) {
        return new Limits(dataSource, transactions, SCHEMA, new KeyedHash(keys.open("limit", "b")), settings, clock);
    }

    @Bean
    KeyedHash openIdTokenHash(@Qualifier("termsKeys") Keys keys) {
        return new KeyedHash(keys.open("openid-token", "i"));
    }

    @Bean
    Outbox termsOutbox(DataSource dataSource, JdbcClient jdbc, @Qualifier("termsKeys") Keys keys, Accounts accounts,
            Overviews overviews, AllHoldings services, Acceptances acceptances, Tokens tokens, Policies policies,
            @Qualifier("termsLimits") Limits limits, Clock clock, SecureRandom random) {
        Chore expired = new Chore("delete-expired-tokens", Duration.ofHours(1), accounts::deleteExpired);
        Chore exchanged = new Chore("forget-used-openid-tokens", Duration.ofHours(1), accounts::forgetUsedOpenIdTokens);
        Chore secrets = new Chore("delete-expired-overview-links", Duration.ofHours(1), overviews::deleteExpired);
        keys.open(OperatorActions.PURPOSE, OperatorActions.KEY_PREFIX);
        Chore actions = new Chore("delete-old-operator-actions", Duration.ofDays(1),
                () -> new OperatorActions(SCHEMA).deleteOld(jdbc, clock));
        Chore buckets = new Chore("delete-full-limit-buckets", Duration.ofHours(1), limits::deleteFull);
        // No bean: couriers that are beans are the identity-server's, where both run in one process.
        EndHoldings endHoldings = new EndHoldings(services, acceptances, tokens, policies, clock);
        return new Outbox(dataSource, SCHEMA, new Sealing(keys.open("outbox", "o"), random), clock, random,
                List.of(endHoldings), List.of(expired, exchanged, secrets, buckets, actions), DELIVERIES_AT_ONCE);
    }
}
