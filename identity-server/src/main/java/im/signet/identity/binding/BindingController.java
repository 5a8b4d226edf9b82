package im.signet.identity.binding;

import im.signet.kit.token.Caller;
import im.signet.kit.web.FormToo;
import im.signet.kit.web.NeedsToken;
import im.signet.kit.web.Params;
import im.signet.protocol.error.ErrorCode;
import im.signet.protocol.identifier.ClientSecret;
import im.signet.protocol.identifier.SessionId;
import im.signet.protocol.identifier.UserId;
import im.signet.protocol.json.JsonObject;

import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

/// `POST /3pid/bind`.
///
/// @see <a href="https://spec.matrix.org/latest/identity-service-api/#establishing-associations">Establishing
///      associations</a>
@RestController
final class BindingController {

    private static final int MAX_OPAQUE = 255;

    private final Binding binding;

    BindingController(Binding binding) {
        this.binding = binding;
    }

    @NeedsToken
    @FormToo
    @PostMapping("/_matrix/identity/v2/3pid/bind")
    JsonObject bind(@AuthenticationPrincipal Caller caller, Params params) {
        params.require("sid", "client_secret", "mxid");
        SessionId sid = params.parsed("sid", MAX_OPAQUE, SessionId::parse);
        ClientSecret secret = params.parsed("client_secret", MAX_OPAQUE, ClientSecret::parse);
        UserId user = params.parsed("mxid", MAX_OPAQUE, UserId::parse);
        if (!user.equals(caller.user())) {
            throw ErrorCode.M_UNAUTHORIZED.because(403, "an address is bound to the user whose token asks for it");
        }
        return switch (binding.bind(sid, secret, user)) {
            case BindingOutcome.Bound(JsonObject association) -> association;
            case BindingOutcome.NotValidated _ ->
                throw ErrorCode.M_SESSION_NOT_VALIDATED.because("the token was not submitted yet");
            case BindingOutcome.Expired _ ->
                throw ErrorCode.M_SESSION_EXPIRED.because("the session ended; ask for a new token");
            case BindingOutcome.NoSession _ ->
                throw ErrorCode.M_NO_VALID_SESSION.because("no session of yours has that sid and client_secret");
            case BindingOutcome.ProvenSinceBySomebodyElse _ -> throw ErrorCode.M_SESSION_EXPIRED
                    .because("somebody else has proven to own the address since; ask for a new token");
        };
    }
}
