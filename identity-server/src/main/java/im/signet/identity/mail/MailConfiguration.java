package im.signet.identity.mail;

import im.signet.kit.outbox.Outbox;
import im.signet.kit.page.Templates;
import im.signet.kit.settings.SignetProperties;

import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;

import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Puts the two ends of the channel together: who writes mails, and who hands them over. */
@Configuration(proxyBeanMethods = false)
class MailConfiguration {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Duration TIME_LIMIT = Duration.ofMinutes(3);

    @Bean
    SmtpCourier smtpCourier(MailProperties settings, Clock clock, SecureRandom random) {
        return new SmtpCourier(settings, PATIENCE, TIME_LIMIT, clock, random);
    }

    @Bean
    Mailer mailer(@Qualifier("identityOutbox") Outbox outbox, SmtpCourier courier, Templates templates,
            MailProperties settings, SignetProperties signet, SecureRandom random) {
        return new Mailer(outbox, courier, templates, settings, signet, random);
    }
}
