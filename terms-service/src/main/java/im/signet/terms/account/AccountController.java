package im.signet.terms.account;

import im.signet.kit.metric.Tally;
import im.signet.kit.token.Caller;
import im.signet.kit.web.ClientAddress;
import im.signet.kit.web.NeedsToken;
import im.signet.kit.web.OpenToAll;
import im.signet.kit.web.Params;
import im.signet.protocol.error.ErrorCode;
import im.signet.protocol.identifier.ServerName;
import im.signet.protocol.json.JsonObject;

import java.util.Optional;

import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/// The endpoints below `/account`.
///
/// @see <a href="https://spec.matrix.org/latest/identity-service-api/#authentication">Authentication</a>
@RestController
@RequestMapping("/_matrix/identity/v2/account")
final class AccountController {

    // A homeserver's token is opaque; no known one comes near this.
    private static final int MAX_OPENID_TOKEN = 4096;

    private static final Tally.By<Outcome> REGISTRATIONS = Tally.by("signet.registrations",
            "OpenID tokens that were to be exchanged for an access token", "outcome", Outcome.class);

    private final Accounts accounts;

    AccountController(Accounts accounts) {
        this.accounts = accounts;
    }

    /** What came of it. */
    private enum Outcome {
        REGISTERED, NOT_SERVED, USED_BEFORE, REFUSED, HOMESERVER_UNREACHABLE
    }

    private static Outcome outcomeOf(Registration registration) {
        return switch (registration) {
            case Registration.Registered _ -> Outcome.REGISTERED;
            case Registration.NotServed _ -> Outcome.NOT_SERVED;
            case Registration.UsedBefore _ -> Outcome.USED_BEFORE;
            case Registration.Refused _ -> Outcome.REFUSED;
            case Registration.HomeserverUnreachable _ -> Outcome.HOMESERVER_UNREACHABLE;
        };
    }

    @OpenToAll
    @PostMapping("/register")
    JsonObject register(ClientAddress client, Params params) {
        params.require("access_token", "matrix_server_name");
        String openIdToken = params.string("access_token", MAX_OPENID_TOKEN);
        ServerName homeserver = params.parsed("matrix_server_name", 255, ServerName::parse);
        params.optionalString("token_type", 64);
        // Believed little and used for nothing but how long a use is remembered: what is no number is none.
        Optional<Long> expiresIn = params.asJson().integer("expires_in");
        Registration registration = accounts.register(client, new OpenIdToken(homeserver, openIdToken, expiresIn));
        REGISTRATIONS.add(outcomeOf(registration));
        return switch (registration) {
            case Registration.Registered(var token) -> JsonObject.builder()
                    .put("token", token.value())
                    .put("access_token", token.value()) // what Sydent answered by mistake, which clients came to read
                    .build();
            case Registration.NotServed _ ->
                throw ErrorCode.M_FORBIDDEN.because("this server does not serve users of that homeserver");
            case Registration.UsedBefore _ ->
                throw ErrorCode.M_UNAUTHORIZED
                        .because("that token was used before; ask the homeserver for a new one");
            case Registration.Refused _ ->
                throw ErrorCode.M_UNAUTHORIZED
                        .because("the homeserver does not vouch for that token; ask it for a new one");
            case Registration.HomeserverUnreachable _ -> throw ErrorCode.M_UNKNOWN.because(502,
                    "the homeserver could not be asked whose token that is; try again later, and if that does not help"
                            + " ask whoever runs this server, whose log says why");
        };
    }

    @NeedsToken
    @GetMapping
    JsonObject account(@AuthenticationPrincipal Caller caller) {
        return JsonObject.builder().put("user_id", caller.user().value()).build();
    }

    @NeedsToken(termsMayBeOutstanding = true)
    @PostMapping("/logout")
    JsonObject logout(@AuthenticationPrincipal Caller caller) {
        accounts.logout(caller.token());
        return JsonObject.of();
    }
}
