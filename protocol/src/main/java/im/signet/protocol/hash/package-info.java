/** What a client sends in place of an address when it looks for contacts. */
@NullMarked
package im.signet.protocol.hash;

import org.jspecify.annotations.NullMarked;
