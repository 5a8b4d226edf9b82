/** Where a client keeps keys: an interface, and a file that a passphrase opens. */
@NullMarked
package im.signet.client.secret;

import org.jspecify.annotations.NullMarked;
