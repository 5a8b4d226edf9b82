/** The errors of the Matrix identity service and their HTTP statuses. */
@NullMarked
package im.signet.protocol.error;

import org.jspecify.annotations.NullMarked;
