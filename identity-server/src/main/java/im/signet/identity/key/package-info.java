/// The keys that this server signs with, and their public halves. See <a
/// href="https://spec.matrix.org/latest/identity-service-api/#key-management">Key management</a>.
@NullMarked
@ApplicationModule(allowedDependencies = {})
package im.signet.identity.key;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
