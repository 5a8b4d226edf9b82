package im.signet.standalone;

import im.signet.identity.IdentityServerConfiguration;
import im.signet.kit.settings.UnusableSettingException;
import im.signet.names.NamesConfiguration;
import im.signet.terms.TermsServiceConfiguration;

import java.util.Map;
import java.util.stream.Stream;

import org.springframework.beans.factory.config.BeanFactoryPostProcessor;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
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
        return _ -> {
            Stream.concat(Stream.of("signet.terms-service.url"), ownServicesElsewhere(environment))
                    .filter(environment::containsProperty)
                    .findFirst()
                    .ifPresent(setting -> {
                        throw new UnusableSettingException("The setting " + setting
                                + " is for services that run apart, and this process serves all.",
                                "Remove it, or start the services one by one: signet serve terms, signet serve identity, signet serve names.");
                    });
        };
    }

    // A url says where a service keeps what is shown and ended with the terms; here that is this process.
    private static Stream<String> ownServicesElsewhere(Environment environment) {
        return Binder.get(environment)
                .bind("signet.introspection.clients", Bindable.mapOf(String.class, Object.class))
                .orElse(Map.of())
                .keySet()
                .stream()
                .map(name -> "signet.introspection.clients." + name + ".url");
    }
}
