/// What all tables of this service need: locks, and keyed hashes of what must not stand in them.
@NullMarked
@ApplicationModule(allowedDependencies = {})
package im.signet.names.store;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
