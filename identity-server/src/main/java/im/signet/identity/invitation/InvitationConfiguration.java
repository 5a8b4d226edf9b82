package im.signet.identity.invitation;

import im.signet.identity.address.AddressesAtRest;
import im.signet.kit.journal.RevocationJournal;
import im.signet.kit.key.KeyedHash;
import im.signet.kit.key.Keys;
import im.signet.kit.key.Sealing;

import java.security.SecureRandom;
import java.time.Clock;

import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** The keys of the invitations. */
@Configuration(proxyBeanMethods = false)
class InvitationConfiguration {

    @Bean
    PayloadsAtRest invitationPayloads(@Qualifier("identityKeys") Keys keys, SecureRandom random) {
        return new PayloadsAtRest(new Sealing(keys.open("invitation", "i"), random));
    }

    @Bean
    KeyedHash inviterHash(@Qualifier("identityKeys") Keys keys) {
        return new KeyedHash(keys.open("inviter", "s"));
    }

    @Bean
    UnwillingAddresses unwillingAddresses(InvitationRepository repository, AddressesAtRest atRest,
            @Qualifier("identityKeys") Keys keys, @Qualifier("identityJournal") RevocationJournal journal,
            PlatformTransactionManager transactions, Clock clock) {
        return new UnwillingAddresses(repository, atRest, new KeyedHash(keys.open("invitation-link", "n")), journal,
                new TransactionTemplate(transactions), clock);
    }
}
