/// How the services speak HTTP: one writer of errors, one strict reader of parameters, CORS and safe headers on every
/// response. See <a href="https://spec.matrix.org/latest/identity-service-api/#api-standards">API standards</a>.
@NullMarked
package im.signet.kit.web;

import org.jspecify.annotations.NullMarked;
