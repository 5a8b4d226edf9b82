package im.signet.kit.token;

import im.signet.kit.web.ServiceName;
import im.signet.protocol.identifier.UserId;

/** What a service asks the terms-service: who is this token, and does this user still have terms to accept? */
public interface TokenIntrospection {

    /**
     * Returns whose token this is, as of now.
     *
     * @param service the service that is to serve the user: only terms that it requires can be outstanding
     */
    Answer introspect(AccessToken token, ServiceName service);

    /** What is known of a token. */
    sealed interface Answer {

        /**
         * The token is this user's.
         *
         * @param termsOutstanding whether the user still has terms to accept before the service may serve them
         */
        record Active(UserId user, boolean termsOutstanding) implements Answer {}

        /** The token was never given out, has expired or was ended. */
        record Inactive() implements Answer {}

        /** The terms-service gave no answer that can be believed: nobody is let in, and nobody's token is called bad. */
        record Unavailable() implements Answer {}
    }
}
