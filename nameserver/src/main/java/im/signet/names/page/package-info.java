/// What people see of handles in a browser: a page for each, and the page behind the link of a card. See
/// `docs/spec/nameserver.md`.
@NullMarked
@ApplicationModule(allowedDependencies = {"resolution", "setting"})
package im.signet.names.page;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
