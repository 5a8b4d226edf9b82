/// What this service keeps of a user, for them to see and to have ended: the other side of [im.signet.kit.holding].
@NullMarked
@ApplicationModule(allowedDependencies = {"address", "association", "validation", "invitation"})
package im.signet.identity.holding;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
