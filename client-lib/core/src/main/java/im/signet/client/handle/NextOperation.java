package im.signet.client.handle;

import im.signet.protocol.handle.Jws;

/**
 * An operation of the user's own identity that is signed, and not published yet. Send the same one again when an answer was
 * lost; do not sign another in its place before you know that it did not arrive.
 *
 * @param operation the signed operation
 * @param before    the identity as it is until it was published
 * @param after     the identity once it was published; keep the one before until then
 */
public record NextOperation(Jws operation, OwnIdentity before, OwnIdentity after) {}
