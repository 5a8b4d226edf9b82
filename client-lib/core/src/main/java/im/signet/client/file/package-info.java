/** Files that are replaced as a whole or not at all: what the stores of this library share, the contact book's among them. */
@NullMarked
package im.signet.client.file;

import org.jspecify.annotations.NullMarked;
