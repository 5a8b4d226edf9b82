package im.signet.terms.acceptance;

import im.signet.kit.settings.SignetProperties;
import im.signet.terms.key.JwsKeys;
import im.signet.terms.policy.PublishedTexts;

import java.util.Date;
import java.util.List;

import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jwt.JWTClaimsSet;
import org.springframework.stereotype.Component;

/// Signs each acceptance once, so that its user can show it to anybody; `docs/spec/receipts.md` has the claims. What is
/// signed stays as it is, whatever becomes of the keys, the settings and the policy.
@Component
class Receipts {

    /** The type of a receipt: no other token of this service has it. */
    static final JOSEObjectType TYPE = new JOSEObjectType("signet-receipt+jwt");

    /** Whoever holds a token acts for its user here, and more than that nobody can see. */
    static final String PROVES = "the holder of an access token of this user accepted this text";

    private final ReceiptRepository repository;
    private final PublishedTexts texts;
    private final JwsKeys keys;
    private final SignetProperties signet;

    Receipts(ReceiptRepository repository, PublishedTexts texts, JwsKeys keys, SignetProperties signet) {
        this.repository = repository;
        this.texts = texts;
        this.keys = keys;
        this.signet = signet;
    }

    /** Returns the receipts of these acceptances in their order; one that has none yet gets it now. */
    List<Receipt> of(List<Acceptance> acceptances) {
        return acceptances.stream().map(this::of).toList();
    }

    private Receipt of(Acceptance acceptance) {
        String jws = repository.find(acceptance.requiredId()).orElseGet(() -> {
            repository.addIfNew(acceptance.requiredId(), sign(acceptance));
            return repository.find(acceptance.requiredId()).orElseThrow();
        });
        return new Receipt(acceptance, jws);
    }

    private String sign(Acceptance acceptance) {
        JWTClaimsSet.Builder claims = new JWTClaimsSet.Builder().issuer(signet.publicUrlOf(""))
                .subject(acceptance.userId())
                .issueTime(Date.from(acceptance.acceptedAt()))
                .claim("policy", acceptance.policy())
                .claim("version", acceptance.version())
                .claim("language", acceptance.language())
                .claim("url", acceptance.url())
                .claim("proves", PROVES);
        texts.at(acceptance.url()).ifPresent(text -> claims.claim("text_sha256", text.sha256()));
        return keys.sign(TYPE, claims.build());
    }
}
