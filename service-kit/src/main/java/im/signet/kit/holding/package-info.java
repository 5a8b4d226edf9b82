/// What each service keeps of a user: the terms-service shows it to them, and has it ended when they withdraw their
/// consent. This is the seam from the terms-service to the others, as [im.signet.kit.token] is the one the other way.
@NullMarked
package im.signet.kit.holding;

import org.jspecify.annotations.NullMarked;
