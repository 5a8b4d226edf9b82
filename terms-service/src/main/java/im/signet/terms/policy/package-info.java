/// The operator's policies: their versions, languages and texts. See
/// <a href="https://spec.matrix.org/latest/identity-service-api/#terms-of-service">Terms of service</a>.
@NullMarked
@ApplicationModule(allowedDependencies = {})
package im.signet.terms.policy;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
