package im.signet.identity.validation;

import im.signet.kit.page.Pages;
import im.signet.kit.web.OpenToAll;
import im.signet.protocol.identifier.ClientSecret;
import im.signet.protocol.identifier.SessionId;

import java.net.URI;
import java.util.Map;
import java.util.Optional;

import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;

/// The pages behind the mailed link. With `validation.confirm: page` opening the link shows a page and changes nothing:
/// mail
/// scanners open links, and must not validate a stranger's session for the address they protect. Its button confirms.
@Controller
final class ValidationPageController {

    private static final String CONFIRM = "/_signet/validate/confirm";
    private static final String DISOWN = "/_signet/validate/disown";

    private final Validation validation;
    private final ValidationProperties settings;
    private final Pages pages;

    ValidationPageController(Validation validation, ValidationProperties settings, Pages pages) {
        this.validation = validation;
        this.settings = settings;
        this.pages = pages;
    }

    private record Link(SessionId sid, ClientSecret secret, String token) {}

    private static Optional<Link> link(@Nullable String sid, @Nullable String secret, @Nullable String token) {
        if (sid == null || secret == null || token == null || token.length() > ValidationController.MAX_TOKEN) {
            return Optional.empty();
        }
        return SessionId.parse(sid)
                .toOptional()
                .flatMap(
                        id -> ClientSecret.parse(secret)
                                .toOptional()
                                .map(clientSecret -> new Link(id, clientSecret, token)));
    }

    @OpenToAll
    @GetMapping({"/_matrix/identity/v2/validate/email/submitToken",
        "/_matrix/identity/v2/validate/msisdn/submitToken"})
    ResponseEntity<String> open(@RequestParam(required = false) @Nullable String sid,
            @RequestParam(name = "client_secret", required = false) @Nullable String secret,
            @RequestParam(required = false) @Nullable String token) {
        Optional<Link> link = link(sid, secret, token);
        if (link.isEmpty()) {
            return page(404, "unknown");
        }
        return settings.confirm() == ValidationProperties.Confirm.LINK ? answer(submit(link.get())) : look(link.get());
    }

    private ResponseEntity<String> look(Link link) {
        return switch (validation.look(link.sid(), link.secret())) {
            case Validation.Look.Open(var asker, var address) -> pages.page(200, "identity/confirm", "en",
                    Map.of("asker", asker.value(), "address", address.value(), "sid", link.sid().value(), "secret",
                            link.secret().value(), "token", link.token(), "confirm", CONFIRM, "disown", DISOWN));
            case Validation.Look.Done _ -> page(200, "validated");
            case Validation.Look.Expired _ -> page(400, "expired");
            case Validation.Look.Closed _ -> page(400, "closed");
            case Validation.Look.Unknown _ -> page(404, "unknown");
        };
    }

    @OpenToAll
    @PostMapping(path = CONFIRM, consumes = MediaType.APPLICATION_FORM_URLENCODED_VALUE)
    ResponseEntity<String> confirm(@RequestParam(required = false) @Nullable String sid,
            @RequestParam(name = "client_secret", required = false) @Nullable String secret,
            @RequestParam(required = false) @Nullable String token) {
        return answer(link(sid, secret, token).map(this::submit).orElseGet(TokenCheck.UnknownSession::new));
    }

    @OpenToAll
    @PostMapping(path = DISOWN, consumes = MediaType.APPLICATION_FORM_URLENCODED_VALUE)
    ResponseEntity<String> disown(@RequestParam(required = false) @Nullable String sid,
            @RequestParam(name = "client_secret", required = false) @Nullable String secret,
            @RequestParam(required = false) @Nullable String token) {
        TokenCheck check = link(sid, secret, token)
                .map(link -> validation.disown(link.sid(), link.secret(), link.token()))
                .orElseGet(TokenCheck.UnknownSession::new);
        return check instanceof TokenCheck.Closed ? page(200, "disowned") : answer(check);
    }

    private TokenCheck submit(Link link) {
        return validation.submit(link.sid(), link.secret(), link.token());
    }

    private ResponseEntity<String> answer(TokenCheck check) {
        return switch (check) {
            case TokenCheck.Validated(_, Optional<String> nextLink) -> nextLink
                    .map(url -> ResponseEntity.status(HttpStatus.SEE_OTHER).location(URI.create(url)).<String>build())
                    .orElseGet(() -> page(200, "validated"));
            case TokenCheck.WrongToken _ -> page(400, "wrong");
            case TokenCheck.Expired _ -> page(400, "expired");
            case TokenCheck.Closed _ -> page(400, "closed");
            case TokenCheck.UnknownSession _ -> page(404, "unknown");
        };
    }

    private ResponseEntity<String> page(int status, String name) {
        return pages.page(status, "identity/" + name, "en", Map.of());
    }
}
