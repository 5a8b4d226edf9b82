package im.signet.identity.validation;

import im.signet.demo.CaughtMail;
import im.signet.demo.walk.PageForm;
import im.signet.identity.Answer;
import im.signet.identity.IdentityScene;
import im.signet.identity.Person;
import im.signet.identity.Session;

import java.net.http.HttpRequest;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/** The pages behind the mailed link, as a browser, or a mail scanner, sees them. */
class ValidationPageTest extends IdentityScene {

    private static final String CONFIRM = "/_signet/validate/confirm";
    private static final String DISOWN = "/_signet/validate/disown";
    private static final String NOT_VALIDATED = "400 M_SESSION_NOT_VALIDATED";
    private static final String OVER = "400 M_SESSION_EXPIRED";

    private final String address = freshAddress();

    private static void isPage(Answer answer, int status, String title) {
        assertThat(answer.status()).as(answer.body()).isEqualTo(status);
        assertThat(answer.header("Content-Type")).isEqualToIgnoringCase("text/html;charset=UTF-8");
        assertThat(answer.body()).contains("<title>" + title + "</title>").doesNotContainIgnoringCase("<script");
        assertThat(answer.header("Cache-Control")).isEqualTo("no-store");
        assertThat(answer.header("Referrer-Policy")).isEqualTo("no-referrer");
        assertThat(answer.header("X-Content-Type-Options")).isEqualTo("nosniff");
        assertThat(answer.header("X-Frame-Options")).isEqualTo("DENY");
        assertThat(answer.headers().allValues("Content-Security-Policy")).hasSize(1)
                .first()
                .asString()
                .contains("default-src 'none'")
                .contains("frame-ancestors 'none'")
                .contains("base-uri 'none'")
                .doesNotContain("unsafe");
    }

    private String sessions() {
        return dump().lines().filter(row -> row.startsWith("validation_")).collect(Collectors.joining("\n"));
    }

    private Answer press(PageForm form) {
        return postForm(form.action(), form.fields());
    }

    @Test
    void asksBeforeItChangesAnything() {
        Session session = begin(Person.ALICE, address);
        CaughtMail mail = mailTo(address);
        awaitEmptyOutbox();
        String before = sessions();
        Answer page = get(target(mail), null);
        isPage(page, 200, "Is this your address?");
        assertThat(page.body()).contains("@alice:hs.example.org").contains(address);
        get(target(mail), null);
        send(request(target(mail), null).method("HEAD", HttpRequest.BodyPublishers.noBody()).build());
        assertThat(sessions()).isEqualTo(before);
        assertThat(getValidated(session, Person.ALICE).outcome()).isEqualTo(NOT_VALIDATED);
    }

    @Test
    void offersTwoForms() {
        begin(Person.ALICE, address);
        CaughtMail mail = mailTo(address);
        List<PageForm> forms = PageForm.in(get(target(mail), null).body());
        assertThat(forms).extracting(PageForm::action).containsExactly(CONFIRM, DISOWN);
        assertThat(forms).extracting(PageForm::fields).containsOnly(linkParams(mail));
    }

    @Test
    void confirmsByTheButton() {
        Session session = begin(Person.ALICE, address);
        CaughtMail mail = mailTo(address);
        PageForm confirm = PageForm.in(get(target(mail), null).body()).getFirst();
        isPage(press(confirm), 200, "Your address is confirmed");
        assertThat(getValidated(session, Person.ALICE).status()).isEqualTo(200);
        isPage(press(confirm), 200, "This link was used already");
        isPage(get(target(mail), null), 200, "This link was used already");
    }

    @Test
    void namesWhoAskedOnEveryPage() {
        String asker = "<bdi>@alice:hs.example.org</bdi>";
        Session session = begin(Person.ALICE, address);
        CaughtMail mail = mailTo(address);
        List<PageForm> forms = PageForm.in(get(target(mail), null).body());
        assertThat(get(target(mail), null).body()).contains(asker);
        Map<String, String> wrong = Map.of("sid", session.sid(), "client_secret", session.secret(), "token", "wrong");
        assertThat(postForm(CONFIRM, wrong).body()).contains(asker);
        assertThat(press(forms.getFirst()).body()).contains(asker);
        Answer used = get(target(mail), null);
        assertThat(used.body()).contains(asker);
        assertThat(press(PageForm.in(used.body()).getFirst()).body()).contains(asker, "the request is void");
        assertThat(get(target(mail), null).body()).contains(asker);
        letPass(Duration.ofHours(24));
        assertThat(get(target(mail), null).body()).contains(asker, "run out");
        assertThat(get(target(mail).replace(session.secret(), "other"), null).body()).as("who knows not the secret")
                .doesNotContain("@alice");
    }

