/** The names of the protocol: servers, users, addresses (3PIDs) and validation sessions, each with its grammar. */
@NullMarked
package im.signet.protocol.identifier;

import org.jspecify.annotations.NullMarked;
