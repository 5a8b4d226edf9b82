package im.signet.client;

import java.net.URI;

/** What came of looking for a homeserver. */
public sealed interface HomeserverReading permits HomeserverReading.Found, HomeserverReading.Nothing, Failure {
    /**
     * There is one.
     *
     * @param baseUrl its address, for {@link Homeserver#at}
     */
    record Found(URI baseUrl) implements HomeserverReading {}

    /** The host does not say where it is: ask the user. */
    record Nothing() implements HomeserverReading {}
}
