package im.signet.kit.homeserver;

import im.signet.protocol.signature.VerifyKey;

/** What came of asking for a homeserver's key. Reasons are safe to log. */
public sealed interface HomeserverKey {

    /** The homeserver signs with this key at present. */
    record Key(VerifyKey key) implements HomeserverKey {}

    /** The homeserver publishes no such key, or not any more. */
    record Unknown() implements HomeserverKey {}

    /**
     * The homeserver publishes nothing that can be believed: it was not reached, or its keys are not signed, not its own or
     * out of date.
     *
     * @param reason safe to log
     */
    record Unreachable(String reason) implements HomeserverKey {}
}
