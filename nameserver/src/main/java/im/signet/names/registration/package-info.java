/// Registering, renewing, moving and releasing handles. See `docs/spec/handles.md`.
@NullMarked
@ApplicationModule(allowedDependencies = {"handle", "identity", "problem", "resolution", "setting", "store"})
package im.signet.names.registration;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
