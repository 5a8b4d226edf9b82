/// The errors of this API: `application/problem+json` (RFC 9457) with a `code`.
@NullMarked
@ApplicationModule(allowedDependencies = {})
package im.signet.names.problem;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
