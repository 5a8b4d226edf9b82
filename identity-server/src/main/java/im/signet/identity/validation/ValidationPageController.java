package im.signet.identity.validation;

import im.signet.kit.page.Audience;
import im.signet.kit.page.Pages;
import im.signet.kit.web.OpenToAll;
import im.signet.protocol.identifier.ClientSecret;
import im.signet.protocol.identifier.SessionId;
import im.signet.protocol.identifier.UserId;

import java.net.URI;
import java.util.HashMap;
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
/// mail scanners open links, and must not validate a stranger's session for the address they protect. Its
/// button confirms.
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
            @RequestParam(required = false) @Nullable String token, Audience audience) {
        Optional<Link> found = link(sid, secret, token);
        if (found.isEmpty()) {
            return unknown(audience);
        }
        Link link = found.get();
        if (settings.confirm() == ValidationProperties.Confirm.PAGE) {
            return look(link, audience);
        }
        // No form comes before this answer, so that the redirect of the specification does.
        return switch (submit(link)) {
            case TokenCheck.Validated(_, _, _, Optional<URI> next) when next.isPresent() ->
                ResponseEntity.status(HttpStatus.SEE_OTHER).location(next.get()).build();
            case TokenCheck check -> answer(check, link, audience);
        };
    }

    private ResponseEntity<String> look(Link link, Audience audience) {
        return switch (validation.look(link.sid(), link.secret())) {
            case Validation.Look.Open(var asker, var address) -> {
                Map<String, Object> values = values(link, asker, audience);
                values.put("address", address.value());
                values.put("confirm", pages.path(audience, CONFIRM));
                yield pages.page(200, ValidationTemplates.CONFIRM, audience, values);
            }
            case Validation.Look.Done(var asker, var next) ->
                pages.page(200, ValidationTemplates.CONFIRMED, audience,
                        confirmed("used", link, asker, next, audience));
            case Validation.Look.Expired(var asker) -> notice(400, "expired", asker, audience);
            case Validation.Look.TooManyTries(var asker) -> notice(400, "tries", asker, audience);
            case Validation.Look.Disowned(var asker) -> notice(400, "void", asker, audience);
            case Validation.Look.Unknown _ -> unknown(audience);
        };
    }

    @OpenToAll
    @PostMapping(path = CONFIRM, consumes = MediaType.APPLICATION_FORM_URLENCODED_VALUE)
    ResponseEntity<String> confirm(@RequestParam(required = false) @Nullable String sid,
            @RequestParam(name = "client_secret", required = false) @Nullable String secret,
            @RequestParam(required = false) @Nullable String token, Audience audience) {
        return link(sid, secret, token).map(link -> answer(submit(link), link, audience))
                .orElseGet(() -> unknown(audience));
    }

    @OpenToAll
    @PostMapping(path = DISOWN, consumes = MediaType.APPLICATION_FORM_URLENCODED_VALUE)
    ResponseEntity<String> disown(@RequestParam(required = false) @Nullable String sid,
            @RequestParam(name = "client_secret", required = false) @Nullable String secret,
            @RequestParam(required = false) @Nullable String token, Audience audience) {
        Optional<Link> link = link(sid, secret, token);
        if (link.isEmpty()) {
            return unknown(audience);
        }
        TokenCheck check = validation.disown(link.get().sid(), link.get().secret(), link.get().token());
        return check instanceof TokenCheck.Disowned(UserId asker)
                ? notice(200, "disowned", asker, audience)
                : answer(check, link.get(), audience);
    }

    private TokenCheck submit(Link link) {
        return validation.submit(link.sid(), link.secret(), link.token());
    }

    private ResponseEntity<String> answer(TokenCheck check, Link link, Audience audience) {
        return switch (check) {
            case TokenCheck.Validated(var asker, _, var first, var next) -> {
                Map<String, Object> values = confirmed(first ? "validated" : "used", link, asker, next, audience);
                yield next.map(url -> pages.leadingOn(url, ValidationTemplates.CONFIRMED, audience, values))
                        .orElseGet(() -> pages.page(200, ValidationTemplates.CONFIRMED, audience, values));
            }
            case TokenCheck.WrongToken(var asker) -> notice(400, "wrong", asker, audience);
            case TokenCheck.Expired(var asker) -> notice(400, "expired", asker, audience);
            case TokenCheck.TooManyTries(var asker) -> notice(400, "tries", asker, audience);
            case TokenCheck.Disowned(var asker) -> notice(400, "void", asker, audience);
            case TokenCheck.UnknownSession _ -> unknown(audience);
        };
    }

    private Map<String, Object> confirmed(String state, Link link, UserId asker, Optional<URI> next,
            Audience audience) {
        Map<String, Object> values = values(link, asker, audience);
        values.put("state", state);
        values.put("next", next.map(URI::toASCIIString).orElse(""));
        values.put("nextHost", next.map(URI::getHost).orElse(""));
        return values;
    }

    private Map<String, Object> values(Link link, UserId asker, Audience audience) {
        Map<String, Object> values = new HashMap<>();
        values.put("asker", asker.value());
        values.put("sid", link.sid().value());
        values.put("secret", link.secret().value());
        values.put("token", link.token());
        values.put("disown", pages.path(audience, DISOWN));
        return values;
    }

    private ResponseEntity<String> notice(int status, String state, UserId asker, Audience audience) {
        return pages.page(status, ValidationTemplates.NOTICE, audience, Map.of("state", state, "asker", asker.value()));
    }

    private ResponseEntity<String> unknown(Audience audience) {
        return pages.page(404, ValidationTemplates.NOTICE, audience, Map.of("state", "unknown", "asker", ""));
    }
}
