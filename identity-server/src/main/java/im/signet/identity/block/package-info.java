/// Addresses that the operator lets nothing be sent to, and nobody prove or bind.
@NullMarked
@ApplicationModule(allowedDependencies = {"address"})
package im.signet.identity.block;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
