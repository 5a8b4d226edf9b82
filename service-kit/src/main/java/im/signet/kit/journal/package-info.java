/// The journal of revocations: what was ended, as keyed hashes, in files outside the database, so that no backup that
/// is
/// brought back makes it hold again. See `docs/howto/backup.md`.
@NullMarked
package im.signet.kit.journal;

import org.jspecify.annotations.NullMarked;
