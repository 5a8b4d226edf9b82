package im.signet.kit.holding;

import java.time.Instant;

/**
 * One thing that a service keeps of a user.
 *
 * @param id        names it among the user's; tells nothing else
 * @param kind      {@code email}, {@code msisdn} or {@code handle}
 * @param shown     how it may be shown: an address in a form that its owner recognises and nobody else can use
 * @param reachable whether a link can be sent there
 * @param since     when the service came to keep it
 */
public record Holding(String id, String kind, String shown, boolean reachable, Instant since) {}