    @Test
    void speaksTheReadersLanguage() {
        begin(Person.ALICE, address);
        Answer page = send(request(target(mailTo(address)), null).header("Accept-Language", "de-CH,de;q=0.9,en;q=0.8")
                .build());
        isPage(page, 200, "Ist das Ihre Adresse?");
        assertThat(page.header("Content-Language")).isEqualTo("de");
        assertThat(page.body()).contains("<html lang=\"de\" dir=\"ltr\">");
    }

    @Test
    void killsTheSessionWhenTheOwnerSaysThatItWasNotThem() {
        Session session = begin(Person.BOB, address);
        CaughtMail mail = mailTo(address);
        PageForm disown = PageForm.in(get(target(mail), null).body()).get(1);
        isPage(press(disown), 200, "Thank you, the request is void");
        isPage(press(disown), 200, "Thank you, the request is void");
        isPage(get(target(mail), null), 400, "This request is void");
        isPage(postForm(CONFIRM, disown.fields()), 400, "This request is void");
        assertThat(submit(session, linkParams(mail).getOrDefault("token", "")).outcome()).isEqualTo(OVER);
        assertThat(getValidated(session, Person.BOB).outcome()).isEqualTo(OVER);
        assertThat(bind(session).outcome()).isEqualTo(OVER);
    }

