/// How often something may be done: token buckets in PostgreSQL, which every replica shares.
@NullMarked
package im.signet.kit.limit;

import org.jspecify.annotations.NullMarked;
