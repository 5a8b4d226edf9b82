package im.signet.identity.validation;

import im.signet.kit.page.Audience;
import im.signet.kit.token.Caller;
import im.signet.kit.web.FormToo;
import im.signet.kit.web.NeedsToken;
import im.signet.kit.web.Params;
import im.signet.protocol.error.ErrorCode;
import im.signet.protocol.error.MatrixException;
import im.signet.protocol.identifier.Address;
import im.signet.protocol.identifier.ClientSecret;
import im.signet.protocol.identifier.Medium;
import im.signet.protocol.identifier.SessionId;
import im.signet.protocol.json.JsonObject;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Set;

import org.jspecify.annotations.Nullable;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/// The validation endpoints that clients call; [ValidationPageController] has those that people open.
///
/// @see <a href="https://spec.matrix.org/latest/identity-service-api/#email-associations">Email associations</a>
/// @see <a href="https://spec.matrix.org/latest/identity-service-api/#phone-number-associations">Phone number
///      associations</a>
@RestController
@RequestMapping("/_matrix/identity/v2")
final class ValidationController {

    static final int MAX_OPAQUE = 255;
    // 255 code points, each at most two UTF-16 units.
    static final int MAX_TOKEN = 510;
    private static final int MAX_EMAIL = 1024;
    private static final int MAX_DIALLED = 255;
    private static final int MAX_URL = 2048;

    private final Validation validation;

    ValidationController(Validation validation) {
        this.validation = validation;
    }

    @NeedsToken
    @FormToo
    @PostMapping("/validate/email/requestToken")
    JsonObject requestToken(@AuthenticationPrincipal Caller caller, Params params, Audience audience) {
        params.require("client_secret", "email", "send_attempt");
        ClientSecret secret = params.parsed("client_secret", MAX_OPAQUE, ClientSecret::parse);
        Address email = params.parsed("email", MAX_EMAIL, text -> Address.parse(Medium.EMAIL, text),
                ErrorCode.M_INVALID_EMAIL);
        String typed = params.parsed("email", MAX_EMAIL, text -> Address.lowerCased(Medium.EMAIL, text),
                ErrorCode.M_INVALID_EMAIL);
        SessionId sid = begin(caller, params, audience, secret, email, typed, ErrorCode.M_EMAIL_SEND_ERROR);
        return JsonObject.builder().put("sid", sid.value()).build();
    }

    @NeedsToken
    @FormToo
    @PostMapping("/validate/msisdn/requestToken")
    JsonObject requestCode(@AuthenticationPrincipal Caller caller, Params params, Audience audience) {
        params.require("client_secret", "country", "phone_number", "send_attempt");
        ClientSecret secret = params.parsed("client_secret", MAX_OPAQUE, ClientSecret::parse);
        String country = params.parsed("country", MAX_OPAQUE, PhoneNumbers::country);
        Address number = params.parsed("phone_number", MAX_DIALLED, dialled -> PhoneNumbers.read(dialled, country),
                ErrorCode.M_INVALID_ADDRESS);
        SessionId sid = begin(caller, params, audience, secret, number, number.value(),
                ErrorCode.M_SEND_ERROR);
        return JsonObject.builder().put("sid", sid.value()).put("msisdn", number.value()).build();
    }

    private SessionId begin(Caller caller, Params params, Audience audience, ClientSecret secret, Address address,
            String typed, ErrorCode cannotSend) {
        long attempt = params.integer("send_attempt", 0, Integer.MAX_VALUE);
        URI nextLink = params.optionalString("next_link", MAX_URL).map(ValidationController::httpUrl).orElse(null);
        Validation.Wish wish = new Validation.Wish(caller.user(), secret, address, typed, attempt, nextLink,
                discoverable(params));
        return switch (validation.requestToken(wish, audience)) {
            case Validation.Request.Begun(SessionId sid) -> sid;
            case Validation.Request.CannotSend _ -> throw cannotSend
                    .because("this server cannot send a message to that address, or not now");
            case Validation.Request.OutOfReach _ -> throw ErrorCode.M_DESTINATION_REJECTED
                    .because("this server sends no messages to that country or domain, or to that kind of number");
        };
    }

    @NeedsToken
    @FormToo
    @PostMapping({"/validate/email/submitToken", "/validate/msisdn/submitToken"})
    JsonObject submitToken(Params params) {
        params.require("sid", "client_secret", "token");
        SessionId sid = params.parsed("sid", MAX_OPAQUE, SessionId::parse);
        ClientSecret secret = params.parsed("client_secret", MAX_OPAQUE, ClientSecret::parse);
        String token = params.string("token", MAX_TOKEN);
        return switch (validation.submit(sid, secret, token)) {
            case TokenCheck.Validated _ -> JsonObject.builder().put("success", true).build();
            case TokenCheck.WrongToken _ ->
                throw ErrorCode.M_TOKEN_INCORRECT.because("that token is not the one this server sent");
            case TokenCheck.Expired _ ->
                throw ErrorCode.M_SESSION_EXPIRED.because("the session ended; ask for a new token");
            case TokenCheck.TooManyTries _,TokenCheck.Disowned _ ->
                throw ErrorCode.M_SESSION_EXPIRED
                        .because("the session was closed; begin anew with another client_secret");
            case TokenCheck.UnknownSession _ -> throw noSession();
        };
    }

    @NeedsToken
    @GetMapping("/3pid/getValidated3pid")
    JsonObject getValidated3pid(@AuthenticationPrincipal Caller caller, Params params) {
        params.require("sid", "client_secret");
        SessionId sid = params.parsed("sid", MAX_OPAQUE, SessionId::parse);
        ClientSecret secret = params.parsed("client_secret", MAX_OPAQUE, ClientSecret::parse);
        return switch (validation.provenBy(sid, secret, caller.user())) {
            case Proof.Proven proven -> JsonObject.builder()
                    .put("medium", proven.address().medium().wireName())
                    .put("address", proven.address().value())
                    .put("validated_at", proven.at().toEpochMilli())
                    .build();
            case Proof.NotValidated _ ->
                throw ErrorCode.M_SESSION_NOT_VALIDATED.because("the token was not submitted yet");
            case Proof.Expired _ -> throw ErrorCode.M_SESSION_EXPIRED.because("the session ended; ask for a new token");
            case Proof.NoSession _ -> throw noSession();
        };
    }

    // Our extension: it stands here because it could not pass a homeserver's bind.
    private static boolean discoverable(Params params) {
        return switch (params.optionalString("im.signet.discoverable", 16).orElse("all")) {
            case "all" -> true;
            case "none" -> false;
            default -> throw ErrorCode.M_INVALID_PARAM.because("im.signet.discoverable must be all or none");
        };
    }

    private static MatrixException noSession() {
        return ErrorCode.M_NO_VALID_SESSION.because("no session of yours has that sid and client_secret");
    }

    private static @Nullable URI httpUrl(String text) {
        try {
            URI url = new URI(text);
            if (url.getScheme() != null && Set.of("http", "https").contains(url.getScheme().toLowerCase(Locale.ROOT))
                    && url.getHost() != null && url.getUserInfo() == null) {
                return url;
            }
        } catch (URISyntaxException notAUrl) {
            // refused below
        }
        throw ErrorCode.M_INVALID_PARAM.because("next_link must be an absolute http or https URL");
    }
}
