package im.signet.standalone;

import im.signet.demo.CaughtMail;
import im.signet.protocol.identifier.UserId;

import java.io.IOException;
import java.io.StringReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.stream.Collectors;

import com.sun.net.httpserver.HttpServer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebDriverException;
import org.openqa.selenium.WebElement;
import org.springframework.jdbc.core.simple.JdbcClient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** Every page as a browser shows it, in every language, in one that is written from right to left, and on a phone. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PagesInABrowserTest {

    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final int DESKTOP = Browser.DESKTOP;
    private static final int PHONE = Browser.PHONE;
    private static final String CONFIRM = "form[action^='/_signet/validate/confirm'] button";
    private static final String DISOWN = "form[action^='/_signet/validate/disown'] button";

    private final Optional<Browser> started = Browser.start();
    private Path temp;
    private Town town;
    private HttpServer elsewhere;
    private int people;

    @BeforeAll
    void start(@TempDir Path folder) throws IOException {
        temp = folder;
        Path templates = Files.createDirectories(temp.resolve("templates"));
        Files.writeString(templates.resolve("messages_he.properties"), pseudoHebrew());
        Files.createDirectory(templates.resolve("acme"));
        Files.writeString(templates.resolve("acme").resolve("messages_en.properties"), "site.name=Acme Messenger\n");
        Files.writeString(templates.resolve("acme").resolve("page.css"), "body { background: rgb(1, 2, 3); }\n");
        Path policy = Files.writeString(temp.resolve("policy.txt"), "What we know of you.\n\nWhom we tell: nobody.\n");
        elsewhere = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        elsewhere.createContext("/go", exchange -> {
            exchange.getResponseHeaders()
                    .add("Location", "http://localhost:" + elsewhere.getAddress().getPort() + "/in");
            exchange.sendResponseHeaders(303, -1);
            exchange.close();
        });
        elsewhere.createContext("/in", exchange -> {
            byte[] page = "<!DOCTYPE html><html lang=en><title>Arrived</title><p>Arrived"
                    .getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().add("Content-Type", "text/html");
            exchange.sendResponseHeaders(200, page.length);
            exchange.getResponseBody().write(page);
            exchange.close();
        });
        Path markdown = Files.writeString(temp.resolve("privacy.md"), MARKDOWN);
        Path hebrew = Files.writeString(temp.resolve("privacy-he.md"), hebrew(MARKDOWN));
        Map<String, String> settings = new HashMap<>();
        for (Map.Entry<String, Path> text : Map.of("en", markdown, "he", hebrew).entrySet()) {
            settings.put("signet.terms.policies[rich]." + text.getKey() + ".name",
                    text.getKey().equals("he") ? hebrew("Rich text") : "Rich text");
            settings.put("signet.terms.policies[rich]." + text.getKey() + ".file", text.getValue().toString());
        }
        settings.put("signet.terms.policies[rich].version", "1");
        settings.putAll(Map.of("signet.mail.templates", templates.toString(), "signet.validation.next-link-hosts",
                "127.0.0.1", "signet.terms.policies[terms].version", "1", "signet.terms.policies[terms].en.name",
                "Terms of use", "signet.terms.policies[terms].en.file", policy.toString(),
                "signet.terms.policies[terms].he.name", "\u05D0\u05D1\u05D2", "signet.terms.policies[terms].he.file",
                policy.toString()));
        town = Town.start(settings);
        elsewhere.start();
    }

    @AfterAll
    void stop() {
        started.ifPresent(Browser::close);
        town.close();
        elsewhere.stop(0);
    }

    @BeforeEach
    void needsABrowser() {
        Assumptions.assumeTrue(started.isPresent(), "needs chromium and chromedriver on the PATH");
        browser().speak("en");
        browser().width(DESKTOP);
        browser().colours("light");
    }

    private static final String MARKDOWN = """
            What we know of *you*, and **whom** we tell: see [the table](#the-table) or [our site](https://example.org/privacy).

            ## The table

            | what | why | how long | where | who sees it | on what ground |
            |---|---|---|---|---|---|
            | your address | so that friends find you | until you withdraw | in our database, encrypted | nobody | consent |
            | your Matrix ID | to bind it | as long as the address | in our database | whoever asks for your address | consent |

            | short | table |
            |---|---|
            | one | two |

            ### Details

            1. first
            2. second
               - inner

            > A passage from somewhere else.

            Some `code`, a line<br>break, x<sup>2</sup>, and an <abbr title="Transport Layer Security">TLS</abbr>.

                GET /_matrix/identity/v2/terms

            ---

            <details><summary>More</summary><p>of it</p></details>

            <img src=x onerror=alert(1)><script>document.title = "owned"</script>
            <p id="main" style="position:fixed" onclick="alert(1)">Write to <a href="mailto:a@example.org">us</a>,
            not <a href="javascript:alert(1)">here</a>.</p>
            """;

    private static String hebrew(String text) {
        StringBuilder letters = new StringBuilder();
        boolean markup = false;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            markup = c == '<' || c == '(' || (markup && c != '>' && c != ')');
            letters.append(!markup && c >= 'a' && c <= 'z' ? (char) ('\u05D0' + (c - 'a')) : c);
        }
        return letters.toString();
    }

    private Browser browser() {
        return started.orElseThrow();
    }

    // English in the letters of another script, as no test can tell whether Hebrew is good.
    static String pseudoHebrew() {
        StringBuilder texts = new StringBuilder();
        for (String module : List.of("kit", "identity", "names", "terms")) {
            for (String line : OurTextsTest.file(module, "en").lines().toList()) {
                int equals = line.indexOf('=');
                boolean inBraces = false;
                for (int i = 0; i < line.length(); i++) {
                    char c = line.charAt(i);
                    inBraces = c == '{' || (inBraces && c != '}');
                    boolean escape = c == '\\' || (i >= 1 && line.charAt(i - 1) == '\\')
                            || line.substring(Math.max(0, i - 5), i).contains("\\u");
                    texts.append(i > equals && !inBraces && !escape && c >= 'a' && c <= 'z'
                            ? (char) ('\u05D0' + (c - 'a'))
                            : c);
                }
                texts.append('\n');
            }
        }
        return texts.toString();
    }

    // Sessions and invitations, each of a person of its own

    private String token() {
        return signedIn(town.homeserver.register("person" + people));
    }

    /** Returns one more token of the last person. */
    private String anotherToken() {
        return signedIn(UserId.of("@person" + people + ":" + town.homeserver.serverName()));
    }

    private String signedIn(UserId user) {
        String token = town.register(user);
        String urls = town.terms()
                .policies()
                .stream()
                .map(policy -> "\"" + policy.text("en").orElseThrow().url() + "\"")
                .collect(Collectors.joining(","));
        town.post("/_matrix/identity/v2/terms", token,
                "{\"user_accepts\":[" + urls + "]}");
        return token;
    }

    private CaughtMail mailAbout(String path, String body) {
        people++;
        String address = "reader" + people + "@example.net";
        Town.Reply reply = town.post(path, token(), body.formatted(address));
        assertThat(reply.status()).as(reply.body()).isEqualTo(200);
        try {
            return town.mailbox.awaitMailTo(address, PATIENCE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private CaughtMail validation(String query, String nextLink) {
        return mailAbout("/_matrix/identity/v2/validate/email/requestToken" + query,
                "{\"client_secret\":\"secret\",\"email\":\"%s\",\"send_attempt\":1" + nextLink + "}");
    }

    private CaughtMail invitation() {
        String sender = "@person" + (people + 1) + ":" + town.homeserver.serverName();
        return mailAbout("/_matrix/identity/v2/store-invite", "{\"medium\":\"email\",\"address\":\"%s\",\"room_id\":"
                + "\"!garden:example.org\",\"sender\":\"" + sender + "\",\"room_name\":\"Gardening\"}");
    }

    private void open(URI link) {
        open(link.getRawPath() + "?" + link.getRawQuery());
    }

    private void open(String target) {
        browser().driver()
                .get("http://localhost:" + town.server().getEnvironment().getProperty("local.server.port") + target);
    }

    private static String query(URI link, String name) {
        return List.of(link.getRawQuery().split("&", -1))
                .stream()
                .filter(field -> field.startsWith(name + "="))
                .findFirst()
                .orElseThrow()
                .substring(name.length() + 1);
    }

    private void press(String button) {
        browser().driver().findElement(By.cssSelector(button)).click();
    }

    private void awaitTitle(String title) {
        await().atMost(PATIENCE)
                .ignoreExceptionsInstanceOf(WebDriverException.class)
                .until(() -> title.equals(browser().driver().getTitle()));
    }

    /** The browser's language, and the titles that pages have in it. */
    private record Reader(String language, Map<String, String> titles) {

        static Reader of(String language) throws IOException {
            Map<String, String> titles = new HashMap<>();
            Properties texts = new Properties();
            texts.load(new StringReader(language.equals("he")
                    ? pseudoHebrew()
                    : OurTextsTest.file("identity", language) + OurTextsTest.file("terms", language)));
            texts.forEach((key, text) -> titles.put(key.toString(), text.toString()));
            return new Reader(language, titles);
        }

        String title(String page) {
            return titles.getOrDefault(page + ".title", "no title of " + page);
        }
    }

    /** Says that the page is there, whole, and without barriers, and keeps pictures of it. */
    private void shows(Reader reader, String page) {
        awaitTitle(reader.title(page));
        shows(reader.language(), page);
    }

    private void shows(String language, String page) {
        browser().shows(language, page);
    }

    @ParameterizedTest
    @ValueSource(strings = {"en", "de", "fr", "es", "he"})
    void areWholeInEveryLanguage(String language) throws IOException {
        Reader reader = Reader.of(language);
        browser().speak(language);

        URI link = validation("", "").links().getFirst();
        open(link);
        shows(reader, "confirm");
        assertThat(browser().driver().findElement(By.className("who")).getText()).startsWith("@person");
        press(CONFIRM);
        shows(reader, "confirmed.validated");
        open(link);
        shows(reader, "confirmed.used");
        press(DISOWN);
        shows(reader, "notice.disowned");
        open(link);
        shows(reader, "notice.void");

        URI other = validation("", "").links().getFirst();
        String wrong = other.getRawPath() + "?" + other.getRawQuery().replace("token=", "token=x");
        for (int i = 0; i < 5; i++) {
            open(wrong);
            press(CONFIRM);
            awaitTitle(reader.title("notice.wrong"));
        }
        shows(reader, "notice.wrong");
        open(other);
        shows(reader, "notice.tries");
        town.server()
                .getBean(JdbcClient.class)
                .sql("UPDATE identity.validation_session SET modified_at = modified_at - interval '25 hours' WHERE sid = ?")
                .param(query(other, "sid"))
                .update();
        open(other);
        shows(reader, "notice.expired");
        open("/_matrix/identity/v2/validate/email/submitToken");
        shows(reader, "notice.unknown");

        List<URI> invited = invitation().links();
        open(invited.getFirst());
        shows(reader, "invitation");
        open("/_signet/invitation?token=x");
        shows(reader, "invitation.closed");
        open(invited.getLast());
        shows(reader, "never");
        press("form button");
        shows(reader, "never.done");
        open("/_signet/invitation/never?token=x");
        shows(reader, "invitation.unknown");
        open("/_signet/terms/none/1/en");
        shows(reader, "policy.unknown");
    }

    // What is kept of a person, and its end

    private static String leaving(String ending) {
        return "form:has(input[name='ending'][value='" + ending + "']) button";
    }

    private String overviewLink(String token) {
        Town.Reply reply = town.post("/_signet/terms/manage", token, "");
        URI link = URI.create(reply.json().string("url").orElseThrow(() -> new AssertionError(reply.body())));
        return link.getRawPath() + "?" + link.getRawQuery();
    }

    /** Has the person of the last mail publish their address; returns a token of theirs. */
    private String published() {
        URI link = validation("", "").links().getFirst();
        town.confirm(link);
        String token = anotherToken();
        Town.Reply bound = town.post("/_matrix/identity/v2/3pid/bind", token, "{\"sid\":\"" + query(link, "sid")
                + "\",\"client_secret\":\"secret\",\"mxid\":\"@person" + people + ":" + town.homeserver.serverName()
                + "\"}");
        assertThat(bound.status()).as(bound.body()).isEqualTo(200);
        return token;
    }

    private CaughtMail nextMail() {
        try {
            return town.mailbox.awaitMailTo("reader" + people + "@example.net", PATIENCE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private void submitUnchecked(String change) {
        browser().driver().executeScript(change + "; document.querySelector('form').submit()");
    }

    @ParameterizedTest
    @ValueSource(strings = {"en", "de", "fr", "es", "he"})
    void showWhatIsKeptAndEndIt(String language) throws IOException {
        Reader reader = Reader.of(language);
        browser().speak(language);
        String token = published();
        anotherToken();
        String link = overviewLink(token);
        open(link);
        shows(reader, "manage");
        press("form button");
        shows(reader, "overview");
        String page = browser().driver().findElement(By.tagName("main")).getText();
        assertThat(page).contains("@person" + people, "r\u2022\u2022\u2022@e\u2022\u2022\u2022.net")
                .doesNotContain("reader" + people);
        browser().driver().findElement(By.tagName("summary")).click();
        assertThat(browser().driver().findElement(By.tagName("code")).getText()).startsWith("ey");
        press("form[action^='/_signet/terms/manage/token/others'] button");
        awaitTitle(reader.title("overview"));

        press(leaving("withdrawn"));
        shows(reader, "ending.choose");
        submitUnchecked("document.querySelector('input[type=radio]').value = 'identity/x'");
        shows(reader, "manage.unsent");
        press("form button");
        awaitTitle(reader.title("overview"));
        press(leaving("withdrawn"));
        awaitTitle(reader.title("ending.choose"));
        press("form[action^='/_signet/terms/manage/end/send'] button");
        shows(reader, "ending.sent");
        press("form button");
        awaitTitle(reader.title("overview"));
        URI confirmation = nextMail().links().getFirst();
        open(confirmation);
        shows(reader, "ending.withdrawn");
        assertThat(browser().driver().findElement(By.className("who")).getText()).isEqualTo("@person" + people + ":"
                + town.homeserver.serverName());
        press("form button");
        shows(reader, "ending.done.withdrawn");
        open(confirmation);
        shows(reader, "manage.void");
        open(link);
        shows(reader, "manage.unknown");
        assertThat(town.get("/_matrix/identity/v2/account", token).status()).isEqualTo(401);
    }

    @ParameterizedTest
    @ValueSource(strings = {"en", "de", "fr", "es", "he"})
    void eraseWhoHasNoAddress(String language) throws IOException {
        Reader reader = Reader.of(language);
        browser().speak(language);
        people++;
        String token = token();
        JdbcClient jdbc = town.server().getBean(JdbcClient.class);
        jdbc.sql("ALTER TABLE identity.association RENAME TO association_elsewhere").update();
        try {
            open(overviewLink(token));
            press("form button");
            awaitTitle(reader.title("overview"));
            shows(language, "overview-unanswered");
            press(leaving("erased"));
            shows(reader, "manage.busy");
        } finally {
            jdbc.sql("ALTER TABLE identity.association_elsewhere RENAME TO association").update();
        }
        press("form button");
        awaitTitle(reader.title("overview"));
        press(leaving("erased"));
        shows(reader, "ending.erased");
        submitUnchecked("");
        shows(reader, "manage.unsure");
        press("form button");
        awaitTitle(reader.title("overview"));
        press(leaving("erased"));
        awaitTitle(reader.title("ending.erased"));
        press("input[type='checkbox']");
        press("form button");
        shows(reader, "ending.done.erased");

        people++;
        String second = token();
        open(overviewLink(second));
        press("form button");
        awaitTitle(reader.title("overview"));
        press("form[action^='/_signet/terms/manage/token/end'] button");
        shows(reader, "manage.over");
    }

    @ParameterizedTest
    @ValueSource(strings = {"en", "he"})
    void showAPolicyInItsOwnLanguage(String language) {
        browser().speak("fr");
        open("/_signet/terms/terms/1/" + language);
        shows(language, "policy");
    }

    @ParameterizedTest
    @ValueSource(strings = {"en", "he"})
    void showAPolicyWithAllThatItMayHave(String language) {
        browser().speak(language);
        open("/_signet/terms/rich");
        assertThat(browser().driver().getCurrentUrl()).endsWith("/_signet/terms/rich/1/" + language);
        shows(language, "policy-rich");
        assertThat(browser().driver()
                .executeScript("return [...document.querySelectorAll('article *')].filter(element => "
                        + "element.matches('img, script, style, form, iframe') || [...element.attributes]"
                        + ".some(attribute => /^(on|style)/.test(attribute.name) "
                        + "|| attribute.value.startsWith('javascript'))).length"))
                .isEqualTo(0L);
        assertThat(browser().driver().getTitle()).doesNotContain("owned");

        browser().driver()
                .executeCdpCommand("Emulation.setEmulatedMedia", Map.of("media", "print", "features",
                        List.of(Map.of("name", "prefers-color-scheme", "value", "dark"))));
        browser().width(800);
        browser().keepPicture("policy-rich-" + language + "-print");
        assertThat(browser().driver().findElement(By.tagName("body")).getCssValue("color")).contains("0, 0, 0");
        assertThat(browser().driver().findElement(By.tagName("nav")).isDisplayed()).isFalse();
        assertThat(browser().driver()
                .executeScript(
                        "return getComputedStyle(document.querySelector('article a[href^=http]'), '::after').content"))
                .asString()
                .contains("https://example.org/privacy");
        browser().driver().executeCdpCommand("Emulation.setEmulatedMedia", Map.of("media", ""));
    }

    @ParameterizedTest
    @ValueSource(strings = {"en", "de", "fr", "es", "he"})
    void listWhatIsInForce(String language) throws IOException {
        browser().speak(language);
        open("/_signet/terms");
        shows(Reader.of(language), "policies");
    }

    /** Chromium applies {@code form-action} to wherever a form's answer redirects. */
    @Test
    void leadOnToAListedHostWhereverThatLeads() {
        String next = "http://127.0.0.1:" + elsewhere.getAddress().getPort() + "/go";
        open(validation("", ",\"next_link\":\"" + next + "\"").links().getFirst());
        press(CONFIRM);
        awaitTitle("Arrived");
        assertThat(browser().driver().getCurrentUrl()).endsWith("/in");
        assertThat(browser().refusals()).isEmpty();
    }

    @Test
    void letWhoComesBackGoOnByALink() {
        String next = "http://127.0.0.1:" + elsewhere.getAddress().getPort() + "/in";
        URI link = validation("", ",\"next_link\":\"" + next + "\"").links().getFirst();
        open(link);
        press(CONFIRM);
        awaitTitle("Arrived");
        open(link);
        awaitTitle("This link was used already");
        shows("en", "confirmed.used-next");
        press("a.button");
        awaitTitle("Arrived");
    }

    @Test
    void areOfTheBrandThatTheClientNamed() {
        CaughtMail mail = validation("?brand=acme", "");
        assertThat(mail.html()).contains("Acme Messenger");
        open(mail.links().getFirst());
        for (String title : List.of("Is this your address?", "Your address is confirmed")) {
            awaitTitle(title);
            assertThat(browser().driver().findElement(By.className("site")).getText()).isEqualTo("Acme Messenger");
            assertThat(browser().driver().findElement(By.tagName("body")).getCssValue("background-color"))
                    .contains("1, 2, 3");
            if (title.startsWith("Is")) {
                press(CONFIRM);
            }
        }
        assertThat(browser().refusals()).isEmpty();
    }

    @Test
    void canBeUsedByTheKeyboard() {
        open(validation("", "").links().getFirst());
        awaitTitle("Is this your address?");
        List<String> stops = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            browser().driver().switchTo().activeElement().sendKeys(Keys.TAB);
            WebElement at = browser().driver().switchTo().activeElement();
            stops.add(at.getText());
            assertThat(at.getCssValue("outline-style")).isEqualTo("solid");
        }
        assertThat(stops).containsExactly("Yes, this is my address", "That was not me");
        browser().driver().switchTo().activeElement().sendKeys(Keys.ENTER);
        awaitTitle("Thank you, the request is void");
    }

    @ParameterizedTest
    @ValueSource(strings = {"en", "he"})
    void mailsAreAsReadable(String language) throws IOException {
        for (String kind : List.of("validation", "invitation", "leaving")) {
            for (String scheme : List.of("light", "dark")) {
                browser().colours(scheme);
                CaughtMail mail = kind.equals("leaving")
                        ? leavingMail(language)
                        : language.equals("en")
                                ? kind.equals("validation") ? validation("", "") : invitation()
                                : hebrewMail(kind);
                Path file = Files.writeString(temp.resolve(kind + "-" + language + ".html"), mail.html());
                browser().driver().get(file.toUri().toString());
                for (int width : List.of(DESKTOP, PHONE)) {
                    browser().width(width);
                    browser().keepPicture("mail-" + kind + "-" + language + "-" + width + "-" + scheme);
                }
                // A mail is shown inside of a page that has the landmarks.
                assertThat(browser().barriers()).as(kind + " in " + language + ", " + scheme)
                        .allMatch(barrier -> barrier.startsWith("region") || barrier.startsWith("landmark")
                                || barrier.startsWith("page-has-heading"));
            }
        }
    }

    private CaughtMail leavingMail(String language) {
        browser().speak(language);
        open(overviewLink(published()));
        press("form button");
        await().atMost(PATIENCE)
                .ignoreExceptionsInstanceOf(WebDriverException.class)
                .until(() -> {
                    press(leaving("erased"));
                    return true;
                });
        await().atMost(PATIENCE)
                .ignoreExceptionsInstanceOf(WebDriverException.class)
                .until(() -> {
                    press("form[action^='/_signet/terms/manage/end/send'] button");
                    return true;
                });
        return nextMail();
    }

    private CaughtMail hebrewMail(String kind) {
        people++;
        String address = "reader" + people + "@example.net";
        String sender = "@person" + people + ":" + town.homeserver.serverName();
        Town.Reply reply = kind.equals("validation")
                ? town.post("/_matrix/identity/v2/validate/email/requestToken", token(), "he",
                        "{\"client_secret\":\"secret\",\"email\":\"" + address + "\",\"send_attempt\":1}")
                : town.post("/_matrix/identity/v2/store-invite", token(), "he",
                        "{\"medium\":\"email\",\"address\":\"" + address
                                + "\",\"room_id\":\"!g:example.org\",\"sender\":\""
                                + sender + "\",\"room_name\":\"Gardening\",\"sender_display_name\":\"Al\"}");
        assertThat(reply.status()).as(reply.body()).isEqualTo(200);
        try {
            return town.mailbox.awaitMailTo(address, PATIENCE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
