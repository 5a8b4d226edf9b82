/** What every part of the protocol shares: how the reading of untrusted text ends. */
@NullMarked
package im.signet.protocol;

import org.jspecify.annotations.NullMarked;
