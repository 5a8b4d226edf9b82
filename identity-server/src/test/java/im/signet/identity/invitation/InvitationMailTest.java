package im.signet.identity.invitation;

import im.signet.demo.CaughtMail;
import im.signet.demo.walk.PageForm;
import im.signet.identity.invitation.InvitationScene.Answer;
import im.signet.protocol.identifier.UserId;
import im.signet.protocol.json.JsonObject;

import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import static im.signet.identity.invitation.InvitationScene.newAddress;
import static im.signet.identity.invitation.InvitationScene.tokenOf;
import static im.signet.identity.invitation.InvitationScene.wish;
import static org.assertj.core.api.Assertions.assertThat;

/** The mail to a stranger, and the pages that it links to. */
class InvitationMailTest {

    private static final Pattern TAG = Pattern.compile("<[!/?a-zA-Z][^>]*>");
    private static final Pattern TAG_NAME = Pattern.compile("<[!/?]?[a-zA-Z0-9]+");

    private static InvitationScene scene;

    @BeforeAll
    static void open() {
        scene = InvitationScene.open("signet.invitation.web-client-hosts=app.element.io,chat.example.org");
    }

    @AfterAll
    static void close() {
        scene.close();
    }

    private static CaughtMail mailAbout(JsonObject wish) {
        Answer answer = scene.store(wish);
        assertThat(answer.status()).isEqualTo(200);
        return scene.mailTo(wish.string("address").orElseThrow());
    }

    private static URI link(CaughtMail mail, String path) {
        return mail.links().stream().filter(link -> link.getPath().equals(path)).findFirst().orElseThrow();
    }

    private static String tokenIn(URI link) {
        return link.getQuery().substring("token=".length());
    }

    @Test
    void saysWhoInvitesAndWhereTo() {
        CaughtMail mail = mailAbout(wish(scene.alice, newAddress()));
        for (String body : List.of(mail.text(), mail.html())) {
            assertThat(body).contains(scene.alice.value(), "Alice", "Gardening", "room", InvitationScene.SERVER);
        }
        assertThat(mail.subject()).isEqualTo("You are invited to a Matrix room");
        assertThat(mail.from()).isEqualTo("signet@example.org");
        assertThat(mail.header("Auto-Submitted")).contains("auto-generated");
    }

    @Test
    void callsASpaceASpace() {
        CaughtMail mail = mailAbout(wish(scene.alice, newAddress()).with("room_type", "m.space"));
        assertThat(mail.subject()).isEqualTo("You are invited to a Matrix space");
        assertThat(mail.text()).contains("invites you to a space,", "Name: Gardening");
    }

    @Test
    void doesWithoutNamesThatNobodyKnows() {
        CaughtMail mail = mailAbout(
                wish(scene.alice, newAddress()).with("room_name", "").with("sender_display_name", ""));
        assertThat(mail.text())
                .contains(scene.alice.value() + " invites you to a room on Matrix")
                .doesNotContain("Name:", "calls itself");
        assertThat(mail.html()).doesNotContain("Name:", "calls itself");
    }

    @ParameterizedTest
    @ValueSource(strings = {"false", "no", "off", "0", "null"})
    void believesEveryNameToBeOne(String name) {
        CaughtMail mail = mailAbout(wish(scene.alice, newAddress()).with("room_name", name));
        assertThat(mail.text()).contains("Name: " + name + "\r\n");
    }

    @Test
    void goesToTheCanonicalAddressOnly() {
        scene.store(wish(scene.alice, "Zo\u00EB.Guest@Example.ORG"));
        CaughtMail mail = scene.mailTo("zo\u00EB.guest@example.org");
        assertThat(mail.recipients()).containsExactly("zo\u00EB.guest@example.org");
    }

    /** CVE-2021-29432: the inviter controls the mail. */
    @Test
    void cutsNamesShortAndAlwaysNamesTheUser() {
        CaughtMail mail = mailAbout(wish(scene.alice, newAddress()).with("room_name", "R".repeat(1000))
                .with("sender_display_name", "S".repeat(1000)));
        for (String body : List.of(mail.text(), mail.html())) {
            assertThat(body).contains("R".repeat(25) + "\u2026", "S".repeat(19) + "\u2026", scene.alice.value())
                    .doesNotContain("R".repeat(26))
                    .doesNotContain("S".repeat(20));
        }
    }

    @Test
    void linksNothingThatTheInviterWrote() {
        CaughtMail mail = mailAbout(wish(scene.alice, newAddress()).with("room_name", "http://evil.example/a")
                .with("sender_display_name", "www.evil.example")
                .with("room_avatar_url", "https://evil.example/x.png")
                .with("sender_avatar_url", "https://evil.example/x.png")
                .with("room_alias", "#x:evil.example"));
        assertThat(mail.raw()).doesNotContain("evil.example").doesNotContain("http://evil");
        assertThat(mail.links()).allMatch(link -> link.getHost().equals("localhost"));
    }

