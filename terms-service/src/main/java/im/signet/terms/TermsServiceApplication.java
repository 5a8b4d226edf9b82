package im.signet.terms;

import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Import;

/** The terms-service in a process of its own. */
@EnableAutoConfiguration
@Import(TermsServiceConfiguration.class)
public class TermsServiceApplication {}
