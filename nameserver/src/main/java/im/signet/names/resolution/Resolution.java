package im.signet.names.resolution;

import im.signet.protocol.handle.Identity;
import im.signet.protocol.handle.Reach;
import im.signet.protocol.handle.SignedBinding;
import im.signet.protocol.handle.Status;
import im.signet.protocol.json.JsonObject;

import java.util.Optional;

/** What is said of a handle. */
public sealed interface Resolution {

    /**
     * It resolves, if only as stale, lapsed or moved.
     *
     * @param binding  what its owner signed
     * @param identity the identity that it names, as it is now
     * @param state    what is said of it
     * @param bundle   {@code {binding, identity, status}}
     * @param etag     another one for another bundle
     */
    record Found(SignedBinding binding, Identity identity, Status.State state, JsonObject bundle,
            String etag) implements Resolution {

        /** Returns where its owner says to be reached, for as long as it is active or stale. */
        public Optional<Reach> reach() {
            boolean reaches = state == Status.State.ACTIVE || state == Status.State.STALE;
            return reaches ? binding.binding().reach() : Optional.empty();
        }
    }

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
