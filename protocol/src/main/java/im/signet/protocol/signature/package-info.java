/** Ed25519 keys and signed JSON, as the Matrix specification's appendices define them. */
@NullMarked
package im.signet.protocol.signature;

import org.jspecify.annotations.NullMarked;
