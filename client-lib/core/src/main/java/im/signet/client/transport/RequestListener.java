package im.signet.client.transport;

/**
 * Sees every request before it is sent and decides whether it is. It is called on the thread that made the call, in the
 * order of the requests, and may ask the user before it returns.
 */
@FunctionalInterface
public interface RequestListener {
    /** What becomes of a request. */
    enum Verdict {
        /** The request is sent. */
        SEND,
        /** Nothing is sent; the operation ends with {@link im.signet.client.Failure.Vetoed}. */
        VETO
    }

    /** Returns what shall become of {@code request}. An exception from here reaches the caller, and nothing is sent. */
    Verdict beforeSending(PlannedRequest request);

    /** Returns the listener that lets everything pass. */
    static RequestListener silent() {
        return request -> Verdict.SEND;
    }
}
