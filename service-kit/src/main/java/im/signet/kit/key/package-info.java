/// Secret keys, which lie in files outside the database: the files, and what is done with them (sealing, keyed hashes).
@NullMarked
package im.signet.kit.key;

import org.jspecify.annotations.NullMarked;
