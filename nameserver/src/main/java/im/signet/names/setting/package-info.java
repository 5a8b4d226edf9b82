/// What the operator sets: domains, who may register, limits.
@NullMarked
@ApplicationModule(allowedDependencies = {})
package im.signet.names.setting;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
