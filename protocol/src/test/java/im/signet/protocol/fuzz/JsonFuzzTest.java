package im.signet.protocol.fuzz;

import im.signet.protocol.Parsed;
import im.signet.protocol.json.CanonicalJson;
import im.signet.protocol.json.Json;
import im.signet.protocol.json.StrictJson;

import java.nio.charset.StandardCharsets;

import com.code_intelligence.jazzer.junit.FuzzTest;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

class JsonFuzzTest {
    @FuzzTest(maxDuration = "20s")
    void whatIsReadIsWrittenAndReadAgain(byte[] utf8) {
        if (StrictJson.parse(utf8) instanceof Parsed.Ok<Json> ok) {
            String text = StrictJson.write(ok.value());
            assertEquals(ok, StrictJson.parse(new String(utf8, StandardCharsets.UTF_8)));
            assertEquals(ok, StrictJson.parse(text));
            assertEquals(text, StrictJson.write(StrictJson.parse(text).orElseThrow()));
            if (CanonicalJson.encode(ok.value()) instanceof Parsed.Ok<byte[]> canonical) {
                Json again = StrictJson.parse(canonical.value()).orElseThrow();
                assertEquals(ok.value(), again);
                assertArrayEquals(canonical.value(), CanonicalJson.encode(again).orElseThrow());
            }
        }
    }
}
