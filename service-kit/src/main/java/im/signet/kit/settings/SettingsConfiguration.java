package im.signet.kit.settings;

import java.security.SecureRandom;
import java.time.Clock;

import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;

/** The shared settings, and the clock and the source of chance that everything else takes by its constructor. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(SignetProperties.class)
public class SettingsConfiguration {

    @Bean
    static UnknownSettings unknownSettings(Environment environment) {
        return new UnknownSettings(environment);
    }

    @Bean
    @ConditionalOnMissingBean
    Clock clock() {
        return Clock.systemUTC();
    }

    @Bean
    SecureRandom secureRandom() {
        return new SecureRandom();
    }
}
