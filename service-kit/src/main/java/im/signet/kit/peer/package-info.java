/// How one of our services asks another that runs in a process of its own.
@NullMarked
package im.signet.kit.peer;

import org.jspecify.annotations.NullMarked;
