/**
 * What we ask of homeservers, and how they are found (Server-Server API, "Server discovery").
 */
@NullMarked
package im.signet.kit.homeserver;

import org.jspecify.annotations.NullMarked;
