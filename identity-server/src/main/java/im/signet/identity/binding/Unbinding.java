package im.signet.identity.binding;

import im.signet.identity.association.Associations;
import im.signet.identity.validation.Proof;
import im.signet.identity.validation.ProofDisowned;
import im.signet.identity.validation.Validation;
import im.signet.kit.homeserver.FederationRequests;
import im.signet.protocol.identifier.Address;
import im.signet.protocol.identifier.ClientSecret;
import im.signet.protocol.identifier.SessionId;
import im.signet.protocol.identifier.UserId;
import im.signet.protocol.signature.FederationRequest;

import java.util.List;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/** Takes back that an address is a user's, at the wish of the user's homeserver or of whoever owns the address. */
@Service
class Unbinding {

    private static final Logger log = LoggerFactory.getLogger(Unbinding.class);

    private final Validation validation;
    private final Associations associations;
    private final FederationRequests requests;

    Unbinding(Validation validation, Associations associations, FederationRequests requests) {
        this.validation = validation;
        this.associations = associations;
        this.requests = requests;
    }

    /** What came of asking to unbind an address. That nothing was bound is told to nobody. */
    sealed interface Outcome {

        /** The address is not bound to the user, now at the latest. */
        record Unbound() implements Outcome {}

        /** The user's homeserver did not sign the request. */
        record NotSigned() implements Outcome {}

        /** The request was signed for another server. */
        record ForAnother() implements Outcome {}

        /** The homeserver's keys could not be had. */
        record KeysUnreachable() implements Outcome {}

        /** The session's token was not submitted yet. */
        record NotValidated() implements Outcome {}

        /** The session has run out, or another user has proven the address since. */
        record Expired() implements Outcome {}

        /** No session has that sid and secret. */
        record NoSession() implements Outcome {}

        /** The session proves another address. */
        record OtherAddress() implements Outcome {}
    }

    /**
     * Unbinds for the user's homeserver.
     *
     * @param authorization the values of the request's {@code Authorization} headers
     */
    Outcome unbind(UserId user, Address address, FederationRequest request, List<String> authorization) {
        return switch (requests.check(request, user.serverName(), authorization)) {
            case FederationRequests.Check.Signed _ -> {
                associations.remove(address, user);
                yield new Outcome.Unbound();
            }
            case FederationRequests.Check.ForAnother _ -> new Outcome.ForAnother();
            case FederationRequests.Check.NotSigned(String reason) -> {
                log.info("refused to unbind: {}", reason);
                yield new Outcome.NotSigned();
            }
            case FederationRequests.Check.KeysUnreachable(String reason) -> {
                log.info("cannot tell who asks to unbind: {}", reason);
                yield new Outcome.KeysUnreachable();
            }
        };
    }

    /** Unbinds for whoever has proven to own the address. */
    @Transactional
    Outcome unbind(UserId user, Address address, SessionId sid, ClientSecret secret) {
        return switch (validation.lockedProof(sid, secret)) {
            case Proof.Proven proven -> proven.address().equals(address)
                    ? unbind(user, proven)
                    : new Outcome.OtherAddress();
            case Proof.NotValidated _ -> new Outcome.NotValidated();
            case Proof.Expired _ -> new Outcome.Expired();
            case Proof.NoSession _ -> new Outcome.NoSession();
        };
    }

    /** Within the transaction that disowns: what was bound by the proof, and by no newer one, is unbound. */
    @EventListener
    void whenDisowned(ProofDisowned event) {
        associations.removeProvenAt(event.address(), event.user(), event.provenAt());
    }

    private Outcome unbind(UserId user, Proof.Proven proven) {
        return switch (associations.remove(proven.address(), user, proven.user(), proven.at())) {
            case Associations.Removal.Removed _,Associations.Removal.NotBound _ -> new Outcome.Unbound();
            case Associations.Removal.ProvenSinceBySomebodyElse _ -> new Outcome.Expired();
        };
    }
}
