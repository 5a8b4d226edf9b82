package im.signet.client;

/** What came of taking a binding back. */
public sealed interface Unbinding permits Unbinding.Unbound, Failure {
    /** Nobody finds the user by that address any more. */
    record Unbound() implements Unbinding {}
}
