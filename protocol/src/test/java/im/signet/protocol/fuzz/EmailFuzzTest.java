package im.signet.protocol.fuzz;

import im.signet.protocol.Parsed;
import im.signet.protocol.identifier.Address;
import im.signet.protocol.identifier.Medium;

import java.nio.charset.StandardCharsets;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import com.ibm.icu.lang.UCharacter;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

class EmailFuzzTest {
    @FuzzTest(maxDuration = "20s")
    void whatIsAcceptedIsCanonicalAndSafeToMail(FuzzedDataProvider data) {
        String text = data.consumeRemainingAsString();
        Address.lowerCased(Medium.EMAIL, text)
                .toOptional()
                .ifPresent(lower -> assertEquals(Parsed.ok(lower), Address.lowerCased(Medium.EMAIL, lower)));
        if (Address.parse(Medium.EMAIL, text) instanceof Parsed.Ok<Address> ok) {
            String address = ok.value().value();

            assertEquals(UCharacter.foldCase(text, true), address);
            assertEquals(ok, Address.parse(Medium.EMAIL, address));
            assertEquals(address.indexOf('@'), address.lastIndexOf('@'));
            assertTrue(address.getBytes(StandardCharsets.UTF_8).length <= 254);
            assertFalse(address.codePoints().anyMatch(c -> c <= ' ' || "\"(),:;<>[\\]\u007f".indexOf(c) >= 0));
            assertFalse(ok.value().redacted().contains(address));
        }
    }
}
