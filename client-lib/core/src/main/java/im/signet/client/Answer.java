package im.signet.client;

import im.signet.protocol.json.JsonObject;

import java.time.Duration;

/** What came back for a call: what was asked for, an error that the caller may know, or one that it cannot do anything about. */
sealed interface Answer {
    /** A 2xx with a JSON object, which may be kept for {@code maxAge}. */
    record Ok(JsonObject body, Duration maxAge) implements Answer {
        Ok(JsonObject body) {
            this(body, Duration.ZERO);
        }
    }

    /** A Matrix error, or a problem of a nameserver whose code stands for the errcode; {@code message} is safe to show. */
    record Refusal(int status, String errcode, String message, JsonObject body) implements Answer {
        Failure.Refused asFailure() {
            return new Failure.Refused(status, errcode, message);
        }
    }

    /** A failure that means the same for every call; {@code status} is that of an error without a code, else 0. */
    record Broken(Failure failure, int status) implements Answer {
        Broken(Failure failure) {
            this(failure, 0);
        }
    }

    /** Returns whether an answer says, in whatever form, that there is nothing here. */
    static boolean isNotFound(Answer answer) {
        return (answer instanceof Refusal refusal && refusal.status() == 404)
                || (answer instanceof Broken broken && broken.status() == 404);
    }

    /** Returns the failure that an answer is whose errors mean nothing in particular; not for {@link Ok}. */
    static Failure failure(Answer answer) {
        if (answer instanceof Refusal refusal) {
            return refusal.asFailure();
        }
        return ((Broken) answer).failure();
    }
}
