/// What the other services may ask: whose a token is, and whether its user has terms left to accept.
@NullMarked
@ApplicationModule(allowedDependencies = {"account", "acceptance", "key", "policy"})
package im.signet.terms.introspection;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
