package im.signet.identity.validation.sms;

import im.signet.identity.validation.TokenMessenger;
import im.signet.kit.outbox.Courier;
import im.signet.kit.outbox.Outbox;
import im.signet.kit.page.Templates;

import java.time.Clock;
import java.time.Duration;

import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** SMS as the way that codes take. */
@Configuration(proxyBeanMethods = false)
class SmsConfiguration {

    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    @Bean
    Courier smsCourier(SmsProperties settings, Clock clock) {
        return new HttpSmsCourier(settings, TIMEOUT, clock);
    }

    @Bean
    TokenMessenger smsMessenger(@Qualifier("identityOutbox") Outbox outbox, Templates templates,
            SmsProperties settings) {
        return new SmsTokenMessenger(outbox, templates, settings);
    }
}
