package im.signet.protocol.handle;

import im.signet.protocol.identifier.UserId;
import im.signet.protocol.json.JsonObject;

import java.util.List;
import java.util.Optional;

/**
 * Where the owner of a handle says to be reached. A claim: only {@code matrixMasterKey} is proven, as that key must sign
 * the binding; that it is the key of the account is for the client to see at the homeserver.
 *
 * @param matrix          the account
 * @param matrixMasterKey the cross-signing master key of the account
 */
public record Reach(UserId matrix, Optional<JwsKey> matrixMasterKey) {
    private static final String MATRIX = "matrix";
    private static final String MASTER_KEY = "matrix_master_key";

    static Reach read(Members members) throws Refusal {
        members.allow(List.of(MATRIX, MASTER_KEY));
        UserId matrix = members.string(MATRIX, text -> UserId.parse(text)
                .toOptional()
                .map(Verdict::valid)
                .orElseGet(() -> Verdict.refused(Reason.MALFORMED_MEMBER)));
        return new Reach(matrix, members.optionalString(MASTER_KEY, JwsKey::parse));
    }

    JsonObject toJson() {
        JsonObject.Builder json = JsonObject.builder().put(MATRIX, matrix.value());
        matrixMasterKey.ifPresent(key -> json.put(MASTER_KEY, key.x()));
        return json.build();
    }
}
