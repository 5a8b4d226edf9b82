package im.signet.protocol.json;

import java.math.BigDecimal;
import java.util.List;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/** The model: what a value promises, whoever made it. */
class JsonTest {
    private final JsonObject object = JsonObject.builder()
            .put("text", "a")
            .put("number", 7)
            .put("flag", true)
            .put("object", JsonObject.of())
            .put("array", JsonArray.ofStrings(List.of("x")))
            .put("null", JsonNull.NULL)
            .build();

    @Test
    void givesMembersOfTheTypeThatWasAskedFor() {
        assertThat(object.string("text")).contains("a");
        assertThat(object.integer("number")).contains(7L);
        assertThat(object.bool("flag")).contains(true);
        assertThat(object.object("object")).contains(JsonObject.of());
        assertThat(object.array("array")).contains(JsonArray.ofStrings(List.of("x")));
        assertThat(object.get("null")).contains(JsonNull.NULL);
    }

    @Test
    void givesNothingForMembersOfAnotherType() {
        assertThat(object.string("number")).isEmpty();
        assertThat(object.integer("text")).isEmpty();
        assertThat(object.bool("null")).isEmpty();
        assertThat(object.object("array")).isEmpty();
        assertThat(object.array("object")).isEmpty();
        assertThat(object.get("absent")).isEmpty();
        assertThat(object.string("absent")).isEmpty();
    }

    @Test
    void neverChanges() {
        JsonObject changed = object.with("text", "b").with("more", JsonNull.NULL).without("flag", "absent");

        assertThat(object.string("text")).contains("a");
        assertThat(changed.members().keySet()).containsExactly("text", "number", "object", "array", "null", "more");
        assertThat(changed.string("text")).contains("b");
        assertThatExceptionOfType(UnsupportedOperationException.class).isThrownBy(() -> object.members().clear());

        JsonObject.Builder builder = object.toBuilder();
        JsonObject before = builder.build();
        builder.put("later", 1);
        assertThat(before.get("later")).isEmpty();
    }

    @Test
    void isEqualWhateverTheOrderOfMembers() {
        JsonObject ab = JsonObject.builder().put("a", 1).put("b", 2).build();
        JsonObject ba = JsonObject.builder().put("b", 2).put("a", 1).build();

        assertThat(ab).isEqualTo(ba).hasSameHashCodeAs(ba).isNotEqualTo(ab.with("a", "1"));
        assertThat(StrictJson.write(ba)).isEqualTo("{\"b\":2,\"a\":1}");
    }

    @Test
    void hasOneFormForEachNumber() {
        assertThat(new JsonNumber(new BigDecimal("10.0"))).isEqualTo(new JsonNumber(new BigDecimal("1e1")))
                .isEqualTo(JsonNumber.of(10));
        assertThat(new JsonNumber(new BigDecimal("0.000"))).isEqualTo(JsonNumber.of(0));
    }

    @Test
    void knowsWhichNumbersAreIntegers() {
        assertThat(JsonNumber.of(Long.MAX_VALUE).toLong()).contains(Long.MAX_VALUE);
        assertThat(JsonNumber.of(Long.MIN_VALUE).toLong()).contains(Long.MIN_VALUE);
        assertThat(new JsonNumber(new BigDecimal("9223372036854775808")).toLong()).isEmpty();
        assertThat(new JsonNumber(new BigDecimal("-9223372036854775809")).toLong()).isEmpty();
        assertThat(new JsonNumber(new BigDecimal("1e18")).toLong()).contains(1_000_000_000_000_000_000L);
        assertThat(new JsonNumber(new BigDecimal("1e308")).toLong()).isEmpty();
        assertThat(new JsonNumber(new BigDecimal("0.5")).toLong()).isEmpty();
    }

    @Test
    void refusesNumbersWhoseExponentWouldCostMemory() {
        assertThatIllegalArgumentException().isThrownBy(() -> new JsonNumber(new BigDecimal("1e2147483647")));
        assertThatIllegalArgumentException().isThrownBy(() -> new JsonNumber(new BigDecimal("1e-2147483647")));
    }

    @Test
    void refusesLoneSurrogates() {
        assertThatIllegalArgumentException().isThrownBy(() -> new JsonString("\ud800"));
        assertThatIllegalArgumentException().isThrownBy(() -> JsonObject.of().with("\udc00", "a"));
        assertThatIllegalArgumentException().isThrownBy(() -> JsonObject.of().with("a", "\udc00\ud800"));
    }

    @Test
    void refusesNestingThatWouldOverflowAStack() {
        Json deepest = JsonArray.of(List.of());
        while (deepest.depth() < Json.MAX_DEPTH) {
            deepest = JsonArray.of(List.of(deepest));
        }
        Json tooDeep = deepest;

        assertThat(StrictJson.write(deepest)).hasSize(2 * Json.MAX_DEPTH);
        assertThatIllegalArgumentException().isThrownBy(() -> JsonArray.of(List.of(tooDeep)));
        assertThatIllegalArgumentException().isThrownBy(() -> JsonObject.of().with("a", tooDeep));
    }

    @Test
    void staysOutOfLogs() {
        assertThat(object).hasToString("JsonObject[6 members]");
        assertThat(JsonArray.ofStrings(List.of("alice"))).hasToString("JsonArray[1 items]");
        assertThat(new JsonString("alice")).hasToString("JsonString[5 characters]");
        assertThat(JsonNumber.of(447700900000L)).hasToString("JsonNumber[hidden]");
    }
}
