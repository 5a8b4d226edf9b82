package im.signet.bench.faults;

import java.net.URI;
import java.time.Instant;
import java.util.List;

/**
 * A mail that arrived.
 *
 * @param at    when it was seen
 * @param id    its Message-ID
 * @param links what it links to
 */
record Mail(Instant at, String to, String id, List<URI> links) {

    /** Keeps a copy of the list. */
    Mail {
        links = List.copyOf(links);
    }
}
