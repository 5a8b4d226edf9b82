package im.signet.names.registration;

import im.signet.names.problem.Problem;
import im.signet.names.problem.ProblemCode;
import im.signet.protocol.handle.Binding;
import im.signet.protocol.handle.Identity;
import im.signet.protocol.handle.Jws;
import im.signet.protocol.handle.Reach;
import im.signet.protocol.handle.SignedBinding;
import im.signet.protocol.identifier.UserId;
import im.signet.protocol.json.JsonObject;

import java.time.Clock;
import java.time.Duration;
import java.util.Optional;

import org.springframework.stereotype.Component;

/** What a binding has to be when it comes, beyond what it has to be for ever. */
@Component
final class BindingChecks {

    private static final Duration CLOCKS_DIFFER = Duration.ofHours(1);

    private final Clock clock;

    BindingChecks(Clock clock) {
        this.clock = clock;
    }

    /**
     * Returns the binding when a key of the newest state of the identity signed it, now.
     *
     * @param before the reach that the handle has already
     */
    SignedBinding check(Jws jws, Identity newest, UserId account, Optional<Reach> before) {
        SignedBinding signed = Problem.orThrow(SignedBinding.verify(jws, newest));
        switch (signed.standing(newest)) {
            case FRESH -> {
                // A key that was thrown out could else go on by an old head.
            }
            case SIGNER_REVOKED -> throw Problem.of(ProblemCode.SIGNER_REVOKED);
            case EPOCH_OVER -> throw Problem.of(ProblemCode.EPOCH_OVER);
            case IDENTITY_DEACTIVATED -> throw Problem.of(ProblemCode.IDENTITY_DEACTIVATED);
        }
        Binding binding = signed.binding();
        if (!binding.head().equals(newest.head())) {
            throw Problem.of(ProblemCode.OLD_HEAD)
                    .with(JsonObject.builder().put("seq", newest.seq()).put("head", newest.head().value()).build());
        }
        if (signed.isExpiredAt(clock.instant().getEpochSecond())) {
            throw Problem.of(ProblemCode.BINDING_TIME);
        }
        checkSignedAt(binding);
        checkReach(binding, account, before);
        return signed;
    }

    /** Throws a {@link Problem} when the binding says that it is from the future, and so may end at any time. */
    void checkSignedAt(Binding binding) {
        if (binding.iat() > clock.instant().plus(CLOCKS_DIFFER).getEpochSecond()) {
            throw Problem.of(ProblemCode.BINDING_TIME);
        }
    }

    /** Throws a {@link Problem} when the binding says to reach its owner at somebody else's. */
    void checkReach(Binding binding, UserId account, Optional<Reach> before) {
        Optional<Reach> reach = binding.reach();
        boolean proven = reach.isEmpty() || reach.equals(before) || reach.get().matrix().equals(account)
                || reach.get().matrixMasterKey().isPresent(); // which has signed, or the binding was none
        if (!proven) {
            throw Problem.of(ProblemCode.REACH_NOT_PROVEN);
        }
    }

    /** Returns whether a proof that claims to be of that time can answer a challenge that is open. */
    boolean isAboutNow(long epochSeconds) {
        return Math.abs(epochSeconds - clock.instant().getEpochSecond()) <= Challenges.LIFE.toSeconds();
    }
}
