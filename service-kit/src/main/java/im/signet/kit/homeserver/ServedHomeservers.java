package im.signet.kit.homeserver;

import im.signet.protocol.identifier.ServerName;

/** Which homeservers' users are served, and which homeservers are spoken to, now. */
@FunctionalInterface
public interface ServedHomeservers {

    /** Returns whether users of that homeserver are served. */
    boolean serves(ServerName server);
}
