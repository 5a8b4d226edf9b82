package im.signet.protocol.json;

import im.signet.protocol.Parsed;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class StrictJsonTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "{}                                | {}",
        "[]                                | []",
        "` [ 1 , 2 ]\t\r\n`                | [1,2]",
        "{ \"b\" : 2 , \"a\" : [ ] }       | {\"b\":2,\"a\":[]}",
        "\"text\"                          | \"text\"",
        "true                              | true",
        "false                             | false",
        "null                              | null",
        "0                                 | 0",
        "-0                                | 0",
        "-12                               | -12",
        "1e10                              | 10000000000",
        "1E+2                              | 100",
        "0.50                              | 0.5",
        "-1.5e-3                           | -0.0015",
        "123456789012345678901234567890    | 1.2345678901234567890123456789E+29",
        "1.7976931348623157e308            | 1.7976931348623157E+308",
        "5e-324                            | 5E-324",
        "0e99999999999                     | 0",
        "0.0e-99999999999                  | 0",
        "\"\\u0041\\n\\/\\u00e9\"          | \"A\\n/\u00e9\"",
        "\"\\ud83d\\ude00\"                | \"\ud83d\ude00\"",
        "\"\\u0000\\u001f\\u007f\"         | \"\\u0000\\u001f\u007f\"",
        "\"\\\"\\\\\\b\\f\\n\\r\\t\"       | \"\\\"\\\\\\b\\f\\n\\r\\t\"",
        "{\"\":{\"\":[[[]]]}}              | {\"\":{\"\":[[[]]]}}"})
    void readsAndWritesAgain(String text, String written) {
        Json value = StrictJson.parse(text).orElseThrow();

        assertThat(StrictJson.write(value)).isEqualTo(written);
        assertThat(StrictJson.parse(text.getBytes(StandardCharsets.UTF_8))).isEqualTo(Parsed.ok(value));
        assertThat(StrictJson.parse(written)).isEqualTo(Parsed.ok(value));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "{", "}", "[", "]", "{]", "[}", "[1,]", "[,1]", "[1 2]", "[1", "{\"a\"}",
        "{\"a\":}", "{\"a\":1,}",
        "{,\"a\":1}", "{\"a\" 1}", "{a:1}", "{'a':1}", "{1:1}", "{\"a\":1", "{\"a\":1 \"b\":2}", "\"", "\"a", "'a'",
        "\"\\\"",
        "\"\\x\"", "\"\\u12\"", "\"\\u12g4\"", "\"\\u\uff11234\"", "\"\\U0041\"", "\"a\nb\"", "\"a\0b\"", "\"\u001f\"",
        "tru", "True",
        "truex", "nul", "NaN", "Infinity", "-Infinity", "undefined", "+1", "-", "--1", "01", "-01", "00", ".5", "1.",
        "1.e1", "1e",
        "1e+", "0x10", "1_000", "1 2", "{} {}", "[]]", "{}x", "// c\n1", "/* c */1", "1 // c", "\ufeff{}", "\u00a01",
        "\f1", "\u000b1",
        "\u20281", "\u0661", "1\0", "\0"})
    void refusesWhatRfc8259DoesNotKnow(String text) {
        assertThat(StrictJson.parse(text)).isInstanceOf(Parsed.Refused.class);
        assertThat(StrictJson.parse(text.getBytes(StandardCharsets.UTF_8))).isInstanceOf(Parsed.Refused.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"a\":1,\"a\":1}", "{\"a\":1,\"b\":2,\"a\":3}", "{\"a\":1,\"\\u0061\":2}",
        "[{\"\":0,\"\":0}]",
        "{\"\\ud83d\\ude00\":1,\"\ud83d\ude00\":2}"})
    void refusesTheSameNameTwice(String text) {
        assertThat(StrictJson.parse(text)).isEqualTo(Parsed.refused("an object has the same name twice"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"\\ud800\"", "\"\\udc00\"", "\"\\ud83d\\ud83d\"", "\"\\ude00\\ud83d\"",
        "\"\\ud83d \\ude00\"", "\"\\ud83dx\"",
        "\"\\ud83d\\n\"", "\"\\ud83d\\u0041\"", "{\"\\ud800\":1}", "\"\ud800\"", "\"\udc00\"", "\"\\ud83d\ude00\"",
        "\"\ud83d" + "\\ude00\"",
        "\ud800"})
    void refusesLoneSurrogates(String text) {
        assertThat(StrictJson.parse(text)).isInstanceOf(Parsed.Refused.class);
    }

    @Test
    void refusesBytesThatAreNotUtf8() {
        byte[][] strings = {{(byte) 0xFF}, {(byte) 0xC0, (byte) 0x80}, {(byte) 0xED, (byte) 0xA0, (byte) 0x80},
            {(byte) 0xC3},
            {(byte) 0xF4, (byte) 0x90, (byte) 0x80, (byte) 0x80}, {(byte) 0xE4}, {(byte) 0x80}};
        for (byte[] string : strings) {
            byte[] quoted = new byte[string.length + 2];
            System.arraycopy(string, 0, quoted, 1, string.length);
            quoted[0] = '"';
            quoted[quoted.length - 1] = '"';
            assertThat(StrictJson.parse(quoted)).isEqualTo(Parsed.refused("JSON is written in UTF-8"));
        }
        assertThat(StrictJson.parse("{}".getBytes(StandardCharsets.UTF_16)).isOk()).isFalse();
        assertThat(StrictJson.parse(new byte[]{(byte) 0xEF, (byte) 0xBB, (byte) 0xBF, '{', '}'}).isOk()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"1e309", "-1e309", "1e400", "1.8e308", "1e2147483647", "1e2147483648",
        "-1e99999999999999999999", "1e-400",
        "1e-2147483649", "0.1e-99999999999999999999"})
    void refusesNumbersBeyondADouble(String text) {
        assertThat(StrictJson.parse(text)).isEqualTo(Parsed.refused("a number is beyond the range of a double"));
    }

    @Test
    void refusesNumbersTooLongToBeWorthReading() {
        assertThat(StrictJson.parse("0." + "1".repeat(998)).isOk()).isTrue();
        assertThat(StrictJson.parse("0." + "1".repeat(999)).isOk()).isFalse();
        assertThat(StrictJson.parse("1".repeat(500_000)).isOk()).isFalse();
    }

    @Test
    void readsTheWorstNumbersInNoTime() {
        String numbers = "[" + "1e308,9e-324,1234567890.5e290,".repeat(15_000) + "0]";

        Assertions.assertTimeout(Duration.ofSeconds(10), () -> {
            Json value = StrictJson.parse(numbers).orElseThrow();
            assertThat(StrictJson.parse(StrictJson.write(value), new StrictJson.Limits(16_000_000, 64)))
                    .isEqualTo(Parsed.ok(value));
            assertThat(CanonicalJson.encode(value).isOk()).isFalse();
        });
    }

    @Test
    void readsNestingTo64() {
        assertThat(StrictJson.parse("[".repeat(64) + "]".repeat(64)).isOk()).isTrue();
        assertThat(StrictJson.parse("[".repeat(65) + "]".repeat(65)).isOk()).isFalse();
        assertThat(StrictJson.parse("{\"a\":".repeat(64) + "1" + "}".repeat(64)).isOk()).isTrue();
        assertThat(StrictJson.parse("{\"a\":".repeat(65) + "1" + "}".repeat(65)).isOk()).isFalse();
        assertThat(StrictJson.parse("[".repeat(500_000)).isOk()).isFalse();
        assertThat(StrictJson.parse("{\"a\":".repeat(100_000)).isOk()).isFalse();
    }

    @Test
    void reads512KiB() {
        String longest = "\"" + "a".repeat(512 * 1024 - 2) + "\"";

        assertThat(StrictJson.parse(longest).isOk()).isTrue();
        assertThat(StrictJson.parse(longest + " ").isOk()).isFalse();
        assertThat(StrictJson.parse((longest + " ").getBytes(StandardCharsets.UTF_8)).isOk()).isFalse();
        assertThat(StrictJson.parse("\"" + "\u00e4".repeat(256 * 1024) + "\"").isOk()).isFalse();
    }

    @Test
    void takesOtherLimits() {
        StrictJson.Limits limits = new StrictJson.Limits(8, 2);

        assertThat(StrictJson.parse("[[1,2]]", limits).isOk()).isTrue();
        assertThat(StrictJson.parse("[[1,2,3]]", limits).isOk()).isFalse();
        assertThat(StrictJson.parse("[[[1]]]", limits).isOk()).isFalse();
        assertThat(StrictJson.parse("[".repeat(256) + "]".repeat(256), new StrictJson.Limits(1_000, 256)).isOk())
                .isTrue();
        assertThatIllegalArgumentException().isThrownBy(() -> new StrictJson.Limits(1, 257));
        assertThatIllegalArgumentException().isThrownBy(() -> new StrictJson.Limits(0, 1));
    }

    @Test
    void asksForAnObjectWhereOneIsNeeded() {
        assertThat(StrictJson.parseObject("{\"a\":1}").orElseThrow().integer("a")).contains(1L);
        assertThat(StrictJson.parseObject("{}".getBytes(StandardCharsets.UTF_8))).isEqualTo(Parsed.ok(JsonObject.of()));
        assertThat(StrictJson.parseObject("[]")).isEqualTo(Parsed.refused("the JSON value is not an object"));
        assertThat(StrictJson.parseObject("\"{}\"").isOk()).isFalse();
        assertThat(StrictJson.parseObject("{").isOk()).isFalse();
    }

    @Test
    void neverRepeatsWhatItRefuses() {
        for (String text : List.of("alice", "{\"alice\":1,\"alice\":2}", "\"alice", "\"\\alice\"", "{\"alice\"}",
                "[1 alice]")) {
            assertThat(StrictJson.parse(text).toString()).doesNotContain("alice").startsWith("Refused");
        }
    }

    @Test
    void readsBackWhateverItWrites() {
        Random random = new Random(20261121);
        for (int i = 0; i < 3_000; i++) {
            Json value = randomValue(random, 4);
            String text = StrictJson.write(value);

            assertThat(StrictJson.parse(text)).isEqualTo(Parsed.ok(value));
            assertThat(StrictJson.write(StrictJson.parse(text).orElseThrow())).isEqualTo(text);
        }
    }

    static Json randomValue(Random random, int depth) {
        return switch (random.nextInt(depth > 0 ? 6 : 4)) {
            case 0 -> random.nextBoolean() ? JsonNull.NULL : new JsonBoolean(random.nextBoolean());
            case 1 -> JsonNumber.of(random.nextLong() >> random.nextInt(64));
            case 2 -> new JsonNumber(BigDecimal.valueOf(random.nextGaussian() * Math.pow(10, random.nextInt(40))));
            case 3 -> new JsonString(randomText(random));
            case 4 -> {
                List<Json> items = new ArrayList<>();
                for (int size = random.nextInt(4); size > 0; size--) {
                    items.add(randomValue(random, depth - 1));
                }
                yield JsonArray.of(items);
            }
            default -> {
                JsonObject.Builder members = JsonObject.builder();
                for (int size = random.nextInt(4); size > 0; size--) {
                    members.put(randomText(random), randomValue(random, depth - 1));
                }
                yield members.build();
            }
        };
    }

    private static String randomText(Random random) {
        StringBuilder text = new StringBuilder();
        for (int length = random.nextInt(6); length > 0; length--) {
            int codePoint = random.nextInt(random.nextBoolean() ? 0x80 : Character.MAX_CODE_POINT);
            text.appendCodePoint(codePoint >= 0xD800 && codePoint <= 0xDFFF ? 'x' : codePoint);
        }
        return text.toString();
    }
}
