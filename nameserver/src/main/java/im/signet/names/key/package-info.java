/// The keys with which this server signs what it says of handles, and their public halves.
@NullMarked
@ApplicationModule(allowedDependencies = {"setting"})
package im.signet.names.key;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
