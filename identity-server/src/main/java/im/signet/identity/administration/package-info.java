/// What an operator asks and changes about addresses from the command line, beside running servers, by the code that
/// servers run.
@NullMarked
@ApplicationModule(allowedDependencies = {"address", "association", "block", "invitation"})
package im.signet.identity.administration;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
