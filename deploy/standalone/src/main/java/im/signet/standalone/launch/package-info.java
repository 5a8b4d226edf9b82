/** The first class that runs, compiled for Java 17: it finds the newer JDK that the server needs. */
@NullMarked
package im.signet.standalone.launch;

import org.jspecify.annotations.NullMarked;
