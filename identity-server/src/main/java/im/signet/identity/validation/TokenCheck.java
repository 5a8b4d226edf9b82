package im.signet.identity.validation;

import im.signet.protocol.identifier.UserId;

import java.net.URI;
import java.time.Instant;
import java.util.Optional;

/** What came of submitting a token. Whoever submits it knows the session's secret, and may know who asked. */
sealed interface TokenCheck {

    /**
     * The address is proven.
     *
     * @param first    whether it was proven just now, and not before
     * @param nextLink where the session's client wants people to be sent on to; empty when nowhere, or when the operator
     *                 does not allow that host
     */
    record Validated(UserId asker, Instant at, boolean first, Optional<URI> nextLink) implements TokenCheck {}

    /** That is not a token of this session. */
    record WrongToken(UserId asker) implements TokenCheck {}

    /** The session has run out, or the token has while its session may be sent another. */
    record Expired(UserId asker) implements TokenCheck {}

    /** Too many wrong tokens closed the session. */
    record TooManyTries(UserId asker) implements TokenCheck {}

    /** The owner of the address closed the session. */
    record Disowned(UserId asker) implements TokenCheck {}

    /** No session has that sid and secret. */
    record UnknownSession() implements TokenCheck {}
}
