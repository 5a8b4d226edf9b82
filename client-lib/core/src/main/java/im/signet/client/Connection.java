package im.signet.client;

/** What came of connecting to a server. */
public sealed interface Connection permits Connection.Connected, Failure {
    /**
     * The server knows the user and has recorded which policies they accept.
     *
     * @param session the way to everything else
     */
    record Connected(Session session) implements Connection {}
}
