/// Identities: chains of signed operations, without any handle. See `docs/spec/handles.md`.
@NullMarked
@ApplicationModule(allowedDependencies = {"problem", "setting", "store"})
package im.signet.names.identity;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
