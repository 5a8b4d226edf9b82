package im.signet.client;

/** What came of binding an address to the user's Matrix ID. */
public sealed interface Binding permits Binding.Bound, Binding.Unverified, Binding.NotProven, Failure {
    /**
     * It is bound, and the server signed for it with a key that it publishes.
     *
     * @param association what the server signed
     */
    record Bound(Association association) implements Binding {}

    /**
     * The server says that it is bound, but what it signed does not prove it. Others may find the user by the address.
     *
     * @param reason what is wrong with it, in plain English
     */
    record Unverified(String reason) implements Binding {}

    /** Nothing is bound: the proof is too old or no longer known to the server. Ask for a new token. */
    record NotProven() implements Binding {}
}
