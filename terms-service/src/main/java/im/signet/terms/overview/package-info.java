/// What is kept of a user, shown to them by a link that a token asks for, and ended at their
/// wish: `docs/spec/overview.md`.
@NullMarked
@ApplicationModule(allowedDependencies = {"account", "acceptance", "policy"})
package im.signet.terms.overview;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
