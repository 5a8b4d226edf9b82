package im.signet.client;

/** What came of having the homeserver take a binding back. */
public sealed interface HomeserverUnbinding
        permits HomeserverUnbinding.Unbound, HomeserverUnbinding.NotSupported, Failure {
    /** The homeserver says that nobody finds the user by that address any more. */
    record Unbound() implements HomeserverUnbinding {}

    /** The identity server did not take it back, or the homeserver could not ask it: others may still find the user. */
    record NotSupported() implements HomeserverUnbinding {}
}
