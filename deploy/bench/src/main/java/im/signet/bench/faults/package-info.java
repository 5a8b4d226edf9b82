/// `./signet bench faults`: writers, faults at random moments, and a checker that compares what was acknowledged with
/// what is there.
@NullMarked
package im.signet.bench.faults;

import org.jspecify.annotations.NullMarked;
