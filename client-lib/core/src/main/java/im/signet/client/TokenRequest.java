package im.signet.client;

/** What came of asking the server to send a validation token to an address. */
public sealed interface TokenRequest
        permits TokenRequest.Sent, TokenRequest.AddressRefused, TokenRequest.NotSent, Failure {
    /**
     * The server is sending it. That is no promise of delivery.
     *
     * @param pending what the next steps need
     */
    record Sent(PendingAddress pending) implements TokenRequest {}

    /**
     * The server does not take this address, or sends nothing to phones of its country or kind.
     *
     * @param message what the server says of it; may be empty
     */
    record AddressRefused(String message) implements TokenRequest {}

    /**
     * The server takes the address but could not send.
     *
     * @param message what the server says of it; may be empty
     */
    record NotSent(String message) implements TokenRequest {}
}
