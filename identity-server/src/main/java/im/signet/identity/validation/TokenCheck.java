package im.signet.identity.validation;

import java.time.Instant;
import java.util.Optional;

/** What came of submitting a token. */
sealed interface TokenCheck {

    /**
     * The address is proven, now or earlier.
     *
     * @param nextLink where the session's client wants people to be sent on to; empty when nowhere, or when the operator
     *                 does not allow that host
     */
    record Validated(Instant at, Optional<String> nextLink) implements TokenCheck {}

    /** That is not a token of this session. */
    record WrongToken() implements TokenCheck {}

    /** The session has run out, or the token has while its session may be sent another. */
    record Expired() implements TokenCheck {}

    /** Too many wrong tokens, or the owner of the address, closed the session. */
    record Closed() implements TokenCheck {}

    /** No session has that sid and secret. */
    record UnknownSession() implements TokenCheck {}
}
