package im.signet.client.handle;

import im.signet.protocol.handle.Jws;
import im.signet.protocol.handle.JwsSigner;
import im.signet.protocol.handle.ProofOfPossession;
import im.signet.protocol.handle.SignedBinding;

/**
 * A binding of a handle to the user's own identity that is signed, and not published yet. Send the same one again when an
 * answer was lost. It holds the key that signed it, to prove it with: where that is a recovery key, wipe it once the
 * handle is registered, and not before.
 */
public final class NextBinding {
    private final OwnIdentity before;
    private final SignedBinding binding;
    private final JwsSigner signer;

    NextBinding(OwnIdentity before, SignedBinding binding, JwsSigner signer) {
        this.before = before;
        this.binding = binding;
        this.signer = signer;
    }

    /** Returns the signed binding. */
    public SignedBinding binding() {
        return binding;
    }

    /** Returns the identity that it is a binding of, without it. */
    public OwnIdentity before() {
        return before;
    }

    /** Returns the identity once the binding was published; keep {@link #before} until then. */
    public OwnIdentity after() {
        return before.with(binding);
    }

    /** Returns the proof that this client holds the key that signed the binding, made for that request at that time. */
    public Jws prove(ProofOfPossession.Request request, long iat) {
        return new ProofOfPossession(request, iat).sign(signer);
    }

    @Override
    public String toString() {
        return "NextBinding[" + binding + "]";
    }
}
