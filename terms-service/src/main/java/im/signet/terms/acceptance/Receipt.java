package im.signet.terms.acceptance;

import im.signet.protocol.json.JsonObject;

/**
 * A signed statement that a policy was accepted.
 *
 * @param acceptance what it states
 * @param jws        the statement as a JSON Web Token in compact serialisation
 */
public record Receipt(Acceptance acceptance, String jws) {

    /** Returns it as it is handed out. */
    public JsonObject toJson() {
        return JsonObject.builder()
                .put("policy", acceptance.policy())
                .put("version", acceptance.version())
                .put("language", acceptance.language())
                .put("url", acceptance.url())
                .put("accepted_at", acceptance.acceptedAt().toEpochMilli())
                .put("receipt", jws)
                .build();
    }
}
