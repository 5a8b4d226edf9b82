/// Binding a proven address to a user, signing that, and taking it back. See <a
/// href="https://spec.matrix.org/latest/identity-service-api/#establishing-associations">Establishing associations</a>.
@NullMarked
@ApplicationModule(allowedDependencies = {"validation", "association", "block", "key", "address"})
package im.signet.identity.binding;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