    @Test
    void mailsNoGuestTokenOn() {
        CaughtMail mail = mailAbout(wish(scene.alice, newAddress()).with("guest_access_token", "MDAxguest")
                .with("guest_user_id", "@1234:example.org")
                .with("org.matrix.web_client_location", "https://app.element.io"));
        assertThat(mail.raw()).doesNotContain("MDAxguest").doesNotContain("1234");
    }

    static Stream<String> corpus() {
        return Stream.of("<script>alert(1)</script>", "\"><img src=x onerror=alert(1)>", "'><svg/onload=alert(1)>",
                "</span></p><h1>Pay</h1>", "<a href=\"https://evil.example\">x</a>", "<!--", "--><b>x</b>",
                "<![CDATA[<b>x",
                "&lt;b&gt;x&lt;/b&gt;", "&#60;b&#62;x", "\" th:utext=\"${@x}", "[[${1234567*7}]]", "[(${1234567*7})]",
                "${1234567*7}",
                "[# th:utext=\"7\"/]", "x\r\nBcc: evil@example.org", "x\nSubject: evil", "x\r\n\r\n<b>body</b>",
                "=?utf-8?B?PGI+eDwvYj4=?=", "\u0000<b>x", "\u2028<b>x</b>", "<b>x\u202E</b>",
                "--=_boundary\r\nContent-Type: text/html",
                "javascript:alert(1)", "\uFF1Cscript\uFF1E", "<iframe srcdoc=x>", "{{1234567*7}}",
                "<style>*{}</style>");
    }

    /** Sydent 1.0.3: HTML injection. CVE-2021-29432: header injection. */
    @ParameterizedTest
    @MethodSource("corpus")
    void noTextAddsAnElementOrAHeader(String hostile) {
        CaughtMail plain = mailAbout(wish(scene.alice, newAddress()));
        JsonObject wish = wish(scene.alice, newAddress());
        for (String name : List.of("room_name", "sender_display_name", "room_alias", "room_avatar_url",
                "room_join_rules",
                "room_type", "sender_avatar_url", "org.matrix.web_client_location", "org.example.more")) {
            wish = wish.with(name, hostile);
        }
        CaughtMail mail = mailAbout(wish);

        assertThat(mail.headers().stream().map(CaughtMail.Field::name))
                .containsExactlyElementsOf(plain.headers().stream().map(CaughtMail.Field::name).toList());
        assertThat(mail.recipients()).containsExactly(wish.string("address").orElseThrow());
        assertThat(mail.subject()).isEqualTo(plain.subject());
        assertThat(elements(mail.html())).isEqualTo(elements(plain.html()));
        assertThat(mail.text().lines().count()).isEqualTo(plain.text().lines().count());
        assertThat(mail.links()).hasSameSizeAs(plain.links());
        assertThat(mail.raw()).doesNotContain("8641969");
        Answer plainPage = scene.get(link(plain, "/_signet/invitation"));
        Answer page = scene.get(link(mail, "/_signet/invitation"));
        assertThat(page.status()).isEqualTo(200);
        assertThat(elements(page.body())).isEqualTo(elements(plainPage.body()));
    }

    @Test
    void aUserIdAddsNoElementEither() {
        CaughtMail plain = mailAbout(wish(scene.alice, newAddress()));
        UserId hostile = UserId.of("@<script>alert(1)</script><b>\"'&lt;:example.org");
        String address = newAddress();
        assertThat(scene.post("/_matrix/identity/v2/store-invite", tokenOf(hostile), wish(hostile, address)).status())
                .isEqualTo(200);
        CaughtMail mail = scene.mailTo(address);
        assertThat(elements(mail.html())).isEqualTo(elements(plain.html()));
        assertThat(elements(scene.get(link(mail, "/_signet/invitation")).body()))
                .isEqualTo(elements(scene.get(link(plain, "/_signet/invitation")).body()));
    }

    private static List<String> elements(String html) {
        return TAG.matcher(html)
                .results()
                .map(MatchResult::group)
                .map(tag -> TAG_NAME.matcher(tag).results().map(MatchResult::group).findFirst().orElse(tag))
                .toList();
    }

