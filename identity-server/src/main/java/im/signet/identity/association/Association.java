package im.signet.identity.association;

import im.signet.protocol.identifier.Address;
import im.signet.protocol.identifier.UserId;

import java.time.Instant;

/**
 * An address and the user that it belongs to.
 *
 * @param id       names the association; a new one for each binding
 * @param provenAt when the user proved to own the address
 * @param boundAt  when the user had it bound
 * @param discoverable whether lookups may answer with it; the owner chooses
 */
public record Association(long id, Address address, UserId user, Instant provenAt, Instant boundAt,
        boolean discoverable) {}
