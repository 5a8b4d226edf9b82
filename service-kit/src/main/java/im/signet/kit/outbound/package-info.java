/**
 * HTTPS to hosts that a stranger named: addresses are checked and pinned, and time, size and redirects are bounded.
 */
@NullMarked
package im.signet.kit.outbound;

import org.jspecify.annotations.NullMarked;
