/// `./signet bench`: programs that try what a running Signet bears, for whoever wants to see it for themselves.
@NullMarked
package im.signet.bench;

import org.jspecify.annotations.NullMarked;
