package im.signet.identity;

import im.signet.identity.address.AddressesAtRest;
import im.signet.identity.association.Associations;
import im.signet.identity.block.BlockedAddresses;
import im.signet.identity.invitation.Invitations;
import im.signet.identity.key.SigningKeys;
import im.signet.identity.validation.TokensAtRest;
import im.signet.identity.validation.Validation;
import im.signet.kit.KitConfiguration;
import im.signet.kit.audit.OperatorActions;
import im.signet.kit.database.SchemaMigration;
import im.signet.kit.homeserver.FederationRequests;
import im.signet.kit.homeserver.HomeserverKeys;
import im.signet.kit.journal.JournalFolder;
import im.signet.kit.journal.JournalInUse;
import im.signet.kit.journal.RevocationJournal;
import im.signet.kit.key.KeyedHash;
import im.signet.kit.key.Keys;
import im.signet.kit.key.Sealing;
import im.signet.kit.limit.LimitProperties;
import im.signet.kit.limit.Limits;
import im.signet.kit.outbox.Chore;
import im.signet.kit.outbox.Courier;
import im.signet.kit.outbox.Outbox;
import im.signet.kit.page.TemplateCatalog;
import im.signet.kit.settings.SignetProperties;

import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import javax.sql.DataSource;

import org.springframework.beans.factory.ObjectProvider;
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

/// The identity-server as a configuration. It needs a [im.signet.kit.token.TokenIntrospection], which the terms-service
/// brings where both run in one process.
@Configuration(proxyBeanMethods = false)
@Import(KitConfiguration.class)
@ComponentScan
@ConfigurationPropertiesScan
@EnableJdbcRepositories
public class IdentityServerConfiguration {

    private static final String SCHEMA = "identity";
    private static final int DELIVERIES_AT_ONCE = 4;

    @Bean
    SchemaMigration identitySchema(DataSource dataSource) {
        return new SchemaMigration(dataSource, SCHEMA, "classpath:db/kit", "classpath:db/identity");
    }

    @Bean
    TemplateCatalog identityTemplates() {
        return IdentityTemplates.catalog();
    }

    @Bean
    Keys identityKeys(SignetProperties signet, SecureRandom random, JdbcClient jdbc,
            PlatformTransactionManager transactions) {
        return new Keys(signet.dataDir().resolve("keys"), random, jdbc, new TransactionTemplate(transactions), SCHEMA);
    }

    @Bean
    RevocationJournal identityJournal(JournalFolder folder, @Qualifier("identityKeys") Keys keys, JdbcClient jdbc,
            Clock clock) {
        JournalInUse.note(folder, jdbc, SCHEMA);
        return new RevocationJournal(folder, SCHEMA, new KeyedHash(keys.open("journal", "j")), clock);
    }

    @Bean
    AddressesAtRest addressesAtRest(@Qualifier("identityKeys") Keys keys, SecureRandom random) {
        return new AddressesAtRest(new Sealing(keys.open("address", "a"), random),
                new KeyedHash(keys.open("address-hash", "h")));
    }

    @Bean
    TokensAtRest tokensAtRest(@Qualifier("identityKeys") Keys keys) {
        return new TokensAtRest(new KeyedHash(keys.open("validation-token", "v")));
    }

    @Bean
    SigningKeys signingKeys(@Qualifier("identityKeys") Keys keys, SignetProperties signet) {
        return new SigningKeys(signet.serverName(), keys.open("signing", "ed25519:", SigningKeys::check));
    }

    @Bean
    KeyedHash lookupHash(@Qualifier("identityKeys") Keys keys) {
        return new KeyedHash(keys.open("lookup-hash", "l"));
    }

    @Bean
    KeyedHash lookupBudgetHash(@Qualifier("identityKeys") Keys keys) {
        return new KeyedHash(keys.open("lookup-budget", "q"));
    }

    @Bean
    Limits identityLimits(DataSource dataSource, PlatformTransactionManager transactions,
            @Qualifier("identityKeys") Keys keys, LimitProperties settings, Clock clock) {
        return new Limits(dataSource, transactions, SCHEMA, new KeyedHash(keys.open("limit", "b")), settings, clock);
    }

    @Bean
    FederationRequests federationRequests(HomeserverKeys keys, SignetProperties signet) {
        return new FederationRequests(keys, signet.names());
    }

    @Bean
    Outbox identityOutbox(DataSource dataSource, JdbcClient jdbc, @Qualifier("identityKeys") Keys keys,
            List<Courier> couriers,
            ObjectProvider<Validation> validation, ObjectProvider<Associations> associations,
            ObjectProvider<Invitations> invitations, BlockedAddresses blocked,
            @Qualifier("rotatePepper") Chore rotatePepper,
            @Qualifier("identityLimits") Limits limits, Clock clock, SecureRandom random) {
        Chore sessions = new Chore("delete-old-validation-sessions", Duration.ofHours(1),
                () -> validation.getObject().deleteOld());
        Chore proofs = new Chore("forget-proofs-of-unbound-addresses", Duration.ofHours(1),
                () -> associations.getObject().forgetProofsBefore(validation.getObject().oldestUsableProof()));
        Chore expired = new Chore("delete-expired-invitations", Duration.ofHours(1),
                () -> invitations.getObject().deleteExpired());
        keys.open(OperatorActions.PURPOSE, OperatorActions.KEY_PREFIX);
        Chore actions = new Chore("delete-old-operator-actions", Duration.ofDays(1),
                () -> new OperatorActions(SCHEMA).deleteOld(jdbc, clock));
        Chore buckets = new Chore("delete-full-limit-buckets", Duration.ofHours(1), limits::deleteFull);
        return new Outbox(dataSource, SCHEMA, new Sealing(keys.open("outbox", "o"), random), clock, random, couriers,
                List.of(sessions, proofs, expired, rotatePepper, buckets, actions), DELIVERIES_AT_ONCE,
                blocked::containRecipient);
    }
}
