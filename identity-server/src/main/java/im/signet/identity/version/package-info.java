/// What this server speaks: versions and the ping. See <a
/// href="https://spec.matrix.org/latest/identity-service-api/#api-version-check">API version check</a>.
@NullMarked
@ApplicationModule(allowedDependencies = {})
package im.signet.identity.version;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
