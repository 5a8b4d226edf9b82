package im.signet.kit.limit;

import im.signet.kit.metric.Tally;

/** How often each limit said no, whomever it said it to. */
public final class Refusals {

    private static final Tally.ByName REFUSALS = Tally.byName("signet.limit.refusals",
            "Requests, or messages of requests, that a limit let not pass", "limit");

    private Refusals() {}

    /** Declares the names of limits; the class with their settings does. */
    public static void declare(String... limits) {
        REFUSALS.declare(limits);
    }

    /** Counts one no of a limit. */
    public static void count(String limit) {
        REFUSALS.add(limit);
    }
}
