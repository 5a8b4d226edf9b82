/// Which address belongs to which user: the record that every other feature asks.
@NullMarked
@ApplicationModule(allowedDependencies = {"address"})
package im.signet.identity.association;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
