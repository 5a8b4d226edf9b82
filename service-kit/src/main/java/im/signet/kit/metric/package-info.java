/// What a service counts, and what it can say of its state: for whoever runs it, and never about anybody. The values of
/// labels are constants of this code, so that no stranger can choose one.
@NullMarked
package im.signet.kit.metric;

import org.jspecify.annotations.NullMarked;
