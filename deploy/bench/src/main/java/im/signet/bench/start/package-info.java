/** How soon a server starts, and what it holds of the memory. */
@NullMarked
package im.signet.bench.start;

import org.jspecify.annotations.NullMarked;
