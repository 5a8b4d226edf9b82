/// What operators did by commands: a line for each change, written together with it.
@NullMarked
package im.signet.kit.audit;

import org.jspecify.annotations.NullMarked;
