/// Finding users by hashed addresses. See <a
/// href="https://spec.matrix.org/latest/identity-service-api/#association-lookup">Association lookup</a>.
@NullMarked
@ApplicationModule(allowedDependencies = {"association", "address"})
package im.signet.identity.lookup;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
