/// The identity-server: the Matrix Identity Service API but for accounts and terms. See
/// <a href="https://spec.matrix.org/latest/identity-service-api/">Identity Service API</a>.
@NullMarked
package im.signet.identity;

import org.jspecify.annotations.NullMarked;
