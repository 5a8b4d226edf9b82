package im.signet.kit.outbound;

import im.signet.kit.outbound.OutboundResult.Answered;
import im.signet.kit.outbound.OutboundResult.Refused;
import im.signet.kit.outbound.OutboundResult.Unreachable;

import static org.assertj.core.api.Assertions.assertThat;

/** What tests expect of requests. */
final class Outcomes {

    private Outcomes() {}

    static Answered answered(OutboundResult result) {
        assertThat(result).isInstanceOf(Answered.class);
        return (Answered) result;
    }

    static void assertRefused(OutboundResult result, String... words) {
        assertThat(result).isInstanceOfSatisfying(Refused.class, refused -> assertSays(refused.reason(), words));
    }

    static void assertUnreachable(OutboundResult result, String... words) {
        assertThat(result).isInstanceOfSatisfying(Unreachable.class, down -> assertSays(down.reason(), words));
    }

    private static void assertSays(String reason, String... words) {
        assertThat(words).allSatisfy(word -> assertThat(reason).contains(word));
    }
}
