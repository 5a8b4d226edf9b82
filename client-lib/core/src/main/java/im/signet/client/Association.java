package im.signet.client;

import im.signet.protocol.identifier.Address;
import im.signet.protocol.identifier.ServerName;
import im.signet.protocol.identifier.UserId;
import im.signet.protocol.json.JsonObject;
import im.signet.protocol.signature.KeyId;

import java.time.Instant;

/**
 * An identity server's signed statement that an address belongs to a Matrix user; its signature was verified.
 *
 * @param address   the address
 * @param userId    the user
 * @param notBefore from when it holds
 * @param notAfter  until when it holds
 * @param boundAt   when it was made
 * @param signedBy  the name under which the server signs
 * @param keyId     the key with which it signed
 * @param signed    the whole statement with its signatures, to keep or pass on
 */
public record Association(Address address, UserId userId, Instant notBefore, Instant notAfter, Instant boundAt,
        ServerName signedBy, KeyId keyId, JsonObject signed) {}
