/** Fuzz tests of every parser; a normal run replays their committed inputs, {@code JAZZER_FUZZ=1} searches for new ones. */
@NullMarked
package im.signet.protocol.fuzz;

import org.jspecify.annotations.NullMarked;
