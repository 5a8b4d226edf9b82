/// The keys that this service signs with as JSON Web Signatures, and their public halves for everybody.
@NullMarked
@ApplicationModule(allowedDependencies = {})
package im.signet.terms.key;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
