/// Who is asking: bearer tokens, and the one seam through which services ask whose a token is.
/// See <a href="https://spec.matrix.org/latest/identity-service-api/#authentication">Authentication</a>.
@NullMarked
package im.signet.kit.token;

import org.jspecify.annotations.NullMarked;
