/// Who accepted which policies, the receipts of it, and who still has to. See
/// <a href="https://spec.matrix.org/latest/identity-service-api/#terms-of-service">Terms of service</a>.
@NullMarked
@ApplicationModule(allowedDependencies = {"policy", "key", "account"})
package im.signet.terms.acceptance;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
