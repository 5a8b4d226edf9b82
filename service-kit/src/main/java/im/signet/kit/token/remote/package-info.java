/// Asking a terms-service in another process whose an access token is: OAuth 2.0 token introspection
/// ([RFC 7662](https://www.rfc-editor.org/rfc/rfc7662)), answered as a signed JSON Web Token
/// ([RFC 9701](https://www.rfc-editor.org/rfc/rfc9701)); `docs/spec/introspection.md` has the members.
@NullMarked
package im.signet.kit.token.remote;

import org.jspecify.annotations.NullMarked;
