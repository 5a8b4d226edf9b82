package im.signet.kit.web;

import im.signet.protocol.Parsed;
import im.signet.protocol.error.ErrorCode;
import im.signet.protocol.json.Json;
import im.signet.protocol.json.JsonArray;
import im.signet.protocol.json.JsonObject;
import im.signet.protocol.json.JsonString;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/// The parameters of a request: its JSON body, read strictly (no duplicate keys, at most 64 levels, whatever the
/// `Content-Type` says), a form where the endpoint is marked [FormToo], or the query of a GET. A controller takes one as
/// an argument and asks for each member by name, type and greatest length; what is missing is `M_MISSING_PARAMS`, what
/// is
/// of another type or too long is `M_INVALID_PARAM`.
public final class Params {

    private final JsonObject body;

    private Params(JsonObject body) {
        this.body = body;
    }

    /** Returns the members of a JSON object as parameters. */
    public static Params of(JsonObject body) {
        return new Params(body);
    }

    /** Refuses with one M_MISSING_PARAMS that names every one of these that is not there. */
    public Params require(String... names) {
        List<String> missing = new ArrayList<>();
        for (String name : names) {
            if (body.get(name).isEmpty()) {
                missing.add(name);
            }
        }
        if (!missing.isEmpty()) {
            throw ErrorCode.M_MISSING_PARAMS.because("missing: " + String.join(", ", missing));
        }
        return this;
    }

    /** Returns a required string of at most this many UTF-16 units. */
    public String string(String name, int maxLength) {
        require(name);
        return optionalString(name, maxLength).orElseThrow();
    }

    /** Returns a string of at most this many UTF-16 units; empty when the member is not there. */
    public Optional<String> optionalString(String name, int maxLength) {
        Optional<Json> member = body.get(name);
        if (member.isEmpty()) {
            return Optional.empty();
        }
        if (!(member.get() instanceof JsonString text)) {
            throw ErrorCode.M_INVALID_PARAM.because(name + " must be a string");
        }
        return Optional.of(checkedLength(name, text.value(), maxLength));
    }

    /** Returns a required string read by a parser of `protocol`; a refusal becomes M_INVALID_PARAM with its reason. */
    public <T> T parsed(String name, int maxLength, Function<String, Parsed<T>> parser) {
        return parsed(name, maxLength, parser, ErrorCode.M_INVALID_PARAM);
    }

    /** Returns a required string read by a parser of `protocol`; a refusal becomes that errcode with its reason. */
    public <T> T parsed(String name, int maxLength, Function<String, Parsed<T>> parser, ErrorCode refusal) {
        return parser.apply(string(name, maxLength)).orElseThrow(reason -> refusal.because(name + ": " + reason));
    }

    /// Returns a required integer within these bounds, also when it came as a string of digits: Element Web sends
    /// `"send_attempt": "1"`.
    public long integer(String name, long min, long max) {
        require(name);
        Optional<Long> number = body.integer(name);
        if (number.isEmpty() && body.get(name).orElseThrow() instanceof JsonString text
                && text.value().length() <= 16 && text.value().matches("[0-9]+")) {
            number = Optional.of(Long.parseLong(text.value()));
        }
        long value = number.orElseThrow(() -> ErrorCode.M_INVALID_PARAM.because(name + " must be an integer"));
        if (value < min || value > max) {
            throw ErrorCode.M_INVALID_PARAM.because(name + " must be from " + min + " to " + max);
        }
        return value;
    }

    /** Returns a truth value; empty when the member is not there. */
    public Optional<Boolean> optionalBoolean(String name) {
        Optional<Boolean> value = body.bool(name);
        if (value.isEmpty() && body.get(name).isPresent()) {
            throw ErrorCode.M_INVALID_PARAM.because(name + " must be true or false");
        }
        return value;
    }

    /** Returns a required array of strings, each of at most this many UTF-16 units. */
    public List<String> strings(String name, int maxCount, int maxLength) {
        require(name);
        if (!(body.get(name).orElseThrow() instanceof JsonArray array)) {
            throw ErrorCode.M_INVALID_PARAM.because(name + " must be an array of strings");
        }
        if (array.items().size() > maxCount) {
            throw ErrorCode.M_TOO_LARGE.because(400, name + " may have at most " + maxCount + " entries");
        }
        List<String> strings = new ArrayList<>(array.items().size());
        for (Json element : array.items()) {
            if (!(element instanceof JsonString text)) {
                throw ErrorCode.M_INVALID_PARAM.because(name + " must be an array of strings");
            }
            strings.add(checkedLength(name, text.value(), maxLength));
        }
        return strings;
    }

    /** Returns the members of a required object as parameters. */
    public Params object(String name) {
        require(name);
        return body.object(name)
                .map(Params::of)
                .orElseThrow(() -> ErrorCode.M_INVALID_PARAM.because(name + " must be an object"));
    }

    /** Returns all that came, for those who check a signature over it. */
    public JsonObject asJson() {
        return body;
    }

    private static String checkedLength(String name, String value, int maxLength) {
        if (value.length() > maxLength) {
            throw ErrorCode.M_INVALID_PARAM.because(name + " may have at most " + maxLength + " characters");
        }
        return value;
    }

    /** Names the members that came; their values may be secrets. */
    @Override
    public String toString() {
        return "Params" + body.members().keySet();
    }
}
