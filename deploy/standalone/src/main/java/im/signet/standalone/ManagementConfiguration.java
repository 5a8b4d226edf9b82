package im.signet.standalone;

import im.signet.standalone.config.Contradictions;
import im.signet.standalone.observe.ObserveConfiguration;

import org.springframework.beans.factory.config.BeanFactoryPostProcessor;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.core.env.Environment;
import org.springframework.security.config.observation.SecurityObservationSettings;

/** Health and metrics, on a port that the operator opens, and that is not the public one. */
@Configuration(proxyBeanMethods = false)
@Import(ObserveConfiguration.class)
class ManagementConfiguration {

    /** Stops the start where everybody could ask for them. */
    @Bean
    static BeanFactoryPostProcessor portOfItsOwn(Environment environment) {
        return _ -> Contradictions.onThePublicPort(environment).stream().findFirst().ifPresent(wrong -> {
            throw wrong;
        });
    }

    /** Requests are measured once, as a whole, and not each step of their authorisation. */
    @Bean
    SecurityObservationSettings unmeasuredAuthorisation() {
        return SecurityObservationSettings.noObservations();
    }
}
