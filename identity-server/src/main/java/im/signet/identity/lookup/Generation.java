package im.signet.identity.lookup;

import im.signet.protocol.hash.Pepper;

import java.time.Instant;

import org.jspecify.annotations.Nullable;

/**
 * A pepper, and how far the lookup entries that were made with it have come.
 *
 * @param id           names it; a later one is greater
 * @param currentSince when clients were first told to hash with it; null while it is under construction
 * @param builtTo      the association up to which entries exist; later ones have theirs from when they were bound
 */
record Generation(long id, Pepper pepper, @Nullable Instant currentSince, long builtTo) {}
