package im.signet.names;

import im.signet.names.handle.HandleSuspension;
import im.signet.protocol.handle.Card;
import im.signet.protocol.handle.Fingerprint;
import im.signet.protocol.handle.Handle;
import im.signet.protocol.handle.Jws;
import im.signet.protocol.handle.JwsSigner;
import im.signet.protocol.handle.Reach;
import im.signet.protocol.handle.Revocation;
import im.signet.protocol.identifier.ServerName;
import im.signet.protocol.identifier.UserId;

import java.net.http.HttpHeaders;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static im.signet.names.NamesServer.HANDLES;
import static im.signet.names.NamesServer.IDENTITIES;
import static org.assertj.core.api.Assertions.assertThat;

/** What people see of a handle and of the link of a card in a browser. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ThePageOfAHandleTest {

    private static final String PAGES = "/h/";
    private static final String UNVALIDATED = "Not validated.";

    private NamesScene scene;
    private NamesServer server;

    @BeforeAll
    void start() {
        scene = new NamesScene();
        server = scene.start();
    }

    @AfterAll
    void stop() {
        scene.close();
    }

    private Owner owner(String name) {
        return new Owner("@" + name + ":hs.example.org", scene.clock());
    }

    private Answer page(String handle) {
        return server.get(PAGES + handle, "Accept-Language", "en");
    }

    /** Returns the page with that status, once it is clear that it has what all pages have. */
    private static String html(Answer answer, int status) {
        assertThat(answer.status()).as(answer.body()).isEqualTo(status);
        assertThat(answer.header("Content-Type")).isEqualTo("text/html;charset=UTF-8");
        assertThat(answer.header("Content-Security-Policy")).isEqualTo("default-src 'none'; style-src 'self'; "
                + "form-action 'self'; base-uri 'none'; frame-ancestors 'none'");
        assertThat(answer.header("Referrer-Policy")).isEqualTo("no-referrer");
        assertThat(answer.header("X-Robots-Tag")).isEqualTo("noindex, nofollow");
        assertThat(answer.header("Content-Disposition")).isEqualTo("inline");
        assertThat(answer.headers().allValues("Vary")).contains("Accept-Language");
        assertThat(answer.body()).contains("<meta name=\"robots\" content=\"noindex\">")
                .doesNotContain("<script", "<img", "style=", "<iframe", "th:", "signet:text");
        return answer.body();
    }

    /** Returns the texts of a page, without its markup. */
    private static String text(String html) {
        return html.replaceAll("(?s)<svg.*?</svg>", "").replaceAll("<[^>]*>", "").replaceAll("\\s+", " ");
    }

    private static String attribute(String html, String pattern) {
        Matcher found = Pattern.compile(pattern).matcher(html);
        assertThat(found.find()).as(html).isTrue();
        return found.group(1);
    }

    @Test
    void showsTheCardInThreeForms() {
        Owner owner = owner("alice");
        owner.registered(server, "alice@example.org");
        String html = html(page("alice@example.org"), 200);
        Card card = Card.of(owner.identity(), Optional.of(Handle.of("alice@example.org")));

        Card scanned = Card.parse(QrReader.read(html)).orElseThrow();
        assertThat(scanned).isEqualTo(card);
        assertThat(scanned.id()).isEqualTo(owner.identity().id());
        assertThat(scanned.disagreementWith(owner.identity())).isEmpty();
        assertThat(html).contains("<code dir=\"ltr\">" + card.toText() + "</code>");
        String link = attribute(html, "href=\"(https://ns\\.example\\.org/c#[^\"]*)\"");
        assertThat(link).isEqualTo(card.toLink(ServerName.of("ns.example.org")));
        assertThat(Card.parse(link).orElseThrow()).isEqualTo(card);
        assertThat(html).contains("<div role=\"img\" aria-labelledby=\"qr\">", " id=\"qr\"");
    }

    @Test
    void saysWhatItIsAndThatItProvesNothing() {
        Owner owner = owner("plain");
        owner.registered(server, "plain@example.org");
        String html = html(page("plain@example.org"), 200);
        assertThat(html).contains("<title>plain@example.org, not validated</title>",
                "<h1><bdi dir=\"ltr\">plain@example.org</bdi></h1>");
        assertThat(text(html)).contains(UNVALIDATED, "compared the 60 digits", owner.identity().id().value(),
                "This entry is current");
        assertThat(text(html)).doesNotContain("Matrix account", "null");
        assertThat(html).contains("href=\"https://ns.example.org/_signet/ns/v1/handles/plain@example.org\"");
    }

    @Test
    void showsHalfOfEachFingerprint() {
        Owner owner = owner("half");
        owner.registered(server, "half@example.org");
        String digits = attribute(html(page("half@example.org"), 200), "dir=\"ltr\">([0-9 ]{35})</bdi>");
        for (String other : List.of("one", "two")) {
            assertThat(Fingerprint.of(owner.identity(), owner(other).identity()).toString()).contains(digits);
        }
    }

    @Test
    void showsAMatrixAccountAsAClaim() {
        Owner owner = owner("claimant");
        owner.register(server, owner.firstBinding("claimant@example.org")
                .withReach(new Reach(UserId.of(owner.user), Optional.empty()))
                .sign(owner.phone)).is(201);
        String html = html(page("claimant@example.org"), 200);
        assertThat(html).contains("<a href=\"matrix:u/claimant:hs.example.org\"><bdi dir=\"ltr\">"
                + "@claimant:hs.example.org</bdi></a>");
        assertThat(text(html)).contains("claims that this Matrix account is theirs");
    }

    /** The localpart of an old user may hold anything between {@code !} and {@code ~}. */
    @Test
    void writesNothingOfOthersAsMarkup() {
        Owner owner = owner("hostile");
        JwsSigner master = Owner.key();
        UserId user = UserId.of("@\"><script>alert(1)</script>'onload=&lt;${7*7}:hs.example.org");
        owner.register(server, owner.firstBinding("hostile@example.org")
                .withReach(new Reach(user, Optional.of(master.key())))
                .sign(owner.phone, master)).is(201);
        String html = html(page("hostile@example.org"), 200);
        assertThat(html).contains("@&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;&#39;onload=&amp;lt;${7*7}:hs")
                .contains("href=\"matrix:u/%22%3E%3Cscript%3Ealert%281%29%3C%2Fscript%3E%27onload%3D%26lt%3B%24%7B7"
                        + "*7%7D:hs.example.org\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"%3Cscript%3Ealert(1)%3C/script%3E@example.org", "%22%3E%3Cimg%20src=x@example.org",
        "nobody@example.org%3Cscript%3E", "$%7B7*7%7D@example.org", "nobody@example.org;%3Cscript%3E", "..%3Bscript",
        "%E2%80%AEnobody@example.org", "%0D%0ASet-Cookie:%20x=1", "..%2Fscript", "%00script"})
    void quotesNothingOfThePath(String path) {
        Answer answer = page(path);
        assertThat(answer.status()).isIn(400, 404);
        assertThat(answer.body()).doesNotContain("script>", "<img", "49", "\u202E");
        assertThat(answer.headers().firstValue("Set-Cookie")).isEmpty();
    }

    @Test
    void saysTheSameOfAllThatIsNobodys() {
        Answer unknown = page("nobody@example.org");
        assertThat(text(html(unknown, 404))).contains("No such handle").doesNotContain("nobody");
        assertThat(unknown.header("Cache-Control")).isEqualTo("no-store");
        for (String other : List.of("admin@example.org", "postmaster@example.org", "nobody@other.example.org",
                "nobody@example.com", "Nobody@example.org", "nobody", "", "@", "nobody@example.org/", "a/b/c",
                "acct:nobody@example.org", "n\u00F6body@example.org", "x".repeat(3000) + "@example.org",
                "nobody@example.org?x=1")) {
            String path = other.replace("\u00F6", "%C3%B6");
            Answer answer = page(path);
            assertThat(answer.body()).as(path).isEqualTo(unknown.body());
            assertThat(answer.status()).as(path).isEqualTo(404);
            assertThat(withoutDateAndId(answer.headers())).as(path).isEqualTo(withoutDateAndId(unknown.headers()));
        }
        assertThat(server.get("/h", "Accept-Language", "en").body()).isEqualTo(unknown.body());
    }

    private static Map<String, List<String>> withoutDateAndId(HttpHeaders headers) {
        Map<String, List<String>> rest = new TreeMap<>(headers.map());
        rest.remove("date");
        rest.remove("x-request-id");
        return rest;
    }

    @Test
    void isFoundHoweverItsAtIsWritten() {
        owner("encoded").registered(server, "encoded@example.org");
        assertThat(page("encoded%40example.org").body()).isEqualTo(html(page("encoded@example.org"), 200));
    }

    @Test
    void isGoneWithItsHandle() throws SQLException {
        Owner owner = owner("leaver");
        Jws first = owner.registered(server, "leaver@example.org");
        withdraw("leaver@example.org", true);
        assertThat(text(html(page("leaver@example.org"), 410))).contains("withdrawn their consent");
        withdraw("leaver@example.org", false);
        suspend("leaver@example.org", true);
        assertThat(text(html(page("leaver@example.org"), 410))).contains("This handle is suspended");
        suspend("leaver@example.org", false);
        html(page("leaver@example.org"), 200);
        Jws release = owner.signed(first).release(owner.identity(), owner.now(), Owner.rnd()).sign(owner.recovery);
        owner.putBinding(server, release).is(201);
        Answer gone = page("leaver@example.org");
        assertThat(text(html(gone, 410))).contains("not used any more")
                .doesNotContain("leaver", owner.identity().id().value());
        assertThat(gone.header("Cache-Control")).isEqualTo("no-store");
    }

    private void suspend(String handle, boolean suspended) throws SQLException {
        try (Connection connection = scene.connection()) {
            HandleSuspension.set(connection, Handle.of(handle), suspended);
        }
    }

    private void withdraw(String handle, boolean withdrawn) {
        scene.sql()
                .sql("UPDATE names.binding SET withdrawn = ? WHERE handle = ?")
                .params(withdrawn, handle)
                .update();
    }

    @Test
    void saysWhenItHasRunOut() {
        NamesScene later = new NamesScene();
        try (later) {
            NamesServer theirs = later.start();
            Owner owner = new Owner("@late:hs.example.org", later.clock());
            Jws first = owner.registered(theirs, "late@example.org");
            later.clock().move(Duration.ofDays(90));
            Answer lapsed = theirs.get(PAGES + "late@example.org", "Accept-Language", "en");
            assertThat(text(html(lapsed, 200))).contains("This entry has run out", UNVALIDATED)
                    .doesNotContain("is current");
            owner.putBinding(theirs, owner.signed(first)
                    .renew(owner.identity(), owner.now(), Owner.rnd())
                    .sign(owner.phone)).is(201);
            Answer renewed = theirs.get(PAGES + "late@example.org", "Accept-Language", "en");
            assertThat(text(html(renewed, 200))).contains("This entry is current").doesNotContain("run out");
            later.clock().move(Duration.ofDays(120));
            html(theirs.get(PAGES + "late@example.org", "Accept-Language", "en"), 410);
        }
    }

    @Test
    void saysWhenItsSignerWasRemoved() {
        Owner owner = owner("robbed");
        JwsSigner tablet = Owner.key();
        owner.keep(owner.operation(id -> id.addDevice(tablet.key(), owner.now()), owner.phone, tablet));
        Jws binding = owner.firstBinding("robbed@example.org").sign(tablet);
        server.post(NamesServer.BINDINGS, owner.token(),
                owner.registration(owner.challenge(server), binding, tablet)).is(201);
        owner.push(server, id -> id.revoke(Set.of(tablet.key()), Revocation.Why.STOLEN, owner.now()), owner.phone);
        assertThat(text(html(page("robbed@example.org"), 200))).contains("removed by its owner since", UNVALIDATED);
    }

    @Test
    void saysWhenItsOwnerRecoveredSince() {
        Owner owner = owner("careless");
        owner.registered(server, "careless@example.org");
        JwsSigner next = Owner.key();
        owner.push(server, id -> id.recover(List.of(next.key()), Revocation.Why.LOST, owner.now()), owner.recovery,
                next);
        String html = html(page("careless@example.org"), 200);
        assertThat(text(html)).contains("recovered their identity", UNVALIDATED);
        assertThat(Card.parse(QrReader.read(html)).orElseThrow().epoch()).isEqualTo(1);
    }

    @Test
    void offersNoCardOfAnIdentityThatHasEnded() {
        Owner owner = owner("quitter");
        owner.registered(server, "quitter@example.org");
        owner.push(server, id -> id.deactivate(owner.now()), owner.recovery);
        String html = html(page("quitter@example.org"), 200);
        assertThat(text(html)).contains("has ended this identity for good", owner.identity().id().value());
        assertThat(html).doesNotContain("SIGNET:", "<svg", "/c#");
    }

    @Test
    void leadsOnByTheOwnersWordAlone() {
        Owner owner = owner("mover");
        Jws first = owner.registered(server, "mover@example.org");
        Jws move = owner.signed(first)
                .move(owner.identity(), Handle.of("elsewhere@other.example.org"), owner.now(), Owner.rnd())
                .sign(owner.recovery);
        owner.putBinding(server, move).is(201);
        String html = html(page("mover@example.org"), 200);
        assertThat(html).contains("<bdi dir=\"ltr\">elsewhere@other.example.org</bdi>")
                .doesNotContain("SIGNET:", "<svg", "/c#", "/h/");
        assertThat(text(html)).contains("mover@example.org has moved", "has not looked there", UNVALIDATED);

        JwsSigner next = Owner.key();
        owner.push(server, id -> id.replaceRecovery(List.of(next.key()), Revocation.Why.STOLEN, owner.now()),
                owner.recovery, next);
        assertThat(text(html(page("mover@example.org"), 200))).contains("may have moved",
                "elsewhere@other.example.org");
    }

    @Test
    void isNotSentAgainWhileItIsTheSame() {
        Owner owner = owner("cached");
        Jws first = owner.registered(server, "cached@example.org");
        Answer page = page("cached@example.org");
        assertThat(page.header("Cache-Control")).isEqualTo("max-age=60, public");
        String tag = page.header("ETag");
        Answer again = server.get(PAGES + "cached@example.org", "Accept-Language", "en", "If-None-Match", tag);
        assertThat(again.status()).isEqualTo(304);
        assertThat(again.body()).isEmpty();
        assertThat(again.header("ETag")).isEqualTo(tag);
        assertThat(again.headers().allValues("Vary")).contains("Accept-Language");
        scene.clock().move(Duration.ofDays(1));
        owner.putBinding(server, owner.signed(first)
                .renew(owner.identity(), owner.now(), Owner.rnd())
                .sign(owner.phone)).is(201);
        assertThat(server.get(PAGES + "cached@example.org", "Accept-Language", "en", "If-None-Match", tag).status())
                .isEqualTo(200);
    }

    @Test
    void answersHeadAsItAnswersGet() {
        owner("head").registered(server, "head@example.org");
        for (String handle : List.of("head@example.org", "nobody@example.org")) {
            Answer get = page(handle);
            Answer head = server.send("HEAD", PAGES + handle, "", "", "Accept-Language", "en");
            assertThat(head.status()).isEqualTo(get.status());
            assertThat(head.body()).isEmpty();
            assertThat(withoutLength(head)).isEqualTo(withoutLength(get));
        }
    }

    private static Map<String, List<String>> withoutLength(Answer answer) {
        Map<String, List<String>> rest = new TreeMap<>(withoutDateAndId(answer.headers()));
        rest.remove("content-length");
        rest.remove("transfer-encoding");
        return rest;
    }

    @ParameterizedTest
    @CsvSource({"en,No such handle", "de,Kein solches Handle", "fr,Handle introuvable", "es,No existe ese handle"})
    void speaksTheReadersLanguage(String language, String unknown) {
        Answer nobody = server.get(PAGES + "nobody@example.org", "Accept-Language", language);
        assertThat(html(nobody, 404)).contains("<html lang=\"" + language + "\" dir=\"ltr\">", unknown);
        assertThat(nobody.header("Content-Language")).isEqualTo(language);
    }

    @Test
    void isAnotherInEachLanguage() {
        owner("polyglot").registered(server, "polyglot@example.org");
        Set<String> tags = new HashSet<>();
        for (String language : List.of("en", "de", "fr", "es")) {
            Answer page = server.get(PAGES + "polyglot@example.org", "Accept-Language", language);
            assertThat(html(page, 200)).contains("<html lang=\"" + language + "\" dir=\"ltr\">");
            tags.add(page.header("ETag"));
        }
        assertThat(tags).hasSize(4).doesNotContain("");
    }

    @Test
    void countsAsALookUp() {
        NamesServer limited = scene.start("signet.limits.enabled=true",
                "signet.limits.handle-reads-per-network=2 then 1 per 1h");
        assertThat(limited.get(PAGES + "nobody@example.org").status()).isEqualTo(404);
        limited.get(HANDLES + "nobody@example.org").refuses(404, "NOT_FOUND");
        Answer refused = limited.get(PAGES + "nobody@example.org", "Accept-Language", "en");
        assertThat(text(html(refused, 429))).contains("Too many requests");
        assertThat(Long.parseLong(refused.header("Retry-After"))).isBetween(1L, 3600L);
        limited.get(HANDLES + "nobody@example.org").refuses(429, "LIMIT_EXCEEDED");
    }

    @Test
    void linksToNoCardWhereNoLinkCould() {
        owner("local").registered(server, "local@example.org");
        for (String url : List.of("http://ns.example.org", "https://example.org/names")) {
            NamesServer there = scene.start("signet.names.public-url=" + url);
            String html = html(there.get(PAGES + "local@example.org"), 200);
            assertThat(html).doesNotContain("/c#").contains(">SIGNET:");
        }
        NamesServer loud = scene.start("signet.names.public-url=https://NS.Example.org/");
        assertThat(html(loud.get(PAGES + "local@example.org"), 200)).contains("href=\"https://ns.example.org/c#");
    }

    // The page behind the link of a card

    @Test
    void explainsTheLinkOfACard() {
        Answer page = server.get("/c", "Accept-Language", "en");
        assertThat(text(html(page, 200))).contains("A card of somebody", "validates nothing",
                "your browser does not send");
        assertThat(page.header("Cache-Control")).isEqualTo("max-age=3600, public");
        assertThat(server.get("/c", "Accept-Language", "en", "If-None-Match", page.header("ETag")).status())
                .isEqualTo(304);
        assertThat(server.send("HEAD", "/c", "", "").status()).isEqualTo(200);
        assertThat(html(server.get("/c", "Accept-Language", "de"), 200)).contains("Eine Karte von jemandem");
    }

    @Test
    void isThereOnlyWhereHandlesAre() {
        NamesServer none = scene.start("signet.names.domains=");
        assertThat(none.get("/c", "Accept-Language", "en").body()).isEqualTo(page("nobody@example.org").body());
        html(none.get("/c", "Accept-Language", "en"), 404);
    }

    // What pages of other origins may read

    @Test
    void letsPagesOfOtherOriginsSeeTheTag() {
        Owner owner = owner("origin");
        owner.registered(server, "origin@example.org");
        for (String read : List.of(HANDLES + "origin@example.org", IDENTITIES + owner.identity().id())) {
            Answer first = server.get(read, "Origin", "https://app.example.net");
            Answer again = server.get(read, "Origin", "https://app.example.net", "If-None-Match",
                    first.header("ETag"));
            assertThat(again.status()).isEqualTo(304);
            for (Answer answer : List.of(first, again)) {
                assertThat(answer.header("Access-Control-Allow-Origin")).isEqualTo("*");
                assertThat(answer.header("Access-Control-Expose-Headers")).isEqualTo("ETag");
            }
        }
    }
}
