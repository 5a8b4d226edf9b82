package im.signet.names.problem;

import im.signet.protocol.handle.Reason;
import im.signet.protocol.handle.Verdict;
import im.signet.protocol.json.Json;
import im.signet.protocol.json.JsonObject;

/** Why a request is refused, as its answer says it. */
public final class Problem extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final int status;
    private final String code;
    private final transient JsonObject extra;

    private Problem(int status, String code, String detail, JsonObject extra) {
        super(detail, null, false, false);
        this.status = status;
        this.code = code;
        this.extra = extra;
    }

    /** Returns the refusal of a record: 400 where it cannot be read, 422 where it says what it may not. */
    public static Problem of(Reason reason) {
        boolean readable = reason.compareTo(Reason.EMPTY_CHAIN) >= 0 && reason.compareTo(Reason.HANDLE_SHAPE) < 0;
        return new Problem(readable ? 422 : 400, reason.name(), reason.words(), JsonObject.of());
    }

    /** Returns the refusal of that code. */
    public static Problem of(ProblemCode code) {
        return new Problem(code.status(), code.name(), code.words(), JsonObject.of());
    }

    /** Returns a refusal that no code of ours names. */
    static Problem of(int status, String code, String detail) {
        return new Problem(status, code, detail, JsonObject.of());
    }

    /** Returns the value of a verdict, or throws its refusal. */
    public static <T> T orThrow(Verdict<T> verdict) {
        return switch (verdict) {
            case Verdict.Valid<T>(T value) -> value;
            case Verdict.Refused<T>(Reason why) -> throw of(why);
        };
    }

    /** Returns the same refusal with another member. */
    public Problem with(String name, Json value) {
        return new Problem(status, code, detail(), extra.with(name, value));
    }

    /** Returns the same refusal with all these members. */
    public Problem with(JsonObject members) {
        Problem all = this;
        for (var member : members.members().entrySet()) {
            all = all.with(member.getKey(), member.getValue());
        }
        return all;
    }

    /** Returns the status of the answer. */
    public int status() {
        return status;
    }

    /** Returns what happened, for people. */
    public String detail() {
        return String.valueOf(getMessage());
    }

    /** Returns the answer's body. */
    JsonObject body() {
        JsonObject.Builder body = JsonObject.builder()
                .put("type", "about:blank")
                .put("status", status)
                .put("code", code)
                .put("detail", detail());
        extra.members().forEach(body::put);
        return body.build();
    }
}
