/// Where a bench takes place: servers, a PostgreSQL, a homeserver and a mail catcher, all real and on loopback.
@NullMarked
package im.signet.bench.place;

import org.jspecify.annotations.NullMarked;
