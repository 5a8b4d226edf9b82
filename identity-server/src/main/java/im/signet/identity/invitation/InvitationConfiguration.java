package im.signet.identity.invitation;

import im.signet.identity.address.AddressesAtRest;
import im.signet.kit.key.KeyedHash;
import im.signet.kit.key.Keys;
import im.signet.kit.key.Sealing;

import java.security.SecureRandom;
import java.time.Clock;

import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

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
            @Qualifier("identityKeys") Keys keys, Clock clock) {
        return new UnwillingAddresses(repository, atRest, new KeyedHash(keys.open("invitation-link", "n")), clock);
    }
}
