package im.signet.names;

import im.signet.kit.holding.remote.HoldingsEndpoint;
import im.signet.kit.token.remote.RemoteIntrospectionConfiguration;

import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Import;

/** The nameserver in a process of its own: it asks a terms-service elsewhere whose a token is, and is asked by it. */
@EnableAutoConfiguration
@Import({NamesConfiguration.class, RemoteIntrospectionConfiguration.class, HoldingsEndpoint.class})
public class NamesApplication {}
