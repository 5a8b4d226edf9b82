package im.signet.client;

import im.signet.protocol.json.JsonObject;

/** What came back for a call: what was asked for, an error that the caller may know, or one that it cannot do anything about. */
sealed interface Answer {
    /** A 2xx with a JSON object. */
    record Ok(JsonObject body) implements Answer {}

    /** A Matrix error; {@code message} is safe to show. */
    record Refusal(int status, String errcode, String message, JsonObject body) implements Answer {
        Failure.Refused asFailure() {
            return new Failure.Refused(status, errcode, message);
        }
    }

    /** A failure that means the same for every call. */
    record Broken(Failure failure) implements Answer {}

    /** Returns the failure that an answer is whose errors mean nothing in particular; not for {@link Ok}. */
    static Failure failure(Answer answer) {
        if (answer instanceof Refusal refusal) {
            return refusal.asFailure();
        }
        return ((Broken) answer).failure();
    }
}
