package im.signet.kit.outbound;

import im.signet.kit.metric.Tally;

/** How often others were asked, what for and with what success; never whom. */
public final class OutboundTally {

    private static final Tally.ByBoth<Purpose, Outcome> REQUESTS = Tally.by("signet.outbound.requests",
            "Requests to other servers", "purpose", Purpose.class, "outcome", Outcome.class);

    private static final OutboundTally INSTANCE = new OutboundTally();

    private OutboundTally() {}

    /** Returns the one there is. Whoever asks others keeps it as a constant, as it does a logger. */
    public static OutboundTally requests() {
        return INSTANCE;
    }

    /** What for. */
    public enum Purpose {
        /** Whose an OpenID token is. */
        OPENID,
        /** With which keys a homeserver signs. */
        KEYS,
        /** Where a homeserver is. */
        WELL_KNOWN,
        /** That an address was bound, and who invited it. */
        ONBIND,
        /** Another service of the operator, which runs apart. */
        SERVICE
    }

    /** What came of it. */
    public enum Outcome {
        /** An answer, of a status below 500. */
        ANSWERED,
        /** An answer that says that the server fails: 500 and above. */
        FAILED,
        /** We would not: an address that may not be connected to, too large an answer, a homeserver that is not served. */
        REFUSED,
        /** No complete answer in time. */
        UNREACHABLE
    }

    /** Counts one request. */
    public void count(Purpose purpose, Outcome outcome) {
        REQUESTS.add(purpose, outcome);
    }

    /** Counts one request, and returns what came of it. */
    public OutboundResult counted(Purpose purpose, OutboundResult result) {
        count(purpose, switch (result) {
            case OutboundResult.Answered answered -> answered.status() < 500 ? Outcome.ANSWERED : Outcome.FAILED;
            case OutboundResult.Refused _ -> Outcome.REFUSED;
            case OutboundResult.Unreachable _ -> Outcome.UNREACHABLE;
        });
        return result;
    }
}
