package im.signet.identity.validation;

import im.signet.kit.holding.ConfirmationLink;
import im.signet.kit.page.Template;

import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What is written to people who prove an address: pages, a mail, an SMS. */
public final class ValidationTemplates {

    private static final String ASKER = "@alice:example.org";
    private static final String TOKEN = "c2VjcmV0LXRva2Vu";
    private static final String DISOWN = "/_signet/validate/disown";

    /** The page behind the link: is that you? */
    static final Template CONFIRM = withLink(Template.of(Template.Kind.PAGE, "confirm")
            .told("asker", ASKER)
            .told("address", "bob@example.org"))
            .given("confirm", "/_signet/validate/confirm")
            .given("disown", DISOWN);
    /** The address is proven, just now or earlier. */
    static final Template CONFIRMED = withLink(Template.of(Template.Kind.PAGE, "confirmed")
            .choice("state", "validated", "used")
            .told("asker", ASKER)
            .givenOrEmpty("next", "https://app.example.org/done")
            .givenOrEmpty("nextHost", "app.example.org"))
            .given("disown", DISOWN);
    /** There is nothing to confirm, and why. */
    static final Template NOTICE = Template.of(Template.Kind.PAGE, "notice")
            .choice("state", "expired", "tries", "disowned", "void", "wrong", "unknown")
            .toldOrEmpty("asker", ASKER);
    /** The mail with the link. */
    public static final Template MAIL = Template.of(Template.Kind.MAIL, "validation")
            .told("asker", ASKER)
            .given("link",
                    "https://id.example.org/_matrix/identity/v2/validate/email/submitToken?sid=a&token=" + TOKEN);
    /** The SMS with the code. */
    public static final Template SMS = Template.of(Template.Kind.SMS, "validation-sms")
            .told("asker", ASKER)
            .given("code", "123456");

    /** The mail with the link that confirms that a user's time here ends. */
    public static final Template LEAVING_MAIL = leaving(Template.Kind.MAIL, "leaving");
    /** The SMS with that link. */
    public static final Template LEAVING_SMS = leaving(Template.Kind.SMS, "leaving-sms");

    private ValidationTemplates() {}

    private static Template leaving(Template.Kind kind, String name) {
        return Template.of(kind, name)
                .choice("ending", "withdrawn", "erased")
                .told("user", ASKER)
                .given("minutes", "60")
                .given("link", "https://id.example.org/_signet/terms/end?token=" + TOKEN);
    }

    /** Returns what those two are filled with. */
    public static Map<String, String> leaving(String user, ConfirmationLink link) {
        return Map.of("ending", link.ending().name().toLowerCase(Locale.ROOT), "user", user, "minutes",
                String.valueOf(link.life().toMinutes()), "link", link.url().toString());
    }

    private static Template withLink(Template page) {
        return page.given("sid", "c2Vzc2lvbg").given("secret", "client.secret").given("token", TOKEN);
    }

    /** Returns all of them. */
    public static List<Template> all() {
        return List.of(CONFIRM, CONFIRMED, NOTICE, MAIL, SMS, LEAVING_MAIL, LEAVING_SMS);
    }
}
