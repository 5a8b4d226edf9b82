/// Handles: which may be registered, which look alike, and how long they live. See `docs/spec/handles.md`.
@NullMarked
@ApplicationModule(allowedDependencies = {"identity", "setting", "store"})
package im.signet.names.handle;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
