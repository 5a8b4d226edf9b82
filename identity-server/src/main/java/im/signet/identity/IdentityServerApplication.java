package im.signet.identity;

import im.signet.kit.holding.remote.HoldingsEndpoint;
import im.signet.kit.token.remote.RemoteIntrospectionConfiguration;

import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Import;

/** The identity-server in a process of its own: it asks a terms-service elsewhere whose a token is, and is asked by it. */
@EnableAutoConfiguration
@Import({IdentityServerConfiguration.class, RemoteIntrospectionConfiguration.class, HoldingsEndpoint.class})
public class IdentityServerApplication {}
