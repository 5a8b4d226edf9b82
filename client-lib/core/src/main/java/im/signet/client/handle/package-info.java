/**
 * Handles and identities as a client keeps them: what was found out of somebody, what was pinned, what proves a lie, and the
 * user's own keys. Nothing here asks anybody: {@link im.signet.client.HandleDirectory} and {@link im.signet.client.OwnHandles}
 * do. Nothing here is validated, either: that is a user's act.
 */
@NullMarked
package im.signet.client.handle;

import org.jspecify.annotations.NullMarked;
