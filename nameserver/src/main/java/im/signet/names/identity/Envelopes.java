package im.signet.names.identity;

import im.signet.names.problem.Problem;
import im.signet.protocol.handle.Jws;
import im.signet.protocol.handle.Reason;
import im.signet.protocol.json.Json;
import im.signet.protocol.json.StrictJson;

import java.nio.charset.StandardCharsets;

/** Reads signed records out of requests. */
public final class Envelopes {

    private Envelopes() {}

    /** Returns the envelope that is part of a request; throws a {@link Problem} when it is none, or too large. */
    public static Jws read(Json json) {
        if (StrictJson.write(json).getBytes(StandardCharsets.UTF_8).length > Jws.MAX_TEXT_BYTES) {
            throw Problem.of(Reason.ENVELOPE_TOO_LARGE);
        }
        return Problem.orThrow(Jws.of(json));
    }

    /** Returns the seq in a path; throws a {@link Problem} when it is no plain number of at most fifteen digits. */
    public static long seq(String text) {
        if (!text.matches("0|[1-9][0-9]{0,14}")) {
            throw Problem.of(Reason.MALFORMED_MEMBER);
        }
        return Long.parseLong(text);
    }
}
