/** Files that are replaced as a whole or not at all: what the stores of contacts and of secrets share. */
@NullMarked
package im.signet.client.file;

import org.jspecify.annotations.NullMarked;
