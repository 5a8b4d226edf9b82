/// Invitations to people who are known by an address only: kept until the address is bound, then handed to the
/// homeserver
/// of whom it was bound to. See
/// <a href="https://spec.matrix.org/latest/identity-service-api/#invitation-storage">Invitation
/// storage</a>.
@NullMarked
@ApplicationModule(allowedDependencies = {"address", "association", "block", "key", "lookup", "mail"})
package im.signet.identity.invitation;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
