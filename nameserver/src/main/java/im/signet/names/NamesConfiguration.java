package im.signet.names;

import im.signet.kit.KitConfiguration;
import im.signet.kit.audit.OperatorActions;
import im.signet.kit.database.SchemaMigration;
import im.signet.kit.journal.JournalFolder;
import im.signet.kit.journal.JournalInUse;
import im.signet.kit.journal.RevocationJournal;
import im.signet.kit.key.KeyedHash;
import im.signet.kit.key.Keys;
import im.signet.kit.key.PublicSeeds;
import im.signet.kit.key.Sealing;
import im.signet.kit.limit.LimitProperties;
import im.signet.kit.limit.Limits;
import im.signet.kit.outbox.Chore;
import im.signet.kit.outbox.Outbox;
import im.signet.kit.page.TemplateCatalog;
import im.signet.kit.settings.SignetProperties;
import im.signet.names.handle.HandleLife;
import im.signet.names.key.StatusKeys;
import im.signet.names.registration.Challenges;
import im.signet.names.registration.InviteCodes;
import im.signet.names.store.NameHashes;

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
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/// The nameserver as a configuration. It needs a [im.signet.kit.token.TokenIntrospection], which the terms-service
/// brings
/// where both run in one process.
@Configuration(proxyBeanMethods = false)
@Import(KitConfiguration.class)
@ComponentScan
@ConfigurationPropertiesScan
public class NamesConfiguration {

    private static final String SCHEMA = "names";

    @Bean
    SchemaMigration namesSchema(DataSource dataSource) {
        return new SchemaMigration(dataSource, SCHEMA, "classpath:db/kit", "classpath:db/names");
    }

    @Bean
    TemplateCatalog namesTemplates() {
        return NamesTemplates.catalog();
    }

    @Bean
    Keys namesKeys(SignetProperties signet, SecureRandom random, JdbcClient jdbc,
            PlatformTransactionManager transactions) {
        return new Keys(signet.dataDir().resolve("keys"), random, jdbc, new TransactionTemplate(transactions), SCHEMA);
    }

    @Bean
    RevocationJournal namesJournal(JournalFolder folder, @Qualifier("namesKeys") Keys keys, JdbcClient jdbc,
            Clock clock) {
        JournalInUse.note(folder, jdbc, SCHEMA);
        return new RevocationJournal(folder, SCHEMA, new KeyedHash(keys.open("journal", "j")), clock);
    }

    @Bean
    StatusKeys statusKeys(@Qualifier("namesKeys") Keys keys) {
        return new StatusKeys(keys.open("status-signing", "s", PublicSeeds::refuse));
    }

    @Bean
    NameHashes nameHashes(@Qualifier("namesKeys") Keys keys) {
        return new NameHashes(new KeyedHash(keys.open("handle-hash", "n")));
    }

    @Bean
    Limits namesLimits(DataSource dataSource, PlatformTransactionManager transactions,
            @Qualifier("namesKeys") Keys keys, LimitProperties settings, Clock clock) {
        return new Limits(dataSource, transactions, SCHEMA, new KeyedHash(keys.open("limit", "b")), settings, clock);
    }

    @Bean
    Outbox namesOutbox(DataSource dataSource, JdbcClient jdbc, @Qualifier("namesKeys") Keys keys, HandleLife handles,
            Challenges challenges, InviteCodes invites, @Qualifier("namesLimits") Limits limits, Clock clock,
            SecureRandom random) {
        Chore life = new Chore("end-lapsed-handles", Duration.ofHours(1), handles::goOn);
        Chore unanswered = new Chore("delete-expired-challenges", Duration.ofMinutes(10), challenges::deleteExpired);
        Chore unused = new Chore("delete-expired-invites", Duration.ofHours(1), invites::deleteExpired);
        keys.open(OperatorActions.PURPOSE, OperatorActions.KEY_PREFIX);
        Chore actions = new Chore("delete-old-operator-actions", Duration.ofDays(1),
                () -> new OperatorActions(SCHEMA).deleteOld(jdbc, clock));
        Chore buckets = new Chore("delete-full-limit-buckets", Duration.ofHours(1), limits::deleteFull);
        return new Outbox(dataSource, SCHEMA, new Sealing(keys.open("outbox", "o"), random), clock, random, List.of(),
                List.of(life, unanswered, unused, buckets, actions), 1);
    }
}
