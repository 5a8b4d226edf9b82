package im.signet.protocol.fuzz;

import im.signet.protocol.Parsed;
import im.signet.protocol.hash.LookupHash;
import im.signet.protocol.signature.KeyId;
import im.signet.protocol.signature.UnpaddedBase64;
import im.signet.protocol.signature.VerifyKey;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

class KeyFuzzTest {
    @FuzzTest(maxDuration = "20s")
    void keyIdsBase64AndKeysHaveOneTextEach(FuzzedDataProvider data) {
        String text = data.consumeRemainingAsString();
        String unpadded = text.replaceAll("={1,2}$", "");
        KeyId.parse(text).toOptional().ifPresent(id -> assertEquals(text, id.toString()));
        if (UnpaddedBase64.decode(text) instanceof Parsed.Ok<byte[]> ok) {
            assertEquals(unpadded, UnpaddedBase64.encode(ok.value()));
        }
        if (UnpaddedBase64.decodeUrl(text) instanceof Parsed.Ok<byte[]> ok) {
            assertEquals(unpadded, UnpaddedBase64.encodeUrl(ok.value()));
            assertArrayEquals(ok.value(), UnpaddedBase64.decodeEither(text).orElseThrow());
        }
        VerifyKey.parse(text).toOptional().ifPresent(key -> {
            assertEquals(Parsed.ok(key), VerifyKey.parse(key.encoded()));
            key.verifies(key.toBytes(), new byte[64]);
        });
        LookupHash.parse(text)
                .toOptional()
                .ifPresent(hash -> assertEquals(text, UnpaddedBase64.encodeUrl(hash.toBytes())));
    }
}
