package im.signet.kit.token.remote;

import im.signet.kit.token.AccessToken;
import im.signet.kit.token.TokenIntrospection.Answer;
import im.signet.kit.web.ServiceName;
import im.signet.protocol.Parsed;
import im.signet.protocol.identifier.UserId;
import im.signet.protocol.signature.VerifyKey;

import java.security.MessageDigest;
import java.text.ParseException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.util.Base64URL;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import org.jspecify.annotations.Nullable;

/// Reads the terms-service's signed answers (RFC 9701, section 5), and believes none but those that it signed for us,
/// just
/// now, of this very token and service. What a signature covers is decided by the key's owner: `alg` is never asked what
/// to do (RFC 8725, section 3.1), and `typ` says that it is such an answer.
final class SignedAnswers {

    private static final String TYPE = "token-introspection+jwt";
    /** How far apart the two machines' clocks may be, and how old an answer may be. */
    private static final Duration SKEW = Duration.ofSeconds(60);

    private final TermsServiceKeys keys;
    private final String issuer;
    private final String audience;
    private final Clock clock;

    /**
     * @param issuer   the terms-service's public URL
     * @param audience the name under which we ask
     */
    SignedAnswers(TermsServiceKeys keys, String issuer, String audience, Clock clock) {
        this.keys = keys;
        this.issuer = issuer;
        this.audience = audience;
        this.clock = clock;
    }

    /** Why an answer is not believed. */
    static final class Unbelievable extends Exception {

        private static final long serialVersionUID = 1L;

        Unbelievable(String why) {
            super(why, null, false, false);
        }
    }

    /** Returns what an answer says. */
    Answer read(String text, AccessToken token, ServiceName service) throws Unbelievable {
        try {
            SignedJWT jwt = SignedJWT.parse(text);
            verify(jwt);
            JWTClaimsSet claims = jwt.getJWTClaimsSet();
            demand(issuer.equals(claims.getIssuer()), "another issuer than signet.terms-service.issuer has signed it");
            demand(claims.getAudience().equals(List.of(audience)), "it is for another service");
            demand(isRecent(claims.getIssueTime()), "it is of another time: compare the clocks of both machines");
            String hash = claims.getStringClaim("im.signet.token_sha256");
            demand(hash != null && MessageDigest.isEqual(token.hash(), new Base64URL(hash).decode()),
                    "it is of another token");
            demand(service.value().equals(claims.getStringClaim("im.signet.service")), "it is for another service");
            return answerIn(claims.getJSONObjectClaim("token_introspection"));
        } catch (ParseException | RuntimeException unreadable) {
            throw new Unbelievable("it is not one that we can read");
        }
    }

    private void verify(SignedJWT jwt) throws Unbelievable {
        JWSHeader header = jwt.getHeader();
        demand(JWSAlgorithm.EdDSA.equals(header.getAlgorithm()), "it is not signed by EdDSA");
        demand(header.getType() != null && header.getType().getType().equals(TYPE), "it is something else");
        demand(header.getCriticalParams() == null && header.getKeyID() != null, "it is signed in another way");
        Optional<VerifyKey> key = keys.find(header.getKeyID());
        demand(key.isPresent(), "its key is not one that the terms-service publishes");
        demand(key.orElseThrow().verifies(jwt.getSigningInput(), jwt.getSignature().decode()),
                "its signature is wrong");
    }

    private boolean isRecent(@Nullable Date issued) {
        return issued != null && Duration.between(issued.toInstant(), clock.instant()).abs().compareTo(SKEW) <= 0;
    }

    private Answer answerIn(@Nullable Map<String, Object> introspection) throws Unbelievable {
        if (introspection == null || !(introspection.get("active") instanceof Boolean active)) {
            throw new Unbelievable("it says nothing");
        }
        if (!active) {
            return new Answer.Inactive();
        }
        if (!(introspection.get("exp") instanceof Number expires)
                || !(introspection.get("im.signet.outstanding") instanceof List<?> outstanding)
                || !(introspection.get("sub") instanceof String sub)
                || !(UserId.parse(sub) instanceof Parsed.Ok<UserId>(UserId user))) {
            throw new Unbelievable("it does not say whose the token is");
        }
        return clock.instant().isBefore(Instant.ofEpochSecond(expires.longValue()).plus(SKEW))
                ? new Answer.Active(user, !outstanding.isEmpty())
                : new Answer.Inactive();
    }

    private static void demand(boolean held, String otherwise) throws Unbelievable {
        if (!held) {
            throw new Unbelievable(otherwise);
        }
    }
}
