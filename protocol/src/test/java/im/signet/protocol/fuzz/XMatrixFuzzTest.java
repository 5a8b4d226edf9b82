package im.signet.protocol.fuzz;

import im.signet.protocol.Parsed;
import im.signet.protocol.signature.UnpaddedBase64;
import im.signet.protocol.signature.XMatrix;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

class XMatrixFuzzTest {
    @FuzzTest(maxDuration = "20s")
    void whatIsReadIsWrittenAndReadAgain(FuzzedDataProvider data) {
        String text = data.consumeRemainingAsString();
        Parsed<XMatrix> parsed = XMatrix.parse(text);
        if (parsed instanceof Parsed.Ok<XMatrix> ok) {
            XMatrix header = ok.value();
            assertTrue(XMatrix.isMeantBy(text));
            assertTrue(text.length() <= 4096);
            assertEquals(64, UnpaddedBase64.decode(header.signature()).orElseThrow().length);
            assertEquals(header, XMatrix.parse(header.toHeader()).orElseThrow());
            assertFalse(header.toHeader().chars().anyMatch(c -> c < ' ' || c > '~'));
        }
    }
}
