package im.signet.terms.key;

import im.signet.kit.key.KeyRing;
import im.signet.kit.key.PublicSeeds;
import im.signet.protocol.signature.KeyId;
import im.signet.protocol.signature.SigningKey;

import java.util.List;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.util.Base64URL;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;

/// The Ed25519 keys that sign JSON Web Tokens (RFC 7519) as `EdDSA` (RFC 8037): the last one signs, all stay published.
/// A
/// key is named by its thumbprint (RFC 7638).
public final class JwsKeys {

    private final List<SigningKey> keys;
    private final List<OctetKeyPair> published;

    /**
     * Takes the keys of a ring.
     *
     * @throws im.signet.kit.settings.UnusableSettingException when one of them is a public test key
     */
    public JwsKeys(KeyRing ring) {
        ring.all().forEach(PublicSeeds::refuse);
        this.keys = ring.all()
                .stream()
                .map(key -> SigningKey.fromSeed(KeyId.of(KeyId.ED25519 + ":jws"), key.bytes()))
                .toList();
        this.published = keys.stream().map(JwsKeys::publicHalf).toList();
    }

    private static OctetKeyPair publicHalf(SigningKey key) {
        try {
            return new OctetKeyPair.Builder(Curve.Ed25519, Base64URL.encode(key.verifyKey().toBytes()))
                    .keyUse(KeyUse.SIGNATURE)
                    .algorithm(JWSAlgorithm.EdDSA)
                    .keyIDFromThumbprint()
                    .build();
        } catch (JOSEException noSha256) {
            throw new IllegalStateException(noSha256);
        }
    }

    /**
     * Returns the claims signed with the current key, in compact serialisation.
     *
     * @param type says what the token is for, so that none is taken for another (RFC 8725, section 3.11)
     */
    public String sign(JOSEObjectType type, JWTClaimsSet claims) {
        JWSHeader header = new JWSHeader.Builder(JWSAlgorithm.EdDSA).type(type)
                .keyID(published.getLast().getKeyID())
                .build();
        SignedJWT token = new SignedJWT(header, claims);
        try {
            token.sign(new Ed25519JwsSigner(keys.getLast()));
        } catch (JOSEException impossible) {
            throw new IllegalStateException(impossible);
        }
        return token.serialize();
    }

    /** Returns the public halves, the current one last. */
    JWKSet published() {
        return new JWKSet(List.copyOf(published));
    }
}
