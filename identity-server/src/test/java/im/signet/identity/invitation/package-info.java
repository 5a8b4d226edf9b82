/// Tests of invitations, over real HTTP, SMTP and TLS.
@NullMarked
package im.signet.identity.invitation;

import org.jspecify.annotations.NullMarked;
