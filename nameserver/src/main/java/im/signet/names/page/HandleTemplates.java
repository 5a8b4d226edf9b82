package im.signet.names.page;

import im.signet.kit.page.Template;

import java.util.List;

/** The pages about handles and cards. */
public final class HandleTemplates {

    private static final String ALICE = "alice@example.org";
    private static final String ID = "n1aaaqeayeaudaocajbifqydiob4ibceqtcqkrmfyydenbwha5dypq";
    private static final String CODE = "AEAAAAAA";

    /** What a handle names. */
    static final Template HANDLE = Template.of(Template.Kind.PAGE, "handle")
            .told("handle", ALICE)
            .given("id", ID)
            .choice("state", "fresh", "lapsed", "revoked", "epoch")
            .given("signed", "21 November 2026")
            .given("until", "19 February 2027")
            .toldOrEmpty("matrix", "@alice:matrix.example.org")
            .givenOrEmpty("matrixLink", "matrix:u/alice:matrix.example.org")
            .inserted("qr", QrCode.of("SIGNET:" + CODE))
            .given("card", "SIGNET:" + CODE)
            .givenOrEmpty("link", "https://ns.example.org/c#" + CODE)
            .given("digits", "00000 11111 22222 33333 44444 55555")
            .given("record", "https://ns.example.org/_signet/ns/v1/handles/" + ALICE);
    /** A handle that its owner has left. */
    static final Template LEFT = Template.of(Template.Kind.PAGE, "handle-left")
            .told("handle", ALICE)
            .given("id", ID)
            .choice("state", "moved", "unsure", "deactivated")
            .toldOrEmpty("to", "alice@other.example.org")
            .givenOrEmpty("signed", "21 November 2026");
    /** There is nothing to show, and why. */
    static final Template NOTICE = Template.of(Template.Kind.PAGE, "handle-notice")
            .choice("state", "unknown", "gone", "suspended", "withdrawn", "limited");
    /** What is behind the link of a card. */
    static final Template CARD = Template.of(Template.Kind.PAGE, "card");

    private HandleTemplates() {}

    /** Returns all of them. */
    public static List<Template> all() {
        return List.of(HANDLE, LEFT, NOTICE, CARD);
    }
}
