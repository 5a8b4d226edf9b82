package im.signet.client;

import im.signet.client.transport.PlannedRequest;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * What every operation can come to instead of its own outcomes. It is one of them all, so that a caller handles each
 * failure apart or all in one branch. Its texts are safe to show; those of the server are cut to one line.
 */
public sealed interface Failure
        extends
            Status,
            TermsReading,
            ProposalReading,
            Connection,
            Lookup,
            TokenRequest,
            TokenCheck,
            Proof,
            Binding,
            Unbinding,
            Logout,
            NameserverReading,
            Resolution,
            Registration,
            BindingUpdate,
            OperationUpdate,
            OverviewLink,
            Acceptance,
            ChainReading,
            HomeserverReading,
            WhoAmI,
            OpenIdReading,
            AcceptedTermsReading,
            AcceptedTermsUpdate,
            HomeserverBinding,
            HomeserverUnbinding {

    /**
     * The server did not answer, or a gateway in front of it did in its place. Whether it received the request is unknown.
     *
     * @param reason why, in plain English
     */
    record Unreachable(String reason) implements Failure {}

    /**
     * The server answered that it will not do this.
     *
     * @param status  the HTTP status
     * @param errcode the code of the Matrix error, such as {@code M_FORBIDDEN}; not always a known one
     * @param message what the server says of it; may be empty
     */
    record Refused(int status, String errcode, String message) implements Failure {}

    /**
     * The server asks for patience. Nothing is tried again by itself.
     *
     * @param retryAfter how long to wait at least; empty when the server does not say
     */
    record Limited(Optional<Duration> retryAfter) implements Failure {}

    /**
     * The server does nothing more until the user has accepted terms: those that are new or were left out. Show them, let
     * {@link Terms#consentTo} make a new consent, and try again with it.
     *
     * @param terms       all terms as they are now
     * @param outstanding the policies among them that this session has not accepted, at least one
     */
    record TermsOutstanding(Terms terms, List<Policy> outstanding) implements Failure {
        /** Keeps a copy of {@code outstanding}. */
        public TermsOutstanding {
            outstanding = Collections.unmodifiableList(new ArrayList<>(outstanding));
        }
    }

    /**
     * The server does not know the session's token, or the session was logged out here: connect again.
     *
     * @param message what the server says of it; may be empty
     */
    record SignedOut(String message) implements Failure {}

    /**
     * The homeserver does not know the access token of the account: log in there again.
     *
     * @param isSoft  whether the log-in may go on with what the device has, its keys above all; else the device is gone
     * @param message what the homeserver says of it; may be empty
     */
    record HomeserverSignedOut(boolean isSoft, String message) implements Failure {}

    /**
     * The listener did not let a request pass; it was not sent, nor any after it.
     *
     * @param request the request
     */
    record Vetoed(PlannedRequest request) implements Failure {}

    /**
     * The {@link PendingCall} was cancelled before a request; it was not sent, nor any after it.
     *
     * @param request the request
     */
    record Cancelled(PlannedRequest request) implements Failure {}

    /**
     * The server's answer is not what the specification allows, so nothing in it was used.
     *
     * @param reason what is wrong with it, in plain English; never repeats the answer
     */
    record Malformed(String reason) implements Failure {}
}
