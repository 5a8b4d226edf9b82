/// Accounts: an OpenID token of a homeserver is exchanged for a token of ours, looked at, and ended. See
/// <a href="https://spec.matrix.org/latest/identity-service-api/#authentication">Authentication</a>.
@NullMarked
@ApplicationModule(allowedDependencies = {})
package im.signet.terms.account;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
