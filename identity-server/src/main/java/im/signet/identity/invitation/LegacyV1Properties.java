package im.signet.identity.invitation;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * What of version 1 of the API is still answered, because shipping clients call it.
 *
 * @param signEd25519 whether {@code POST /_matrix/identity/api/v1/sign-ed25519} is: Element on Android accepts invitations
 *                    by it
 */
@ConfigurationProperties("signet.legacy-v1")
record LegacyV1Properties(@DefaultValue("true") boolean signEd25519) {}
