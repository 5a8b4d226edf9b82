/** JSON without leniency: a strict parser, an immutable model and Matrix's canonical form. */
@NullMarked
package im.signet.protocol.json;

import org.jspecify.annotations.NullMarked;
