/// The program of `./signet demo`: one discovery from end to end, with real servers and the real client library.
@NullMarked
package im.signet.demo.walk;

import org.jspecify.annotations.NullMarked;
