/// What everybody may ask: bundles, WebFinger (RFC 7033), discovery. See `docs/spec/handles.md`.
@NullMarked
@ApplicationModule(allowedDependencies = {"handle", "identity", "key", "problem", "setting"})
package im.signet.names.resolution;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
