package im.signet.client.handle;

import im.signet.protocol.Parsed;
import im.signet.protocol.handle.Jws;
import im.signet.protocol.handle.JwsKey;
import im.signet.protocol.handle.JwsSigner;
import im.signet.protocol.handle.ProofOfPossession;

import java.security.SecureRandom;
import java.util.Arrays;

import org.jspecify.annotations.Nullable;

/**
 * A recovery key, to be written down and kept away from all devices: {@code SIGNET-RECOVERY:} and 60 characters of base32 in
 * groups of four. Whoever has the first one of an identity is its owner. {@link #toString()} hides it; two are compared by
 * their public halves.
 */
public final class RecoveryKey {
    private static final WrittenKey FORM = new WrittenKey("SIGNET-RECOVERY:", "signet-recovery/v1");

    private final JwsSigner signer;

    private RecoveryKey(JwsSigner signer) {
        this.signer = signer;
    }

    /** Returns a new key. */
    public static RecoveryKey generate(SecureRandom random) {
        return new RecoveryKey(JwsSigner.generate(random));
    }

    /**
     * Returns the key that somebody wrote down: with blanks, dashes and lower case, as people write, but with every character
     * right. Wipes nothing; the caller wipes {@code text}.
     */
    public static Parsed<RecoveryKey> parse(char[] text) {
        byte[] seed = FORM.parse(text);
        if (seed.length == 0) {
            return Parsed.refused("this is no recovery key, or it was not written down right");
        }
        try {
            return Parsed.ok(new RecoveryKey(JwsSigner.fromSeed(seed)));
        } finally {
            Arrays.fill(seed, (byte) 0);
        }
    }

    /** Returns the key as it is written down, once, for the user's eyes; the caller wipes it. */
    public char[] reveal() {
        byte[] seed = signer.seed();
        try {
            return FORM.write(seed);
        } finally {
            Arrays.fill(seed, (byte) 0);
        }
    }

    /** Returns the public half. */
    public JwsKey key() {
        return signer.key();
    }

    /** Overwrites the secret; the key signs nothing afterwards. */
    public void wipe() {
        signer.wipe();
    }

    /** Returns the proof that whoever sends a request holds this key, made for that request at that time. */
    public Jws prove(ProofOfPossession.Request request, long iat) {
        return new ProofOfPossession(request, iat).sign(signer());
    }

    JwsSigner signer() {
        return signer;
    }

    /** Equal when the public halves are, which are no secret. */
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof RecoveryKey that && key().equals(that.key());
    }

    @Override
    public int hashCode() {
        return key().hashCode();
    }

    @Override
    public String toString() {
        return "RecoveryKey[hidden]";
    }
}
