package im.signet.identity.binding;

import im.signet.kit.web.OpenToAll;
import im.signet.kit.web.Params;
import im.signet.protocol.error.ErrorCode;
import im.signet.protocol.identifier.Address;
import im.signet.protocol.identifier.ClientSecret;
import im.signet.protocol.identifier.Medium;
import im.signet.protocol.identifier.SessionId;
import im.signet.protocol.identifier.UserId;
import im.signet.protocol.json.JsonObject;
import im.signet.protocol.signature.FederationRequest;
import im.signet.protocol.signature.XMatrix;

import java.util.Collections;
import java.util.List;
import java.util.Optional;

import jakarta.servlet.http.HttpServletRequest;
import org.springframework.http.HttpHeaders;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

/// `POST /3pid/unbind`. It is open to all because no bearer token is involved: a homeserver's X-Matrix signature stands
/// in the same header, and the owner of an address shows the session that proves it.
///
/// Whoever is not believed gets 403, never 404 or 501: Synapse takes 400, 404 and 501 for a server that cannot unbind.
///
/// @see <a href="https://spec.matrix.org/latest/identity-service-api/#establishing-associations">Establishing
///      associations</a>
@RestController
final class UnbindingController {

    private static final int MAX_OPAQUE = 255;
    private static final int MAX_ADDRESS = 1024;

    private final Unbinding unbinding;

    UnbindingController(Unbinding unbinding) {
        this.unbinding = unbinding;
    }

    @OpenToAll
    @PostMapping("/_matrix/identity/v2/3pid/unbind")
    JsonObject unbind(Params params, HttpServletRequest request) {
        params.require("mxid", "threepid");
        UserId user = params.parsed("mxid", MAX_OPAQUE, UserId::parse);
        Address address = address(params.object("threepid").require("medium", "address"));
        List<String> authorization = Collections.list(request.getHeaders(HttpHeaders.AUTHORIZATION));
        Unbinding.Outcome outcome = authorization.stream().anyMatch(XMatrix::isMeantBy)
                ? unbinding.unbind(user, address, asSent(request, params), authorization)
                : unbindBySession(user, address, params);
        return switch (outcome) {
            case Unbinding.Outcome.Unbound _ -> JsonObject.of();
            case Unbinding.Outcome.NotSigned _ ->
                throw ErrorCode.M_FORBIDDEN.because("this is not signed by the homeserver of that user");
            case Unbinding.Outcome.ForAnother _ ->
                throw ErrorCode.M_UNAUTHORIZED.because("this is signed for another server than this one");
            case Unbinding.Outcome.KeysUnreachable _ -> throw ErrorCode.M_UNKNOWN.because(502,
                    "the keys of your homeserver could not be had from here; try again in a minute");
            case Unbinding.Outcome.NotValidated _ ->
                throw ErrorCode.M_SESSION_NOT_VALIDATED.because(403, "the token was not submitted yet");
            case Unbinding.Outcome.Expired _ -> throw ErrorCode.M_SESSION_EXPIRED.because(403,
                    "the session ended, or somebody else has proven to own the address since; ask for a new token");
            case Unbinding.Outcome.NoSession _ ->
                throw ErrorCode.M_NO_VALID_SESSION.because(403, "no session has that sid and client_secret");
            case Unbinding.Outcome.OtherAddress _ ->
                throw ErrorCode.M_FORBIDDEN.because("the session proves another address");
        };
    }

    private Unbinding.Outcome unbindBySession(UserId user, Address address, Params params) {
        if (params.optionalString("sid", MAX_OPAQUE).isEmpty()
                && params.optionalString("client_secret", MAX_OPAQUE).isEmpty()) {
            throw ErrorCode.M_FORBIDDEN
                    .because(
                            "this needs the signature of the user's homeserver, or the sid and client_secret of a session");
        }
        params.require("sid", "client_secret");
        return unbinding.unbind(user, address, params.parsed("sid", MAX_OPAQUE, SessionId::parse),
                params.parsed("client_secret", MAX_OPAQUE, ClientSecret::parse));
    }

    private static Address address(Params threepid) {
        Medium medium = threepid.parsed("medium", MAX_OPAQUE, Medium::parse);
        ErrorCode refusal = switch (medium) {
            case EMAIL -> ErrorCode.M_INVALID_EMAIL;
            case MSISDN -> ErrorCode.M_INVALID_ADDRESS;
        };
        return threepid.parsed("address", MAX_ADDRESS, text -> Address.parse(medium, text), refusal);
    }

    // The path as it came, not decoded, for that is what was signed.
    private static FederationRequest asSent(HttpServletRequest request, Params params) {
        String query = request.getQueryString();
        String uri = query == null ? request.getRequestURI() : request.getRequestURI() + "?" + query;
        return new FederationRequest(request.getMethod(), uri, Optional.of(params.asJson()));
    }
}
