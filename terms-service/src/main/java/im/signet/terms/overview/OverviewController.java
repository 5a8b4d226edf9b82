package im.signet.terms.overview;

import im.signet.kit.page.Audience;
import im.signet.kit.page.Pages;
import im.signet.kit.settings.SignetProperties;
import im.signet.kit.token.Caller;
import im.signet.kit.web.NeedsToken;
import im.signet.kit.web.OpenToAll;
import im.signet.protocol.json.JsonArray;
import im.signet.protocol.json.JsonObject;
import im.signet.protocol.json.StrictJson;
import im.signet.terms.acceptance.Acceptances;
import im.signet.terms.acceptance.Receipt;
import im.signet.terms.account.TokenInfo;
import im.signet.terms.account.Tokens;

import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;

/// The overview. A client asks for a link with its token; opening the link shows a button and changes nothing, and the
/// button uses it up. There are no cookies: the page that follows carries a secret in its forms.
@Controller
final class OverviewController {

    static final String MANAGE = "/_signet/terms/manage";
    static final String OPEN = MANAGE + "/open";
    static final String VIEW = MANAGE + "/view";
    static final String RECEIPTS = MANAGE + "/receipts";
    static final String END_TOKEN = MANAGE + "/token/end";
    static final String END_OTHERS = MANAGE + "/token/others";

    private static final String FORM = MediaType.APPLICATION_FORM_URLENCODED_VALUE;

    private final Overviews overviews;
    private final OverviewPage page;
    private final Tokens tokens;
    private final Acceptances acceptances;
    private final Pages pages;
    private final SignetProperties signet;

    OverviewController(Overviews overviews, OverviewPage page, Tokens tokens, Acceptances acceptances, Pages pages,
            SignetProperties signet) {
        this.overviews = overviews;
        this.page = page;
        this.tokens = tokens;
        this.acceptances = acceptances;
        this.pages = pages;
        this.signet = signet;
    }

    @NeedsToken(termsMayBeOutstanding = true)
    @PostMapping(MANAGE)
    ResponseEntity<JsonObject> manage(@AuthenticationPrincipal Caller caller, Audience audience) {
        String url = signet.publicUrlOf(MANAGE + "?token=" + overviews.link(caller).value());
        return ResponseEntity.ok(JsonObject.builder()
                .put("url", audience.branded(url))
                .put("expires_in_ms", Overviews.LINK_LIFE.toMillis())
                .build());
    }

    @OpenToAll
    @GetMapping(MANAGE)
    ResponseEntity<String> look(@RequestParam(required = false) @Nullable String token, Audience audience) {
        return Secret.parse(token)
                .filter(overviews::isOpen)
                .map(link -> pages.page(200, OverviewTemplates.LINK, audience,
                        Map.of("token", link.value(), "open", pages.path(audience, OPEN))))
                .orElseGet(() -> notice(pages, 404, "unknown", "", audience));
    }

    @OpenToAll
    @PostMapping(path = OPEN, consumes = FORM)
    ResponseEntity<String> open(@RequestParam(required = false) @Nullable String token, Audience audience) {
        return Secret.parse(token)
                .flatMap(overviews::open)
                .map(view -> page.of(view, audience))
                .orElseGet(() -> notice(pages, 404, "unknown", "", audience));
    }

    @OpenToAll
    @PostMapping(path = VIEW, consumes = FORM)
    ResponseEntity<String> again(@RequestParam(required = false) @Nullable String view, Audience audience) {
        return inView(overviews, pages, view, audience, found -> page.of(found, audience));
    }

    @OpenToAll
    @PostMapping(path = END_TOKEN, consumes = FORM)
    ResponseEntity<String> endToken(@RequestParam(required = false) @Nullable String view,
            @RequestParam(required = false) @Nullable String id, Audience audience) {
        return inView(overviews, pages, view, audience, found -> {
            if (id != null) {
                tokens.end(found.user(), id);
            }
            return again(view, audience);
        });
    }

    @OpenToAll
    @PostMapping(path = END_OTHERS, consumes = FORM)
    ResponseEntity<String> endOthers(@RequestParam(required = false) @Nullable String view, Audience audience) {
        return inView(overviews, pages, view, audience, found -> {
            String asking = tokens.idOf(found.tokenHash()).orElse("");
            tokens.tokensOf(found.user())
                    .stream()
                    .map(TokenInfo::id)
                    .filter(id -> !id.equals(asking))
                    .forEach(id -> tokens.end(found.user(), id));
            return again(view, audience);
        });
    }

    @OpenToAll
    @PostMapping(path = RECEIPTS, consumes = FORM)
    ResponseEntity<String> receipts(@RequestParam(required = false) @Nullable String view, Audience audience) {
        return inView(overviews, pages, view, audience, found -> ResponseEntity.ok()
                .contentType(MediaType.APPLICATION_JSON)
                .header("Content-Disposition", "attachment; filename=\"receipts.json\"")
                .body(StrictJson.write(JsonObject.builder()
                        .put("receipts", JsonArray.of(acceptances.receiptsOf(found.user())
                                .stream()
                                .map(Receipt::toJson)
                                .toList()))
                        .build())));
    }

    /** Answers within a view; says that it has run out where it has. */
    static ResponseEntity<String> inView(Overviews overviews, Pages pages, @Nullable String secret, Audience audience,
            Function<View, ResponseEntity<String>> answer) {
        Optional<View> view = Secret.parse(secret).flatMap(overviews::view);
        return view.map(answer).orElseGet(() -> notice(pages, 403, "over", "", audience));
    }

    static ResponseEntity<String> notice(Pages pages, int status, String state, String view, Audience audience) {
        return pages.page(status, OverviewTemplates.NOTICE, audience,
                Map.of("state", state, "view", view, "back", pages.path(audience, VIEW)));
    }
}
