package im.signet.protocol.fuzz;

import im.signet.protocol.Parsed;
import im.signet.protocol.identifier.UserId;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

class UserIdFuzzTest {
    @FuzzTest(maxDuration = "20s")
    void whatIsAcceptedIsMadeOfItsParts(FuzzedDataProvider data) {
        if (UserId.parse(data.consumeRemainingAsString()) instanceof Parsed.Ok<UserId> ok) {
            UserId user = ok.value();

            assertEquals(user.value(), "@" + user.localpart() + ":" + user.serverName());
            assertTrue(user.value().length() <= 255);
            assertTrue(user.value().chars().allMatch(c -> c > ' ' && c <= '~'));
        }
    }
}
