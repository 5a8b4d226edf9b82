package im.signet.protocol.handle;

import im.signet.protocol.json.Json;
import im.signet.protocol.json.JsonArray;
import im.signet.protocol.json.JsonNull;
import im.signet.protocol.json.JsonObject;
import im.signet.protocol.json.JsonString;
import im.signet.protocol.json.StrictJson;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** The members of a payload, read strictly: each asked for by name and type, none that nobody asks for. */
final class Members {
    /** The greatest integer of a payload. */
    static final long MAX_INTEGER = (1L << 53) - 1;

    private static final StrictJson.Limits LIMITS = new StrictJson.Limits(Jws.MAX_PAYLOAD_BYTES, 8);
    private static final int MAX_INTEGER_LENGTH = 17;

    private final JsonObject object;

    private Members(JsonObject object) {
        this.object = object;
    }

    /** Returns the members of the payload of {@code jws}, which is a record of that type. */
    static Members of(Jws jws, RecordType type) throws Refusal {
        Refusal.when(jws.type() != type, Reason.WRONG_TYP);
        byte[] payload = jws.exactPayload();
        JsonObject object = StrictJson.parseObject(payload, LIMITS)
                .toOptional()
                .orElseThrow(() -> new Refusal(Reason.PAYLOAD_NOT_STRICT_JSON));
        Refusal.when(hasNull(object), Reason.NULL_VALUE);
        Refusal.when(!hasOnlyPlainIntegers(new String(payload, StandardCharsets.UTF_8)), Reason.NOT_AN_INTEGER);
        Refusal.when(!object.string("t").equals(Optional.of(type.t())), Reason.WRONG_T);
        return new Members(object);
    }

    /** Returns a reader of strings that are the {@code names} of {@code values}. */
    static <E extends Enum<E>> Function<String, Verdict<E>> oneOf(E[] values, Function<E, String> names) {
        return word -> {
            for (E value : values) {
                if (names.apply(value).equals(word)) {
                    return Verdict.valid(value);
                }
            }
            return Verdict.refused(Reason.MALFORMED_MEMBER);
        };
    }

    /** Returns what {@code read} makes of a string; refuses all else as {@code otherwise}. */
    <T> T string(String name, Function<String, Verdict<T>> read, Reason otherwise) throws Refusal {
        return object.string(name)
                .flatMap(text -> read.apply(text).toOptional())
                .orElseThrow(() -> new Refusal(otherwise));
    }

    /** Refuses members of other names. */
    void allow(Collection<String> names) throws Refusal {
        Refusal.when(!Set.copyOf(names).containsAll(object.members().keySet()), Reason.UNEXPECTED_MEMBER);
    }

    boolean has(String name) {
        return object.get(name).isPresent();
    }

    /** Returns what {@code read} makes of a string that must be there. */
    <T> T string(String name, Function<String, Verdict<T>> read) throws Refusal {
        return read(required(name), read);
    }

    /** Returns what {@code read} makes of a string that may be there. */
    <T> Optional<T> optionalString(String name, Function<String, Verdict<T>> read) throws Refusal {
        return has(name) ? Optional.of(string(name, read)) : Optional.empty();
    }

    /** Returns an integer from 0 to 2^53-1 that must be there. */
    long natural(String name) throws Refusal {
        required(name);
        long number = object.integer(name).orElse(-1L);
        Refusal.when(number < 0, Reason.MALFORMED_MEMBER);
        return number;
    }

    /** Returns the keys of an array of {@code x} that must be there, of 1 to {@code most} items. */
    List<JwsKey> keys(String name, int most, Reason otherwise, Function<String, Verdict<JwsKey>> read) throws Refusal {
        List<Json> items = items(name);
        Refusal.when(items.isEmpty() || items.size() > most, otherwise);
        List<JwsKey> keys = new ArrayList<>();
        for (Json item : items) {
            keys.add(read(item, read));
        }
        return keys;
    }

    /** Returns the items of an array that must be there. */
    List<Json> items(String name) throws Refusal {
        if (required(name) instanceof JsonArray array) {
            return array.items();
        }
        throw new Refusal(Reason.MALFORMED_MEMBER);
    }

    /** Returns the members of an object that may be there. */
    Optional<Members> object(String name) throws Refusal {
        if (!has(name)) {
            return Optional.empty();
        }
        return Optional.of(object(required(name)));
    }

    /** Returns an object that may be there, whatever it holds. */
    JsonObject anything(String name) throws Refusal {
        if (!has(name)) {
            return JsonObject.of();
        }
        if (required(name) instanceof JsonObject any) {
            return any;
        }
        throw new Refusal(Reason.MALFORMED_MEMBER);
    }

    /** Returns the members of {@code json}, which is an object. */
    static Members object(Json json) throws Refusal {
        if (json instanceof JsonObject object) {
            return new Members(object);
        }
        throw new Refusal(Reason.MALFORMED_MEMBER);
    }

    private Json required(String name) throws Refusal {
        return object.get(name).orElseThrow(() -> new Refusal(Reason.MISSING_MEMBER));
    }

    private static <T> T read(Json json, Function<String, Verdict<T>> read) throws Refusal {
        Verdict<T> verdict = json instanceof JsonString string
                ? read.apply(string.value())
                : Verdict.refused(Reason.MALFORMED_MEMBER);
        if (verdict instanceof Verdict.Valid<T> valid) {
            return valid.value();
        }
        // The forms of values have reasons of their own where they are read alone; here they are members.
        throw new Refusal(verdict.reason().equals(Optional.of(Reason.WEAK_KEY))
                ? Reason.WEAK_KEY
                : Reason.MALFORMED_MEMBER);
    }

    /** Returns whether a null stands somewhere in {@code json}; recursive, as deep as JSON may be nested. */
    static boolean hasNull(Json json) {
        if (json instanceof JsonObject object) {
            return object.members().values().stream().anyMatch(Members::hasNull);
        }
        return json instanceof JsonArray array
                ? array.items().stream().anyMatch(Members::hasNull)
                : json instanceof JsonNull;
    }

    /** Returns whether each number in {@code json}, which is well-formed, is written as {@code 0} or {@code -?[1-9][0-9]*} and not too large. */
    private static boolean hasOnlyPlainIntegers(String json) {
        int at = 0;
        while (at < json.length()) {
            char c = json.charAt(at);
            if (c == '"') {
                at = endOfString(json, at);
            } else if (c == '-' || (c >= '0' && c <= '9')) {
                int end = at + 1;
                while (end < json.length() && "+-.eE0123456789".indexOf(json.charAt(end)) >= 0) {
                    end++;
                }
                if (!isPlainInteger(json, at, end)) {
                    return false;
                }
                at = end;
            } else {
                at++;
            }
        }
        return true;
    }

    private static boolean isPlainInteger(String json, int start, int end) {
        if (end - start > MAX_INTEGER_LENGTH) {
            return false;
        }
        String number = json.substring(start, end);
        for (int i = 0; i < number.length(); i++) {
            char c = number.charAt(i);
            if (c == '.' || c == 'e' || c == 'E') {
                return false;
            }
        }
        return !number.equals("-0") && Math.abs(Long.parseLong(number)) <= MAX_INTEGER;
    }

    private static int endOfString(String json, int start) {
        int at = start + 1;
        while (json.charAt(at) != '"') {
            at += json.charAt(at) == '\\' ? 2 : 1;
        }
        return at + 1;
    }
}
