/// Backups of a server's database and keys, made beside running servers, and what brings them back without bringing
/// back what
/// was ended since. Needs no programs of PostgreSQL. See `docs/howto/backup.md`.
@NullMarked
package im.signet.standalone.backup;

import org.jspecify.annotations.NullMarked;
