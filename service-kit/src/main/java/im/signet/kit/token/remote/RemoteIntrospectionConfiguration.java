package im.signet.kit.token.remote;

import im.signet.kit.peer.Peer;
import im.signet.kit.settings.SignetProperties;
import im.signet.kit.settings.UnusableSettingException;
import im.signet.kit.token.TokenIntrospection;

import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;

import com.github.benmanes.caffeine.cache.Ticker;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The terms-service as a process of its own: what a service imports that runs apart from it. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(TermsServiceProperties.class)
public class RemoteIntrospectionConfiguration {

    // Requests of people wait for it; a terms-service that is well answers in milliseconds.
    private static final Duration TIMEOUT = Duration.ofSeconds(3);

    @Bean
    Peer termsService(TermsServiceProperties settings, Clock clock) {
        try {
            return new Peer(settings.url(), settings.clientId(), settings.clientSecret(), settings.authorities(),
                    TIMEOUT, clock);
        } catch (IllegalArgumentException unusable) {
            throw new UnusableSettingException("The setting signet.terms-service.ca-file cannot be used: "
                    + unusable.getMessage() + ".", "Name a file with at least one certificate in PEM form.");
        }
    }

    @Bean
    TermsService askingTermsService(TermsServiceProperties settings, SignetProperties signet) {
        String issuer = Optional.ofNullable(settings.issuer())
                .map(URI::toString)
                .map(url -> url.endsWith("/") ? url.substring(0, url.length() - 1) : url)
                .orElseGet(() -> signet.publicUrlOf(""));
        return new TermsService(issuer, settings.clientId(), settings.clientSecret());
    }

    @Bean
    TokenIntrospection remoteIntrospection(@Qualifier("termsService") Peer peer, TermsService termsService,
            TermsServiceProperties settings, Clock clock) {
        return new RemoteIntrospection(peer,
                new SignedAnswers(new TermsServiceKeys(peer, clock), termsService.issuer(), settings.clientId(), clock),
                Ticker.systemTicker());
    }
}
