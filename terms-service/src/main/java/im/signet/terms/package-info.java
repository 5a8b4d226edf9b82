/// The terms-service: accounts by OpenID, policies, and who accepted them.
@NullMarked
package im.signet.terms;

import org.jspecify.annotations.NullMarked;
