package im.signet.protocol.fuzz;

import im.signet.protocol.handle.Jws;
import im.signet.protocol.handle.Verdict;

import java.nio.charset.StandardCharsets;

import com.code_intelligence.jazzer.junit.FuzzTest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

class EnvelopeFuzzTest {
    @FuzzTest(maxDuration = "20s")
    void anEnvelopeIsWrittenAndReadAgain(byte[] utf8) {
        Verdict<Jws> jws = Jws.parse(utf8);
        String text = new String(utf8, StandardCharsets.UTF_8);
        jws.toOptional().ifPresent(read -> {
            assertEquals(read.toText(), Jws.parse(text).orElseThrow().toText());
            assertEquals(read.toText(), Jws.parse(read.toText()).orElseThrow().toText());
            assertEquals(read.opId(), Jws.of(read.toJson()).orElseThrow().opId());
            assertFalse(read.kids().isEmpty());
        });
    }
}
