package im.signet.names.resolution;

import im.signet.protocol.handle.Reach;
import im.signet.protocol.json.JsonObject;

import java.util.Optional;

/** What is said of a handle. */
public sealed interface Resolution {

    /**
     * It resolves, if only as stale, lapsed or moved.
     *
     * @param bundle {@code {binding, identity, status}}
     * @param etag   another one for another bundle
     * @param reach  where its owner says to be reached, for as long as it is active or stale
     */
    record Found(JsonObject bundle, String etag, Optional<Reach> reach) implements Resolution {}

    /**
     * It does not resolve for now.
     *
     * @param reason {@code operator} or {@code withdrawn}
     * @param status what is said of it, signed
     */
    record Suspended(String reason, JsonObject status) implements Resolution {}

    /** It was somebody's, and is nobody's. */
    record Gone() implements Resolution {}

    /** It is nobody's. */
    record Unknown() implements Resolution {}
}
