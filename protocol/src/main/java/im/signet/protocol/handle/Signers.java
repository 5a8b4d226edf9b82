package im.signet.protocol.handle;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The keys that have signed an operation, told apart by what their signatures are for (section 4.5). */
final class Signers {
    private final Jws jws;
    private final List<JwsKey> toSign;
    private final List<JwsKey> added = new ArrayList<>();
    private final List<JwsKey> authorities = new ArrayList<>();

    private Signers(Jws jws, List<JwsKey> toSign) {
        this.jws = jws;
        this.toSign = toSign;
    }

    /** Returns the signers of {@code jws}: each one of {@code toSign}, which agree to be listed, or of {@code authorities}. */
    static Signers of(Jws jws, List<JwsKey> toSign, List<JwsKey> authorities) throws Refusal {
        Map<Thumbprint, JwsKey> adding = byThumbprint(toSign);
        Map<Thumbprint, JwsKey> allowing = byThumbprint(authorities);
        Signers signers = new Signers(jws, toSign);
        for (Thumbprint kid : jws.kids()) {
            JwsKey isAdded = adding.get(kid);
            JwsKey allows = allowing.get(kid);
            if (isAdded != null) {
                signers.added.add(isAdded);
            } else if (allows != null) {
                signers.authorities.add(allows);
            } else {
                throw new Refusal(Reason.UNKNOWN_SIGNER);
            }
        }
        return signers;
    }

    /** Refuses when a key that must agree has not signed. */
    void requireAllAdded() throws Refusal {
        Refusal.when(added.size() < toSign.size(), Reason.MISSING_SIGNATURE);
    }

    /** Returns the one key that allows the operation. */
    JwsKey authority() throws Refusal {
        Refusal.when(authorities.isEmpty(), Reason.NO_AUTHORITY);
        Refusal.when(authorities.size() > 1, Reason.SUPERFLUOUS_SIGNATURE);
        return authorities.get(0);
    }

    /** Refuses when any signature is not valid: last of all, as nothing costs more. */
    void verify() throws Refusal {
        for (JwsKey key : authorities) {
            Refusal.when(!jws.isSignedBy(key), Reason.BAD_SIGNATURE);
        }
        for (JwsKey key : added) {
            Refusal.when(!jws.isSignedBy(key), Reason.BAD_SIGNATURE);
        }
    }

    private static Map<Thumbprint, JwsKey> byThumbprint(List<JwsKey> keys) {
        Map<Thumbprint, JwsKey> byThumbprint = new HashMap<>();
        keys.forEach(key -> byThumbprint.put(key.thumbprint(), key));
        return byThumbprint;
    }
}
