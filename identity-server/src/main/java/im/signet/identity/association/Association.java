package im.signet.identity.association;

import im.signet.protocol.identifier.Address;
import im.signet.protocol.identifier.UserId;
import im.signet.protocol.json.JsonObject;

import java.time.Duration;
import java.time.Instant;

/**
 * An address and the user that it belongs to.
 *
 * @param id       names the association; a new one for each binding
 * @param provenAt when the user proved to own the address
 * @param boundAt  when the user had it bound
 * @param heldSince since when it has been the user's, however often they had it bound anew
 * @param discoverable whether lookups may answer with it; the owner chooses
 */
public record Association(long id, Address address, UserId user, Instant provenAt, Instant boundAt,
        Instant heldSince, boolean discoverable) {

    // An association holds until it is undone; the specification wants an end, and Sydent gives the same.
    private static final Duration HOLDS = Duration.ofDays(36_525);

    /** Returns the association as it is signed and told to others. */
    public JsonObject statement() {
        return JsonObject.builder()
                .put("address", address.value())
                .put("medium", address.medium().wireName())
                .put("mxid", user.value())
                .put("not_before", boundAt.toEpochMilli())
                .put("not_after", boundAt.plus(HOLDS).toEpochMilli())
                .put("ts", boundAt.toEpochMilli())
                .build();
    }
}
