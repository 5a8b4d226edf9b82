package im.signet.terms.overview;

import im.signet.kit.page.Template;

import java.util.List;

/** The pages on which users see and end what is kept of them. */
public final class OverviewTemplates {

    private static final String USER = "@alice:example.org";
    private static final String SECRET = "c2VjcmV0LXNlY3JldC1zZWNyZXQtc2VjcmV0LXNlY3I";
    private static final String WHEN = "21 Nov 2026, 10:00 UTC";
    private static final String[] ENDINGS = {"withdrawn", "erased"};

    /** The page behind the one-time link: its button uses the link up. */
    static final Template LINK = Template.of(Template.Kind.PAGE, "manage")
            .given("open", "/_signet/terms/manage/open")
            .given("token", SECRET);
    /** What is kept. */
    static final Template OVERVIEW = Template.of(Template.Kind.PAGE, "overview")
            .told("user", USER)
            .told("until", WHEN)
            .given("view", SECRET)
            .rows("policies", Template.row()
                    .told("name", "Privacy policy")
                    .told("version", "1.0")
                    .told("inLanguage", "English")
                    .told("when", WHEN)
                    .given("url", "https://id.example.org/_signet/terms/privacy_policy/1.0/en")
                    .choice("state", "inforce", "earlier", "withdrawn")
                    .given("receipt", "eyJhbGciOiJFZERTQSJ9.e30.c2ln"))
            .rows("tokens", Template.row()
                    .given("id", "0f1e2d3c")
                    .told("created", WHEN)
                    .told("used", WHEN)
                    .told("expires", WHEN)
                    .choice("asked", "yes", "no"))
            .rows("holdings", Template.row()
                    .told("shown", "a\u2022\u2022\u2022@e\u2022\u2022\u2022.org")
                    .choice("kind", "email", "msisdn", "handle", "other")
                    .told("service", "identity")
                    .told("since", WHEN))
            .rows("unanswered", Template.row().told("service", "identity"))
            .choice("others", "yes", "no")
            .givenOrEmpty("receiptsPath", "/_signet/terms/manage/receipts")
            .givenOrEmpty("endPath", "/_signet/terms/manage/token/end")
            .givenOrEmpty("othersPath", "/_signet/terms/manage/token/others")
            .given("leavePath", "/_signet/terms/manage/end");
    /** To which address shall the link go? */
    static final Template CHOOSE = Template.of(Template.Kind.PAGE, "ending-choose")
            .choice("ending", ENDINGS)
            .told("user", USER)
            .given("view", SECRET)
            .rows("addresses", Template.row()
                    .given("id", "identity/x")
                    .choice("kind", "email", "msisdn", "handle", "other")
                    .told("shown", "a\u2022\u2022\u2022@e\u2022\u2022\u2022.org")
                    .choice("first", "yes", "no"))
            .choice("unsettled", "yes", "no")
            .given("sendPath", "/_signet/terms/manage/end/send")
            .given("back", "/_signet/terms/manage/view");
    /** The link is on its way. */
    static final Template SENT = Template.of(Template.Kind.PAGE, "ending-sent")
            .told("shown", "a\u2022\u2022\u2022@e\u2022\u2022\u2022.org")
            .given("view", SECRET)
            .given("back", "/_signet/terms/manage/view");
    /** Where no address could confirm: a box to tick. */
    static final Template SURE = Template.of(Template.Kind.PAGE, "ending-sure")
            .choice("ending", ENDINGS)
            .told("user", USER)
            .given("view", SECRET)
            .given("sure", "/_signet/terms/manage/end/confirm")
            .given("back", "/_signet/terms/manage/view");
    /** The page behind the link that was sent: its button ends it. */
    static final Template CONFIRM = Template.of(Template.Kind.PAGE, "ending-confirm")
            .choice("ending", ENDINGS)
            .told("user", USER)
            .told("asked", WHEN)
            .given("token", SECRET)
            .given("confirm", "/_signet/terms/end/confirm");
    /** It has ended. */
    static final Template DONE = Template.of(Template.Kind.PAGE, "ending-done")
            .choice("ending", ENDINGS)
            .told("user", USER);
    /** It cannot be, and why. */
    static final Template NOTICE = Template.of(Template.Kind.PAGE, "manage-notice")
            .choice("state", "unknown", "over", "limited", "busy", "unsent", "unsure", "void")
            .givenOrEmpty("view", SECRET)
            .givenOrEmpty("back", "/_signet/terms/manage/view");

    private OverviewTemplates() {}

    /** Returns all of them. */
    public static List<Template> all() {
        return List.of(LINK, OVERVIEW, CHOOSE, SENT, SURE, CONFIRM, DONE, NOTICE);
    }
}
