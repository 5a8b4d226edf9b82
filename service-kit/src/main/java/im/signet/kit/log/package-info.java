/// What a log may hold: never what people send. Messages of exceptions quote it, and so do libraries that explain
/// themselves.
@NullMarked
package im.signet.kit.log;

import org.jspecify.annotations.NullMarked;
