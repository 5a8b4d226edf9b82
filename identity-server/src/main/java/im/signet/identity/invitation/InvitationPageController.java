package im.signet.identity.invitation;

import im.signet.kit.page.Audience;
import im.signet.kit.page.Pages;
import im.signet.kit.settings.SignetProperties;
import im.signet.kit.web.OpenToAll;

import java.util.Map;
import java.util.Optional;

import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;

/// The pages behind the links of an invitation's mail: how to accept it, and how never to get such a mail again.
/// Opening one changes nothing, as mail scanners do so; only the button does.
@Controller
final class InvitationPageController {

    static final String PAGE = "/_signet/invitation";
    static final String NEVER = "/_signet/invitation/never";

    private final Invitations invitations;
    private final UnwillingAddresses unwilling;
    private final Pages pages;
    private final SignetProperties signet;

    InvitationPageController(Invitations invitations, UnwillingAddresses unwilling, Pages pages,
            SignetProperties signet) {
        this.invitations = invitations;
        this.unwilling = unwilling;
        this.pages = pages;
        this.signet = signet;
    }

    @OpenToAll
    @GetMapping(PAGE)
    ResponseEntity<String> open(@RequestParam(required = false) @Nullable String token, Audience audience) {
        return Optional.ofNullable(token)
                .flatMap(invitations::look)
                .map(look -> pages.page(200, InvitationTemplates.PAGE, audience,
                        Map.of("sender", look.sender().value(), "roomName", look.roomName(), "kind",
                                InvitationMail.kind(look.space()), "address", look.redactedAddress(), "serverUrl",
                                signet.publicUrl().toString())))
                .orElseGet(() -> notice("closed", audience));
    }

    @OpenToAll
    @GetMapping(NEVER)
    ResponseEntity<String> askNeverAgain(@RequestParam(required = false) @Nullable String token, Audience audience) {
        return token != null && unwilling.isGenuine(token)
                ? pages.page(200, InvitationTemplates.NEVER, audience,
                        Map.of("token", token, "never", pages.path(audience, NEVER)))
                : notice("unknown", audience);
    }

    @OpenToAll
    @PostMapping(path = NEVER, consumes = MediaType.APPLICATION_FORM_URLENCODED_VALUE)
    ResponseEntity<String> neverAgain(@RequestParam(required = false) @Nullable String token, Audience audience) {
        return token != null && unwilling.add(token)
                ? pages.page(200, InvitationTemplates.NEVER_AGAIN, audience, Map.of())
                : notice("unknown", audience);
    }

    private ResponseEntity<String> notice(String state, Audience audience) {
        return pages.page(404, InvitationTemplates.NOTICE, audience, Map.of("state", state));
    }
}
