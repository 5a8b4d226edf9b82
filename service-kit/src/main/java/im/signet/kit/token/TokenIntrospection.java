package im.signet.kit.token;

import im.signet.protocol.identifier.UserId;

/** What a service asks the terms-service: who is this token, and does this user still have terms to accept? */
public interface TokenIntrospection {

    /** Returns whose token this is, as of now. */
    Answer introspect(AccessToken token);

    /** What is known of a token. */
    sealed interface Answer {

        /**
         * The token is this user's.
         *
         * @param termsOutstanding whether the user still has terms to accept before this service may serve them
         */
        record Active(UserId user, boolean termsOutstanding) implements Answer {}

        /** The token was never given out, has expired or was ended. */
        record Inactive() implements Answer {}
    }
}
