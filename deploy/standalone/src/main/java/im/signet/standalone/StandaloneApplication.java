package im.signet.standalone;

import im.signet.identity.IdentityServerConfiguration;
import im.signet.terms.TermsServiceConfiguration;

import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Import;

/** All services in one process, on one database, each in its own schema. */
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration
@Import({TermsServiceConfiguration.class, IdentityServerConfiguration.class, ManagementConfiguration.class})
public class StandaloneApplication {}
