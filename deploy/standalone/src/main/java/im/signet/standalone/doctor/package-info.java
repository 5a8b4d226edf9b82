/// `signet doctor`: looks at a server from inside and outside, each thing by itself, and says what is wrong and how to
/// mend it.
@NullMarked
package im.signet.standalone.doctor;

import org.jspecify.annotations.NullMarked;
