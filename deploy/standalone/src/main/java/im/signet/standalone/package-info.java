/// All services in one process: `signet.jar`.
@NullMarked
package im.signet.standalone;

import org.jspecify.annotations.NullMarked;
