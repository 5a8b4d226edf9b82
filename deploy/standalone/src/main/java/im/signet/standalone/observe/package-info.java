/// What an operator can see of a running server, on the management port: whether it lives and is ready, and what
/// it counts.
@NullMarked
package im.signet.standalone.observe;

import org.jspecify.annotations.NullMarked;
