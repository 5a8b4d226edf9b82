/// The nameserver: handles such as `alice@example.org`, each bound to an identity by a record that the identity itself
/// signed. Nothing that it says is believed by anybody; all of it can be checked. See `docs/spec/handles.md`.
@NullMarked
package im.signet.names;

import org.jspecify.annotations.NullMarked;
