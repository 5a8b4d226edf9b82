package im.signet.protocol.json;

import im.signet.protocol.Parsed;
import im.signet.protocol.SharedVectors;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class CanonicalJsonTest {
    // Matrix specification, appendices, "Canonical JSON", Examples.
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "{}                                 | {}",
        "{\"one\": 1, \"two\": \"Two\"}     | {\"one\":1,\"two\":\"Two\"}",
        "{\"b\": \"2\", \"a\": \"1\"}       | {\"a\":\"1\",\"b\":\"2\"}",
        "{\"a\": \"\u65e5\u672c\u8a9e\"}    | {\"a\":\"\u65e5\u672c\u8a9e\"}",
        "{\"\u672c\": 2, \"\u65e5\": 1}     | {\"\u65e5\":1,\"\u672c\":2}",
        "{\"a\": \"\\u65E5\"}               | {\"a\":\"\u65e5\"}",
        "{\"a\": null}                      | {\"a\":null}",
        "{\"a\": -0, \"b\": 1e10}           | {\"a\":0,\"b\":10000000000}"})
    void encodesTheExamplesOfTheSpecification(String text, String canonical) {
        assertThat(encoded(text)).isEqualTo(canonical);
    }

    @Test
    void encodesAllPublishedExamples() {
        JsonObject vectors = (JsonObject) SharedVectors.read("matrix-signing.json");

        assertThat(SharedVectors.objects(vectors, "canonical")).hasSizeGreaterThan(8)
                .allSatisfy(vector -> assertThat(
                        encoded(SharedVectors.string(vector, "input")))
                        .isEqualTo(SharedVectors.string(vector, "output")));
    }

    @Test
    void sortsByCodePointsAndNotByUtf16Units() {
        // U+1F600 is written with the surrogates D83D DE00, which as UTF-16 units sort before U+FF5E and U+E000.
        assertThat(encoded("{\"\ud83d\ude00\":4,\"\uff5e\":3,\"\ue000\":2,\"a\":1,\"\ud83d\ude01\":5,\"\":0}"))
                .isEqualTo("{\"\":0,\"a\":1,\"\ue000\":2,\"\uff5e\":3,\"\ud83d\ude00\":4,\"\ud83d\ude01\":5}");
        assertThat(encoded("{\"ab\":2,\"a\":1,\"b\":3,\"aa\":0}")).isEqualTo("{\"a\":1,\"aa\":0,\"ab\":2,\"b\":3}");
    }

    @Test
    void sortsAtEveryDepth() {
        assertThat(encoded("[{\"b\":{\"d\":1,\"c\":2},\"a\":[{\"f\":0,\"e\":0}]}]"))
                .isEqualTo("[{\"a\":[{\"e\":0,\"f\":0}],\"b\":{\"c\":2,\"d\":1}}]");
    }

    @Test
    void escapesOnlyWhatItMust() {
        assertThat(encoded(
                "\"\\u0000\\u0008\\u0009\\u000a\\u000b\\u000c\\u000d\\u001F\\u0022\\u005c\\u002f\\u007f\\u0080\\u2028\""))
                .isEqualTo("\"\\u0000\\b\\t\\n\\u000b\\f\\r\\u001f\\\"\\\\/\u007f\u0080\u2028\"");
    }

    @ParameterizedTest
    @CsvSource({"9007199254740991, 9007199254740991", "-9007199254740991, -9007199254740991", "-0.0, 0", "1.0, 1",
        "10e-1, 1",
        "9.007199254740991e15, 9007199254740991", "1E3, 1000"})
    void writesIntegersInFull(String text, String canonical) {
        assertThat(encoded(text)).isEqualTo(canonical);
    }

    @ParameterizedTest
    @ValueSource(strings = {"9007199254740992", "-9007199254740992", "1.5", "1e-1", "1e16", "1e300", "[0.1]",
        "{\"a\":{\"b\":[1e100]}}",
        "9223372036854775807", "9223372036854775808", "18446744073709551617"})
    void refusesNumbersThatAreNoSafeIntegers(String text) {
        assertThat(CanonicalJson.encode(StrictJson.parse(text).orElseThrow())).isInstanceOf(Parsed.Refused.class);
    }

    @Test
    void isTheSameWhateverTheOrderOfMembers() {
        Random random = new Random(20261121);
        for (int i = 0; i < 1_000; i++) {
            JsonObject object = JsonObject.of().with("v", StrictJsonTest.randomValue(random, 4));
            JsonObject.Builder reversed = JsonObject.builder();
            String[] names = object.members().keySet().toArray(String[]::new);
            for (int n = names.length - 1; n >= 0; n--) {
                reversed.put(names[n], object.get(names[n]).orElseThrow());
            }
            Parsed<byte[]> canonical = CanonicalJson.encode(object);
            if (canonical instanceof Parsed.Ok<byte[]> ok) {
                assertThat(CanonicalJson.encode(reversed.build()).orElseThrow()).isEqualTo(ok.value());
                assertThat(StrictJson.parse(ok.value())).isEqualTo(Parsed.ok(object));
            }
        }
    }

    @Test
    void ordersNamesAsTheirUtf8Bytes() {
        Random random = new Random(20261121);
        JsonObject.Builder object = JsonObject.builder();
        for (int i = 0; i < 2_000; i++) {
            int codePoint = random.nextInt(Character.MAX_CODE_POINT);
            object.put(new StringBuilder()
                    .appendCodePoint(Character.getType(codePoint) == Character.SURROGATE ? 'x' : codePoint)
                    .append(i % 7)
                    .toString(), 0);
        }
        JsonObject sorted = StrictJson.parseObject(CanonicalJson.encode(object.build()).orElseThrow()).orElseThrow();
        byte[] previous = {};
        for (String name : sorted.members().keySet()) {
            byte[] utf8 = name.getBytes(StandardCharsets.UTF_8);
            assertThat(Arrays.compareUnsigned(previous, utf8)).isNegative();
            previous = utf8;
        }
    }

    private static String encoded(String text) {
        return new String(CanonicalJson.encode(StrictJson.parse(text).orElseThrow()).orElseThrow(),
                StandardCharsets.UTF_8);
    }
}
