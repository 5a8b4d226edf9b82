/** Files that are replaced as a whole or not at all. Not exported: what the stores of this library share. */
@NullMarked
package im.signet.client.file;

import org.jspecify.annotations.NullMarked;
