/** The transport of applications that run on a JDK. */
@NullMarked
package im.signet.client.jdk;

import org.jspecify.annotations.NullMarked;
