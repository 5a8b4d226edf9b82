package im.signet.terms;

import im.signet.kit.holding.remote.RemoteHoldingsRegistrar;

import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Import;

/** The terms-service in a process of its own: it asks services elsewhere what they keep of users. */
@EnableAutoConfiguration
@Import({TermsServiceConfiguration.class, RemoteHoldingsRegistrar.class})
public class TermsServiceApplication {}
