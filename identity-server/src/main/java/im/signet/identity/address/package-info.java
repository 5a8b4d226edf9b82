/// Addresses at rest: sealed, and found by a keyed hash.
@NullMarked
@ApplicationModule(allowedDependencies = {})
package im.signet.identity.address;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
