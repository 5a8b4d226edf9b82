package im.signet.terms.overview;

import im.signet.kit.holding.Ending;
import im.signet.kit.page.Audience;
import im.signet.kit.page.Pages;
import im.signet.kit.web.OpenToAll;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;

import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;

/// Withdrawing and erasing: from the overview to an address of the user, and from the link sent there to the end.
@Controller
final class EndingController {

    static final String LEAVE = OverviewController.MANAGE + "/end";
    static final String SEND = LEAVE + "/send";
    static final String SURE = LEAVE + "/confirm";
    /** The page behind the link. */
    static final String CONFIRM = "/_signet/terms/end";
    static final String CONFIRMED = CONFIRM + "/confirm";

    private static final String FORM = MediaType.APPLICATION_FORM_URLENCODED_VALUE;
    // In no service's name.
    private static final char BETWEEN = '/';

    private final Overviews overviews;
    private final Endings endings;
    private final Pages pages;

    EndingController(Overviews overviews, Endings endings, Pages pages) {
        this.overviews = overviews;
        this.endings = endings;
        this.pages = pages;
    }

    private static String word(Ending ending) {
        return ending.name().toLowerCase(Locale.ROOT);
    }

    private static Optional<Ending> ending(@Nullable String word) {
        return List.of(Ending.values()).stream().filter(ending -> word(ending).equals(word)).findFirst();
    }

    private ResponseEntity<String> inView(@Nullable String view, @Nullable String ending, Audience audience,
            BiFunction<View, Ending, ResponseEntity<String>> answer) {
        return OverviewController.inView(overviews, pages, view, audience, found -> ending(ending)
                .map(wish -> answer.apply(found, wish))
                .orElseGet(() -> notice(400, "over", audience)));
    }

    @OpenToAll
    @PostMapping(path = LEAVE, consumes = FORM)
    ResponseEntity<String> leave(@RequestParam(required = false) @Nullable String view,
            @RequestParam(required = false) @Nullable String ending, Audience audience) {
        return inView(view, ending, audience, (found, wish) -> switch (endings.confirmationOf(found.user())) {
            case Endings.Confirmation.ByLink(List<Kept.Entry> addresses, long unsettled) ->
                choose(found, wish, addresses, unsettled > 0, audience);
            case Endings.Confirmation.OnThePage _ -> pages.page(200, OverviewTemplates.SURE, audience,
                    Map.of("ending", word(wish), "user", found.user().value(), "view", found.secret().value(), "sure",
                            pages.path(audience, SURE), "back", back(audience)));
            case Endings.Confirmation.NotNow _ -> notice(503, "busy", found, audience);
        });
    }

    private ResponseEntity<String> choose(View view, Ending ending, List<Kept.Entry> addresses, boolean unsettled,
            Audience audience) {
        List<Map<String, String>> rows = new ArrayList<>();
        for (Kept.Entry address : addresses) {
            rows.add(Map.of("id", address.service() + BETWEEN + address.holding().id(), "kind",
                    OverviewPage.kind(address), "shown", address.holding().shown(), "first",
                    rows.isEmpty() ? "yes" : "no"));
        }
        return pages.page(200, OverviewTemplates.CHOOSE, audience,
                Map.of("ending", word(ending), "user", view.user().value(), "view", view.secret().value(), "addresses",
                        rows, "unsettled", unsettled ? "yes" : "no", "sendPath", pages.path(audience, SEND), "back",
                        back(audience)));
    }

    @OpenToAll
    @PostMapping(path = SEND, consumes = FORM)
    ResponseEntity<String> send(@RequestParam(required = false) @Nullable String view,
            @RequestParam(required = false) @Nullable String ending,
            @RequestParam(required = false) @Nullable String address, Audience audience) {
        return inView(view, ending, audience, (found, wish) -> {
            String to = address == null ? "" : address;
            int slash = to.indexOf(BETWEEN);
            Endings.Sending sending = slash < 0
                    ? new Endings.Sending.CannotSend()
                    : endings.send(found, wish, to.substring(0, slash), to.substring(slash + 1), audience);
            return switch (sending) {
                case Endings.Sending.Sent(String shown) -> pages.page(200, OverviewTemplates.SENT, audience,
                        Map.of("shown", shown, "view", found.secret().value(), "back", back(audience)));
                case Endings.Sending.CannotSend _ -> notice(400, "unsent", found, audience);
                case Endings.Sending.TooMany _ -> notice(429, "limited", found, audience);
                case Endings.Sending.NotNow _ -> notice(503, "busy", found, audience);
            };
        });
    }

    @OpenToAll
    @PostMapping(path = SURE, consumes = FORM)
    ResponseEntity<String> confirmOnThePage(@RequestParam(required = false) @Nullable String view,
            @RequestParam(required = false) @Nullable String ending,
            @RequestParam(required = false) @Nullable String sure, Audience audience) {
        return inView(view, ending, audience, (found, wish) -> {
            if (!"yes".equals(sure)) {
                return notice(400, "unsure", found, audience);
            }
            return endings.confirmOnThePage(found, wish)
                    ? done(found.user().value(), wish, audience)
                    : notice(503, "busy", found, audience);
        });
    }

    @OpenToAll
    @GetMapping(CONFIRM)
    ResponseEntity<String> look(@RequestParam(required = false) @Nullable String token, Audience audience) {
        return Secret.parse(token)
                .flatMap(link -> endings.look(link)
                        .map(pending -> pages.page(200, OverviewTemplates.CONFIRM, audience,
                                Map.of("ending", word(pending.ending()), "user", pending.user().value(), "asked",
                                        Dates.of(pending.askedAt(), audience), "token", link.value(), "confirm",
                                        pages.path(audience, CONFIRMED)))))
                .orElseGet(() -> notice(404, "void", audience));
    }

    @OpenToAll
    @PostMapping(path = CONFIRMED, consumes = FORM)
    ResponseEntity<String> confirm(@RequestParam(required = false) @Nullable String token, Audience audience) {
        return Secret.parse(token)
                .flatMap(endings::confirm)
                .map(ended -> done(ended.user().value(), ended.ending(), audience))
                .orElseGet(() -> notice(404, "void", audience));
    }

    private ResponseEntity<String> done(String user, Ending ending, Audience audience) {
        return pages.page(200, OverviewTemplates.DONE, audience, Map.of("ending", word(ending), "user", user));
    }

    private String back(Audience audience) {
        return pages.path(audience, OverviewController.VIEW);
    }

    private ResponseEntity<String> notice(int status, String state, Audience audience) {
        return OverviewController.notice(pages, status, state, "", audience);
    }

    private ResponseEntity<String> notice(int status, String state, View view, Audience audience) {
        return OverviewController.notice(pages, status, state, view.secret().value(), audience);
    }
}
