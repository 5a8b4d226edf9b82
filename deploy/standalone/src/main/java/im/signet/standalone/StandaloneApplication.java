package im.signet.standalone;

import im.signet.identity.IdentityServerConfiguration;
import im.signet.names.NamesConfiguration;
import im.signet.standalone.config.Contradictions;
import im.signet.terms.TermsServiceConfiguration;

import org.springframework.beans.factory.config.BeanFactoryPostProcessor;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.core.env.Environment;

/** All services in one process, on one database, each in its own schema. */
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration
@Import({TermsServiceConfiguration.class, IdentityServerConfiguration.class, NamesConfiguration.class,
    ManagementConfiguration.class})
public class StandaloneApplication {

    /** Stops the start on settings of another deployment, which would be ignored. */
    @Bean
    static BeanFactoryPostProcessor nothingElsewhere(Environment environment) {
        return _ -> Contradictions.elsewhere(environment).stream().findFirst().ifPresent(wrong -> {
            throw wrong;
        });
    }
}
