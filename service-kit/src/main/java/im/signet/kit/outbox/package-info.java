/// What must leave the server (mail; later SMS and calls to homeservers): written down, encrypted, in the transaction
/// that
/// caused it, and sent afterwards, never inside a request.
@NullMarked
package im.signet.kit.outbox;

import org.jspecify.annotations.NullMarked;
