package im.signet.identity.invitation;

import im.signet.kit.page.Template;

import java.util.List;

/** What is written to people who are invited by their address. */
public final class InvitationTemplates {

    private static final String SENDER = "@alice:example.org";
    private static final String TOKEN = "aW52aXRhdGlvbg";

    /** The mail about an invitation. */
    static final Template MAIL = Template.of(Template.Kind.MAIL, "invitation")
            .choice("kind", "room", "space")
            .told("sender", SENDER)
            .toldOrEmpty("senderName", "Alice")
            .toldOrEmpty("roomName", "Gardening")
            .given("accept", "https://id.example.org/_signet/invitation?token=" + TOKEN)
            .givenOrEmpty("client", "https://app.example.org/#/room/%21garden%3Aexample.org?email=bob%40example.org")
            .given("never", "https://id.example.org/_signet/invitation/never?token=bmV2ZXI");
    /** How to accept an invitation. */
    static final Template PAGE = Template.of(Template.Kind.PAGE, "invitation")
            .choice("kind", "room", "space")
            .told("sender", SENDER)
            .toldOrEmpty("roomName", "Gardening")
            .told("address", "bob...@exa...")
            .given("serverUrl", "https://id.example.org");
    /** There is no such invitation, or none any more. */
    static final Template NOTICE = Template.of(Template.Kind.PAGE, "invitation-notice")
            .choice("state", "closed", "unknown");
    /** Shall there never be such a mail again? */
    static final Template NEVER = Template.of(Template.Kind.PAGE, "invitation-never")
            .given("token", "bmV2ZXI")
            .given("never", "/_signet/invitation/never");
    /** There never will be. */
    static final Template NEVER_AGAIN = Template.of(Template.Kind.PAGE, "invitation-never-again");

    private InvitationTemplates() {}

    /** Returns all of them. */
    public static List<Template> all() {
        return List.of(MAIL, PAGE, NOTICE, NEVER, NEVER_AGAIN);
    }
}
