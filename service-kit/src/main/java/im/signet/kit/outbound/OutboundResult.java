package im.signet.kit.outbound;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * What came of a request to a host that a stranger named. Reasons are safe to log: they name the host and what
 * happened, never a query, a body or an address that a name resolved to. They are not for the stranger, whom they would
 * tell which ports of a network answer.
 */
public sealed interface OutboundResult {

    /** The host answered completely and within the limits, with whatever status. */
    final class Answered implements OutboundResult {

        private final int status;
        private final Map<String, List<String>> headers;
        private final byte[] body;

        Answered(int status, Map<String, List<String>> headers, byte[] body) {
            this.status = status;
            this.headers = headers;
            this.body = body;
        }

        /** Returns the HTTP status. */
        public int status() {
            return status;
        }

        /** Returns the first value of a header, whose name may be in any case. */
        public Optional<String> header(String name) {
            return headers(name).stream().findFirst();
        }

        /** Returns all values of a header, whose name may be in any case, in the order received. */
        public List<String> headers(String name) {
            return headers.getOrDefault(name.toLowerCase(Locale.ROOT), List.of());
        }

        /** Returns a copy of the body, of no bytes when there is none. */
        public byte[] body() {
            return body.clone();
        }

        /** Returns the status and the length, nothing of what was said. */
        @Override
        public String toString() {
            return "Answered[" + status + ", " + body.length + " bytes]";
        }
    }

    /**
     * We would not go on: an address that may not be connected to, an answer too large, a redirect too many.
     *
     * @param reason safe to log
     */
    record Refused(String reason) implements OutboundResult {}

    /**
     * No complete answer: no such name, no connection, no valid certificate, too slow, broken off.
     *
     * @param reason safe to log
     */
    record Unreachable(String reason) implements OutboundResult {}
}
