package im.signet.client;

/** What came of having the homeserver bind an address to the user's Matrix ID. */
public sealed interface HomeserverBinding
        permits HomeserverBinding.Bound, HomeserverBinding.NotProven, HomeserverBinding.NotTrusted, Failure {
    /**
     * The homeserver says that it is bound. What the identity server signed of it stays with the homeserver, so nothing of
     * this was verified.
     */
    record Bound() implements HomeserverBinding {}

    /** Nothing is bound: the proof is too old or no longer known to the identity server. Ask for a new token. */
    record NotProven() implements HomeserverBinding {}

    /** Nothing is bound: the homeserver has nothing to do with this identity server. {@link Publication#bind} does without it. */
    record NotTrusted() implements HomeserverBinding {}
}
