package im.signet.terms.account;

import im.signet.protocol.identifier.ServerName;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;

/**
 * A token by which a homeserver vouches for one of its users, as a client hands it on.
 *
 * @param homeserver the homeserver that is said to have made it
 * @param value      the token; a secret
 * @param expiresIn  for how many seconds the homeserver is said to know it; empty when the client says nothing sensible
 */
record OpenIdToken(ServerName homeserver, String value, Optional<Long> expiresIn) {

    private static final Duration SHORTEST_MEMORY = Duration.ofHours(24);
    private static final Duration LONGEST_MEMORY = Duration.ofDays(30);

    /** Returns what tells it from all others. */
    byte[] identity() {
        return (homeserver.value() + "\0" + value).getBytes(StandardCharsets.UTF_8);
    }

    /**
     * Returns how long its use has to be remembered: until the homeserver no longer knows it. Nobody but the client says how
     * long that is, so a short time is not believed, as it would let the token be used again, and a very long one is cut; who
     * says nothing is believed least.
     */
    Duration memory() {
        return expiresIn.filter(seconds -> seconds > 0 && seconds < LONGEST_MEMORY.toSeconds())
                .map(Duration::ofSeconds)
                .map(life -> life.compareTo(SHORTEST_MEMORY) < 0 ? SHORTEST_MEMORY : life)
                .orElse(LONGEST_MEMORY);
    }

    @Override
    public String toString() {
        return "OpenIdToken[" + homeserver + ", hidden]";
    }
}
