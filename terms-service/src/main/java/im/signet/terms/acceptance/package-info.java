/// Who accepted which policies, and who still has to. See
/// <a href="https://spec.matrix.org/latest/identity-service-api/#terms-of-service">Terms of service</a>.
@NullMarked
@ApplicationModule(allowedDependencies = "policy")
package im.signet.terms.acceptance;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
