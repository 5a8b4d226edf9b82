/// What this service keeps of a user, for them to see and to end.
@NullMarked
@ApplicationModule(allowedDependencies = {"handle"})
package im.signet.names.holding;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
