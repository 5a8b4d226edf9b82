/// Proving that one owns an address. See <a
/// href="https://spec.matrix.org/latest/identity-service-api/#establishing-associations">Establishing associations</a>.
@NullMarked
@ApplicationModule(allowedDependencies = {"address", "block", "mail"})
package im.signet.identity.validation;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
