package im.signet.client.book;

import im.signet.protocol.handle.Handle;
import im.signet.protocol.handle.IdentityId;
import im.signet.protocol.identifier.Address;
import im.signet.protocol.identifier.UserId;

/** One of the names by which a person is known; each has a state of its own. */
public sealed interface Identifier {
    /**
     * An identity, which outlives its keys and handles.
     *
     * @param id its id
     */
    record OfIdentity(IdentityId id) implements Identifier {}

    /**
     * A handle.
     *
     * @param handle the handle
     */
    record OfHandle(Handle handle) implements Identifier {}

    /**
     * A Matrix account.
     *
     * @param userId its user id
     */
    record OfMatrix(UserId userId) implements Identifier {}

    /**
     * An e-mail address or a phone number. Nothing can validate it: nobody signs for it. {@link #toString()} hides it.
     *
     * @param address the address
     */
    record OfAddress(Address address) implements Identifier {}
}