    @Test
    void linksToAWebClientThatTheOperatorAllows() {
        CaughtMail mail = mailAbout(wish(scene.alice, newAddress())
                .with("org.matrix.web_client_location", "https://app.element.io"));
        assertThat(mail.text()).contains("https://app.element.io/#/room/%21garden%3Aexample.org?email=");
        assertThat(mail.html()).contains("<a href=\"https://app.element.io/#/room/%21garden%3Aexample.org?email=");
        assertThat(mail.html()).contains("&amp;signurl=http%3A%2F%2Flocalhost");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "https://evil.example", "http://app.element.io", "https://app.element.io@evil.example"})
    void mailsTheKeyInNoOtherCase(String location) {
        CaughtMail mail = mailAbout(wish(scene.alice, newAddress()).with("org.matrix.web_client_location", location));
        assertThat(mail.raw()).doesNotContain("private").doesNotContain("signurl").doesNotContain("evil");
        assertThat(mail.links()).hasSize(2);
    }

    @Test
    void showsAPageThatTellsHowToAccept() {
        CaughtMail mail = mailAbout(wish(scene.alice, newAddress()));
        Answer page = scene.get(link(mail, "/_signet/invitation"));
        assertThat(page.status()).isEqualTo(200);
        assertThat(page.body()).contains(scene.alice.value(), "Gardening", "gue...@exa...", scene.url(""))
                .doesNotContain("<form", "<script");
        assertThat(page.headers().allValues("cache-control")).containsExactly("no-store");
        assertThat(page.headers().allValues("referrer-policy")).containsExactly("no-referrer");
        assertThat(page.headers().firstValue("content-type").orElseThrow()).startsWith("text/html");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "?token=", "?token=unknown", "?token=%00", "?token=a%0A", "?token=%3Cb%3E"})
    void showsAPageForInvitationsThatAreNot(String query) {
        Answer page = scene.get("/_signet/invitation" + query);
        assertThat(page.status()).isEqualTo(404);
        assertThat(page.body()).contains("not open").doesNotContain("<b>");
    }

    @Test
    void asksBeforeItStopsWriting() {
        String address = newAddress();
        CaughtMail mail = mailAbout(wish(scene.alice, address));
        URI never = link(mail, "/_signet/invitation/never");

        Answer page = scene.get(never);

        assertThat(page.status()).isEqualTo(200);
        // A mail scanner that follows links stops nothing.
        mailAbout(wish(scene.alice, address));
        List<PageForm> forms = PageForm.in(page.body());
        assertThat(forms).hasSize(1);
        assertThat(forms.getFirst().fields()).containsExactly(Map.entry("token", tokenIn(never)));
    }

    @Test
    void neverWritesAgainToWhoWantsNone() {
        String address = newAddress();
        CaughtMail mail = mailAbout(wish(scene.alice, address));
        PageForm form = PageForm.in(scene.get(link(mail, "/_signet/invitation/never")).body()).getFirst();
        for (int i = 0; i < 2; i++) {
            Answer answer = scene.postForm(form.action(), form.fields());
            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.body()).contains("will not write to you");
        }

        Answer stored = scene.store(wish(scene.alice, address.toUpperCase(Locale.ROOT)));

        // Accepted all the same: the inviter cannot tell, and the owner still finds it when they bind the address.
        assertThat(stored.status()).isEqualTo(200);
        assertThat(stored.json().members().keySet()).contains("token", "public_keys", "display_name");
        mailAbout(wish(scene.alice, newAddress()));
        assertThat(scene.mailbox.mailsTo(address)).hasSize(1);
        assertThat(scene.count(
                "SELECT count(*) FROM identity.unwilling_address WHERE position('guest'::bytea IN address_hash) > 0"))
                .isZero();
    }

    @Test
    void believesNobodyElsesWordThatAnAddressIsUnwilling() {
        CaughtMail mail = mailAbout(wish(scene.alice, newAddress()));
        String word = tokenIn(link(mail, "/_signet/invitation/never"));
        String other = tokenIn(link(mailAbout(wish(scene.alice, newAddress())), "/_signet/invitation/never"));
        long before = scene.count("SELECT count(*) FROM identity.unwilling_address");
        for (String forged : List.of("", "x", word + "A", word.substring(1), "A".repeat(64),
                word.substring(0, 42) + other.substring(42), "\u0000")) {
            assertThat(scene.postForm("/_signet/invitation/never", Map.of("token", forged)).status()).isEqualTo(404);
        }
        assertThat(scene.postForm("/_signet/invitation/never", Map.of()).status()).isEqualTo(404);
        assertThat(scene.get("/_signet/invitation/never").status()).isEqualTo(404);
        assertThat(scene.get("/_signet/invitation/never?token=" + "A".repeat(64)).status()).isEqualTo(404);
        assertThat(scene.count("SELECT count(*) FROM identity.unwilling_address")).isEqualTo(before);
    }

    @Test
    void theWordWorksWhenTheInvitationIsLongGone() {
        String address = newAddress();
        Answer stored = scene.store(wish(scene.alice, address));
        PageForm form = PageForm.in(scene.get(link(scene.mailTo(address), "/_signet/invitation/never")).body())
                .getFirst();
        scene.withdraw(stored.text("token"));
        assertThat(scene.postForm(form.action(), form.fields()).status()).isEqualTo(200);
    }
}
