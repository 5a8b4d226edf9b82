/** Asks a running server whether it is ready. */
@NullMarked
package im.signet.standalone.health;

import org.jspecify.annotations.NullMarked;
