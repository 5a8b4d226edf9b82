/// Whose the files are that a server and its operator write.
@NullMarked
package im.signet.kit.file;

import org.jspecify.annotations.NullMarked;
