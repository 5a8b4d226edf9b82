package im.signet.protocol.fuzz;

import im.signet.protocol.Parsed;
import im.signet.protocol.identifier.Address;
import im.signet.protocol.identifier.Medium;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

class MsisdnFuzzTest {
    @FuzzTest(maxDuration = "20s")
    void whatIsAcceptedIsANumber(FuzzedDataProvider data) {
        String text = data.consumeRemainingAsString();
        if (Address.parse(Medium.MSISDN, text) instanceof Parsed.Ok<Address> ok) {
            assertEquals(text, ok.value().value());
            assertEquals(text, Long.toString(Long.parseLong(text)));
            assertTrue(text.length() >= 5 && text.length() <= 15);
            assertEquals(Parsed.ok(text), Address.lowerCased(Medium.MSISDN, text));
        }
    }
}