    @Test
    void takesAValidationBackWhenTheOwnerSaysThatItWasNotThem() {
        Session session = begin(Person.BOB, address);
        CaughtMail mail = mailTo(address);
        PageForm disown = PageForm.in(get(target(mail), null).body()).get(1);
        submit(session, linkParams(mail).getOrDefault("token", ""));
        assertThat(getValidated(session, Person.BOB).status()).isEqualTo(200);
        isPage(press(disown), 200, "Thank you, the request is void");
        assertThat(getValidated(session, Person.BOB).outcome()).isEqualTo(OVER);
        assertThat(bind(session).outcome()).isEqualTo(OVER);
        assertThat(found(address)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {CONFIRM, DISOWN})
    void actsOnlyForTheHolderOfTheToken(String form) {
        Session session = begin(Person.ALICE, address);
        CaughtMail mail = mailTo(address);
        Map<String, String> wrong = Map.of("sid", session.sid(), "client_secret", session.secret(), "token", "wrong");
        isPage(postForm(form, wrong), 400, "That is not the right link");
        assertThat(getValidated(session, Person.ALICE).outcome()).isEqualTo(NOT_VALIDATED);
        assertThat(submit(session, linkParams(mail).getOrDefault("token", "")).status()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {CONFIRM, DISOWN})
    void letsNoFormGuessTokens(String form) {
        Session session = begin(Person.ALICE, address);
        CaughtMail mail = mailTo(address);
        Map<String, String> wrong = Map.of("sid", session.sid(), "client_secret", session.secret(), "token", "wrong");
        for (int i = 0; i < 5; i++) {
            isPage(postForm(form, wrong), 400, "That is not the right link");
        }
        isPage(postForm(form, wrong), 400, "Too many wrong codes were tried");
        isPage(get(target(mail), null), 400, "Too many wrong codes were tried");
        assertThat(submit(session, linkParams(mail).getOrDefault("token", "")).outcome()).isEqualTo(OVER);
    }

    @Test
    void saysThatALinkHasRunOut() {
        begin(Person.ALICE, address);
        CaughtMail mail = mailTo(address);
        letPass(Duration.ofHours(24));
        isPage(get(target(mail), null), 400, "This link has run out");
        isPage(postForm(CONFIRM, linkParams(mail)), 400, "This link has run out");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "?", "?sid=a", "?sid=a&client_secret=b", "?sid=a&client_secret=b&token=c",
        "?sid=%00&client_secret=b&token=c", "?sid=a&client_secret=%3Cb%3E&token=c",
        "?sid=a&sid=b&client_secret=b&token=c"})
    void saysThatALinkIsNotKnown(String query) {
        isPage(get(SUBMIT_TOKEN + query, null), 404, "This link is not known");
    }

    @ParameterizedTest
    @ValueSource(strings = {CONFIRM, DISOWN})
    void saysThatAFormIsNotKnown(String form) {
        isPage(postForm(form, Map.of()), 404, "This link is not known");
        isPage(postForm(form, Map.of("sid", "a\0", "client_secret", "<b>", "token", "c")), 404,
                "This link is not known");
        isPage(postForm(form, Map.of("sid", "a", "client_secret", "b", "token", "c".repeat(5000))), 404,
                "This link is not known");
    }

    /** Security: everything in the link comes back in the page, and an attacker writes links. */
    @ParameterizedTest
    @ValueSource(strings = {"\"><script>alert(1)</script>", "'><img src=x onerror=alert(1)>", "</form><h1>x</h1>",
        "${7*7}", "[[${7*7}]]", "__${7*7}__::", "\" onfocus=\"alert(1)\" autofocus=\"", "&lt;b&gt;", "%3Cb%3E"})
    void addsNoElementFromALink(String token) {
        Session session = begin(Person.ALICE, address);
        mailTo(address);
        Answer honest = get(SUBMIT_TOKEN + "?" + query(
                Map.of("sid", session.sid(), "client_secret", session.secret(), "token", "x")), null);
        Answer page = get(SUBMIT_TOKEN + "?" + query(
                Map.of("sid", session.sid(), "client_secret", session.secret(), "token", token)), null);
        isPage(page, 200, "Is this your address?");
        assertThat(tags(page.body())).isEqualTo(tags(honest.body()));
        assertThat(page.body()).doesNotContain("value=\"49\"").doesNotContain("onfocus=\"");
    }

    /** Returns the page without the values of its attributes and its text. */
    private static List<String> tags(String html) {
        return Pattern.compile("<[^>]*>")
                .matcher(html)
                .results()
                .map(tag -> tag.group().replaceAll("value=\"[^\"]*\"", "value"))
                .toList();
    }

    @Test
    void escapesAnAddressThatLooksLikeMarkup() {
        String odd = "a&b'c=" + address;
        begin(Person.ALICE, odd);
        Answer page = get(target(mailTo(odd)), null);
        assertThat(page.body()).doesNotContain("a&b").contains("a&amp;b&#39;c=" + address);
    }

    @Test
    void sendsPeopleOnToAListedHost() {
        begin(Person.ALICE, wish(address, freshSecret()).with("next_link", "https://app.example.org/next?a=b#c"));
        CaughtMail mail = mailTo(address);
        Answer answer = postForm(CONFIRM, linkParams(mail));
        isPage(answer, 200, "Your address is confirmed");
        assertThat(answer.header("Refresh")).isEqualTo("0; url=https://app.example.org/next?a=b#c");
        assertThat(answer.body()).contains("href=\"https://app.example.org/next?a=b#c\"", "app.example.org</bdi>");
        Answer used = get(target(mail), null);
        isPage(used, 200, "This link was used already");
        assertThat(used.header("Refresh")).as("people choose when to leave what they opened").isEmpty();
        assertThat(used.body()).contains("href=\"https://app.example.org/next?a=b#c\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"https://evil.example/", "https://app.example.org.evil.example/",
        "https://evil.example/app.example.org", "https://evil.example?app.example.org",
        "https://evil.example#app.example.org", "https://xapp.example.org/", "https://example.org/"})
    void sendsPeopleOnToNoOtherHost(String url) {
        Session session = begin(Person.ALICE, wish(address, freshSecret()).with("next_link", url));
        Answer answer = postForm(CONFIRM, linkParams(mailTo(address)));
        isPage(answer, 200, "Your address is confirmed");
        assertThat(answer.header("Location")).isEmpty();
        assertThat(answer.header("Refresh")).isEmpty();
        assertThat(answer.body()).doesNotContain("evil");
        assertThat(getValidated(session, Person.ALICE).status()).isEqualTo(200);
    }

    /** Security: only the one stored in the session counts. */
    @Test
    void ignoresANextLinkInTheRequest() {
        begin(Person.ALICE, address);
        CaughtMail mail = mailTo(address);
        isPage(get(target(mail) + "&next_link=https%3A%2F%2Fapp.example.org%2F", null), 200, "Is this your address?");
        Map<String, String> fields = new HashMap<>(linkParams(mail));
        fields.put("next_link", "https://app.example.org/");
        isPage(postForm(CONFIRM, fields), 200, "Your address is confirmed");
    }

    @Test
    void needsNoToken() {
        begin(Person.ALICE, address);
        Answer page = send(request(target(mailTo(address)), null).header("Authorization", "Bearer nonsense").build());
        isPage(page, 200, "Is this your address?");
    }

    @Test
    void styleSheetComesFromUs() {
        Answer css = get("/_signet/page.css", null);
        assertThat(css.status()).isEqualTo(200);
        assertThat(css.header("Content-Type")).startsWith("text/css");
        assertThat(css.body()).doesNotContain("http:").doesNotContain("https:").doesNotContain("@import");
    }
}
