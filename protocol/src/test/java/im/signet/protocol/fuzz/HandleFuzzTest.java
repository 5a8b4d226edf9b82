package im.signet.protocol.fuzz;

import im.signet.protocol.handle.Handle;
import im.signet.protocol.handle.HandleDomain;
import im.signet.protocol.handle.Verdict;

import java.net.IDN;
import java.util.Locale;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

class HandleFuzzTest {
    @FuzzTest(maxDuration = "20s")
    void whatIsAcceptedIsInItsOneForm(FuzzedDataProvider data) {
        String text = data.consumeRemainingAsString();
        if (Handle.parse(text) instanceof Verdict.Valid<Handle> valid) {
            Handle handle = valid.value();

            assertEquals(text, handle.toString());
            assertEquals(handle, new Handle(handle.localPart(), handle.domain()));
            assertTrue(text.length() <= 286);
            assertTrue(text.chars().allMatch(c -> c > ' ' && c <= '~'));
            assertEquals(text.toLowerCase(Locale.ROOT), text);
        }
        if (HandleDomain.parse(text).isValid()) {
            assertEquals(text, IDN.toASCII(text));
        }
    }
}
