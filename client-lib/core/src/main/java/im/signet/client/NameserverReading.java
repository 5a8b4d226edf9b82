package im.signet.client;

import im.signet.client.handle.Nameserver;

/** What came of asking a domain who keeps its handles. */
public sealed interface NameserverReading permits NameserverReading.Read, NameserverReading.None, Failure {
    /**
     * The domain says who does.
     *
     * @param nameserver the nameserver
     */
    record Read(Nameserver nameserver) implements NameserverReading {}

    /** The domain has no handles, or says nothing of them. */
    record None() implements NameserverReading {}
}
