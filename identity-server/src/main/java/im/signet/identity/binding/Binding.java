package im.signet.identity.binding;

import im.signet.identity.association.Associations;
import im.signet.identity.block.BlockedAddresses;
import im.signet.identity.key.SigningKeys;
import im.signet.identity.validation.Proof;
import im.signet.identity.validation.Validation;
import im.signet.protocol.identifier.ClientSecret;
import im.signet.protocol.identifier.SessionId;
import im.signet.protocol.identifier.UserId;

import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/** Publishes, at its owner's wish, that an address is theirs. */
@Service
class Binding {

    private final Validation validation;
    private final Associations associations;
    private final BlockedAddresses blocked;
    private final SigningKeys keys;

    Binding(Validation validation, Associations associations, BlockedAddresses blocked, SigningKeys keys) {
        this.validation = validation;
        this.associations = associations;
        this.blocked = blocked;
        this.keys = keys;
    }

    /** Binds the address that a session of this user proves. Whoever disowns the session does so before or after that. */
    @Transactional
    BindingOutcome bind(SessionId sid, ClientSecret secret, UserId user) {
        return switch (validation.lockedProof(sid, secret, user)) {
            // As if the proof had run out: that the operator blocked the address is told to nobody.
            case Proof.Proven proven when blocked.containLocked(proven.address()) -> new BindingOutcome.Expired();
            case Proof.Proven proven -> associations.bind(proven.address(), user, proven.at(), proven.spellings(),
                    proven.discoverable())
                    .<BindingOutcome>map(bound -> new BindingOutcome.Bound(keys.sign(bound.statement())))
                    .orElseGet(BindingOutcome.ProvenSinceBySomebodyElse::new);
            case Proof.NotValidated _ -> new BindingOutcome.NotValidated();
            case Proof.Expired _ -> new BindingOutcome.Expired();
            case Proof.NoSession _ -> new BindingOutcome.NoSession();
        };
    }
}
