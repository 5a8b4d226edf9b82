/** Real servers on loopback, for {@code ./signet demo} and for tests: a homeserver, a certificate authority and two mail servers. */
@NullMarked
package im.signet.demo;

import org.jspecify.annotations.NullMarked;
