package im.signet.terms;

import im.signet.demo.DemoHomeserver;
import im.signet.demo.walk.PageForm;
import im.signet.kit.holding.Ending;
import im.signet.kit.journal.JournalReading;
import im.signet.kit.key.KeyFiles;
import im.signet.kit.key.Sealing;
import im.signet.protocol.identifier.UserId;
import im.signet.protocol.json.JsonObject;
import im.signet.protocol.json.StrictJson;
import im.signet.terms.acceptance.Acceptances;
import im.signet.terms.overview.RestoredEndings;

import java.net.URI;
import java.security.SecureRandom;
import java.sql.Connection;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.BooleanSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.transaction.support.TransactionTemplate;

import static im.signet.terms.TermsServer.bearer;
import static org.assertj.core.api.Assertions.assertThat;

/** Users see what is kept of them, take their consent back and are erased; nobody else can do it for them. */
class OverviewTest {

    private static final String MANAGE = "/_signet/terms/manage";
    private static final String END = "/_signet/terms/end";
    private static final String TERMS_1 = "https://example.org/terms-1-en.html";
    private static final Pattern VIEW = Pattern.compile("name=\"view\" value=\"([A-Za-z0-9_-]{43})\"");

    private final Installation installation = Installation.fresh();
    private final DemoHomeserver homeserver = Installation.homeserver();
    private final FakeHoldings addresses = new FakeHoldings("identity");
    private final FakeHoldings names = new FakeHoldings("names");
    private TermsServer server = start();
    private final UserId alice = homeserver.register("alice");
    private final UserId bob = homeserver.register("bob");

    @AfterEach
    void stop() {
        server.close();
        homeserver.close();
    }

    private TermsServer start() {
        return start("");
    }

    /** Starts it with more about its one policy. */
    private TermsServer start(String more) {
        installation.knows(addresses);
        installation.knows(names);
        return installation.start("""
                signet.terms.policies:
                  terms_of_service:
                    version: "1"
                    %s
                    en: {name: Terms of Service, url: "%s"}
                """.formatted(more, TERMS_1));
    }

    // Steps

    private String signedIn(UserId user) {
        String token = server.tokenOf(homeserver, user);
        server.accept(token, TERMS_1).ok();
        return token;
    }

    private String link(String token) {
        URI url = URI.create(server.post(MANAGE, "", bearer(token)).ok().string("url").orElseThrow());
        return url.getRawPath() + "?" + url.getRawQuery();
    }

    private Answer form(String path, String... fields) {
        List<String> body = new ArrayList<>();
        for (int i = 0; i < fields.length; i += 2) {
            body.add(fields[i] + "=" + fields[i + 1]);
        }
        return server.post(path, String.join("&", body), "Content-Type", "application/x-www-form-urlencoded");
    }

    /** Presses the only button of a page. */
    private Answer press(Answer page) {
        assertThat(page.status()).as(page.body()).isEqualTo(200);
        PageForm form = PageForm.in(page.body()).getFirst();
        return server.post(form.action(), form.encoded(), "Content-Type", "application/x-www-form-urlencoded");
    }

    private Answer overview(String token) {
        return press(server.get(link(token)));
    }

    private static String view(Answer page) {
        Matcher view = VIEW.matcher(page.body());
        assertThat(view.find()).as(page.body()).isTrue();
        return view.group(1);
    }

    /** Has the link sent that confirms an ending; returns it. */
    private String confirmationLink(String token, UserId user, String ending) {
        Answer sent = form(MANAGE + "/end/send", "view", view(overview(token)), "ending", ending, "address",
                "identity/a1");
        assertThat(sent.status()).as(sent.body()).isEqualTo(200);
        FakeHoldings.Sent last = addresses.sent.getLast();
        assertThat(last.user()).isEqualTo(user);
        return last.link().url().getRawPath() + "?" + last.link().url().getRawQuery();
    }

    private void aliceHasAnAddress() {
        addresses.keep(alice, "a1", "a\u2022\u2022\u2022@e\u2022\u2022\u2022.org", installation.clock().instant());
        installation.clock().move(Duration.ofSeconds(1));
    }

    private static void await(String what, BooleanSupplier holds) {
        for (int i = 0; i < 1200 && !holds.getAsBoolean(); i++) {
            try {
                Thread.sleep(25);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException(e);
            }
        }
        assertThat(holds.getAsBoolean()).as(what).isTrue();
    }

    private long letters() {
        return installation.sql()
                .sql("SELECT count(*) FROM terms.scheduled_tasks WHERE task_name = 'end-holdings'")
                .query(Long.class)
                .single();
    }

    private static <T> List<T> atOnce(int times, Callable<T> what) throws Exception {
        try (ExecutorService threads = Executors.newFixedThreadPool(times)) {
            List<T> results = new ArrayList<>();
            for (Future<T> result : threads.invokeAll(Collections.nCopies(times, what))) {
                results.add(result.get());
            }
            return results;
        }
    }

    private static void isAPage(Answer answer, int status) {
        assertThat(answer.status()).as(answer.body()).isEqualTo(status);
        assertThat(answer.header("Content-Type")).isEqualTo("text/html;charset=UTF-8");
        assertThat(answer.header("Content-Security-Policy")).contains("default-src 'none'", "form-action 'self'");
        assertThat(answer.header("Cache-Control")).isEqualTo("no-store");
        assertThat(answer.header("Referrer-Policy")).isEqualTo("no-referrer");
        assertThat(answer.headers().map()).doesNotContainKey("set-cookie");
        assertThat(answer.body()).doesNotContain("<script", " th:", "signet:text");
    }

    // The link

    @Test
    void isReachedByALinkThatWorksOnce() {
        String token = signedIn(alice);
        JsonObject answer = server.post(MANAGE, "", bearer(token)).ok();
        assertThat(answer.integer("expires_in_ms")).contains(300_000L);
        assertThat(answer.string("url").orElseThrow()).startsWith(Installation.PUBLIC_URL + MANAGE + "?token=");
        URI url = URI.create(answer.string("url").orElseThrow());
        String path = url.getRawPath() + "?" + url.getRawQuery();
        // Link scanners open links, again and again.
        for (int i = 0; i < 3; i++) {
            Answer page = server.get(path);
            isAPage(page, 200);
            assertThat(page.body()).doesNotContain(alice.value());
        }
        Answer page = server.get(path);
        Answer overview = press(page);
        isAPage(overview, 200);
        assertThat(overview.body()).contains(alice.value());
        isAPage(press(page), 404);
        isAPage(server.get(path), 404);
    }

    @Test
    void opensForOneOfManyAtOnce() throws Exception {
        String secret = link(signedIn(alice)).replaceAll(".*=", "");
        List<Integer> statuses = atOnce(64, () -> form(MANAGE + "/open", "token", secret).status());
        assertThat(statuses).containsOnly(200, 404);
        assertThat(statuses).filteredOn(status -> status == 200).hasSize(1);
    }

    @Test
    void runsOut() {
        String token = signedIn(alice);
        String link = link(token);
        Answer page = server.get(link);
        installation.clock().move(Duration.ofMinutes(5));
        isAPage(server.get(link), 404);
        isAPage(press(page), 404);
        String view = view(overview(token));
        installation.clock().move(Duration.ofMinutes(14));
        isAPage(form(MANAGE + "/view", "view", view), 200);
        installation.clock().move(Duration.ofMinutes(1));
        for (String path : List.of("/view", "/receipts", "/token/others", "/end")) {
            isAPage(form(MANAGE + path, "view", view, "ending", "withdrawn"), 403);
        }
    }

    @Test
    void endsWithTheTokenThatAskedForIt() {
        String token = signedIn(alice);
        String other = signedIn(alice);
        String unused = link(token);
        String view = view(overview(token));
        server.logout(token).ok();
        isAPage(server.get(unused), 404);
        isAPage(form(MANAGE + "/view", "view", view), 403);
        isAPage(form(MANAGE + "/token/others", "view", view), 403);
        server.account(other).ok();
        assertThat(installation.rows("overview_secret")).isZero();
    }

    @Test
    void takesNothingElseForASecret() {
        String token = signedIn(alice);
        String unused = link(token).replaceAll(".*=", "");
        String view = view(overview(token));
        for (String wrong : List.of("", "x", "A".repeat(43), "A".repeat(5000), view, token)) {
            isAPage(server.get(MANAGE + "?token=" + wrong), 404);
            isAPage(form(MANAGE + "/open", "token", wrong), 404);
            isAPage(server.get(END + "?token=" + wrong), 404);
            isAPage(form(END + "/confirm", "token", wrong), 404);
        }
        for (String wrong : List.of("", "x", unused, token)) {
            isAPage(form(MANAGE + "/view", "view", wrong), 403);
            isAPage(form(MANAGE + "/end/confirm", "view", wrong, "ending", "erased", "sure", "yes"), 403);
        }
        isAPage(form(MANAGE + "/open"), 404);
        server.account(token).ok();
        assertThat(installation.rows("withdrawal")).isZero();
    }

    @Test
    void keepsNoSecretButItsHash() {
        String token = signedIn(alice);
        String unused = link(token).replaceAll(".*=", "");
        String view = view(overview(token));
        assertThat(installation.texts("SELECT t::text FROM terms.overview_secret t")).hasSize(2)
                .noneMatch(row -> row.contains(unused) || row.contains(view) || row.contains(token));
    }

    @Test
    void isGivenOutOnlySoOften() {
        String token = server.tokenOf(homeserver, alice);
        for (int i = 0; i < 10; i++) {
            link(token);
        }
        Answer refused = server.post(MANAGE, "", bearer(token));
        assertThat(refused.status()).isEqualTo(429);
        assertThat(refused.json().string("errcode")).contains("M_LIMIT_EXCEEDED");
        link(server.tokenOf(homeserver, bob));
        server.post(MANAGE, "").is(401, "M_UNAUTHORIZED");
    }

    // What it shows

    @Test
    void showsWhatWasAcceptedAndWhoIsLoggedIn() {
        String token = signedIn(alice);
        signedIn(alice);
        aliceHasAnAddress();
        String page = overview(token).body();
        assertThat(page).contains("Terms of Service", TERMS_1, "In force",
                "a\u2022\u2022\u2022@e\u2022\u2022\u2022.org",
                "This app asked for this page", "Log out all others");
        String jws = server.get("/_signet/terms/receipts", bearer(token))
                .ok()
                .array("receipts")
                .orElseThrow()
                .items()
                .stream()
                .map(JsonObject.class::cast)
                .findFirst()
                .flatMap(receipt -> receipt.string("receipt"))
                .orElseThrow();
        assertThat(page).contains(jws);
        Answer receipts = form(MANAGE + "/receipts", "view", view(overview(token)));
        assertThat(receipts.header("Content-Disposition")).startsWith("attachment");
        assertThat(StrictJson.parseObject(receipts.body())
                .orElseThrow()
                .array("receipts")
                .orElseThrow()
                .items()).hasSize(1);
        assertThat(receipts.body()).contains(jws);
    }

    @Test
    void isInTheReadersLanguage() {
        String token = signedIn(alice);
        String path = link(token);
        assertThat(server.get(path, "Accept-Language", "de").body()).contains("<html lang=\"de\"", "Anzeigen");
    }

    @Test
    void saysWhichServiceDoesNotAnswer() {
        addresses.down = true;
        assertThat(overview(signedIn(alice)).body()).contains("does not answer right now", "identity");
    }

    // Tokens

    @Test
    void endsTokensOfItsUserAndNoOthers() {
        String token = signedIn(alice);
        String old = signedIn(alice);
        String bobs = signedIn(bob);
        String bobsId = tokenIds(overview(bobs)).getFirst();
        Answer page = overview(token);
        assertThat(tokenIds(page)).hasSize(2);
        form(MANAGE + "/token/end", "view", view(page), "id", bobsId);
        server.account(bobs).ok();
        isAPage(form(MANAGE + "/token/others", "view", view(page)), 200);
        server.account(old).is(401, "M_UNAUTHORIZED");
        server.account(token).ok();
        server.account(bobs).ok();
        Answer last = form(MANAGE + "/token/end", "view", view(page), "id", tokenIds(overview(token)).getFirst());
        isAPage(last, 403);
        server.account(token).is(401, "M_UNAUTHORIZED");
    }

    private static List<String> tokenIds(Answer page) {
        return PageForm.in(page.body())
                .stream()
                .filter(form -> form.action().endsWith("/token/end"))
                .map(form -> form.fields().getOrDefault("id", ""))
                .toList();
    }

    // Withdrawing

    @Test
    void withdrawsOnThePageWhereThereIsNoAddress() {
        String token = signedIn(alice);
        String view = view(overview(token));
        Answer sure = form(MANAGE + "/end", "view", view, "ending", "withdrawn");
        isAPage(sure, 200);
        assertThat(sure.body()).contains("type=\"checkbox\"");
        isAPage(form(MANAGE + "/end/confirm", "view", view, "ending", "withdrawn"), 400);
        isAPage(form(MANAGE + "/end/confirm", "view", view, "ending", "nonsense", "sure", "yes"), 400);
        server.account(token).ok();
        isAPage(form(MANAGE + "/end/confirm", "view", view, "ending", "withdrawn", "sure", "yes"), 200);
        server.account(token).is(401, "M_UNAUTHORIZED");
        isAPage(form(MANAGE + "/view", "view", view), 403);
        assertThat(installation.texts("SELECT user_id FROM terms.withdrawal")).containsExactly(alice.value());
        await("both services heard it", () -> addresses.ended.size() == 1 && names.ended.size() == 1);
        assertThat(names.ended.getFirst().ending()).isEqualTo(Ending.WITHDRAWN);
    }

    @Test
    void letsWhoComesBackAcceptAnew() {
        String token = signedIn(alice);
        form(MANAGE + "/end/confirm", "view", view(overview(token)), "ending", "withdrawn", "sure", "yes");
        String again = server.tokenOf(homeserver, alice);
        server.account(again).is(403, "M_TERMS_NOT_SIGNED");
        installation.clock().move(Duration.ofSeconds(5));
        server.accept(again, TERMS_1).ok();
        server.account(again).ok();
        server.accept(again, TERMS_1).ok();
        assertThat(server.get("/_signet/terms/receipts", bearer(again)).ok().array("receipts").orElseThrow().items())
                .hasSize(2);
        assertThat(overview(again).body()).contains("Withdrawn by you", "In force");
        form(MANAGE + "/end/confirm", "view", view(overview(again)), "ending", "withdrawn", "sure", "yes");
        server.account(server.tokenOf(homeserver, alice)).is(403, "M_TERMS_NOT_SIGNED");
    }

    @Test
    void asksTheOwnerOfAnAddressToConfirm() {
        aliceHasAnAddress();
        String token = signedIn(alice);
        String view = view(overview(token));
        Answer choose = form(MANAGE + "/end", "view", view, "ending", "withdrawn");
        isAPage(choose, 200);
        assertThat(choose.body()).contains("a\u2022\u2022\u2022@e\u2022\u2022\u2022.org", "value=\"identity/a1\"");
        // With the token alone it cannot be done.
        isAPage(form(MANAGE + "/end/confirm", "view", view, "ending", "withdrawn", "sure", "yes"), 503);
        String link = confirmationLink(token, alice, "withdrawn");
        for (int i = 0; i < 3; i++) {
            Answer look = server.get(link);
            isAPage(look, 200);
            assertThat(look.body()).contains(alice.value(), "An app that is logged in");
        }
        server.account(token).ok();
        Answer page = server.get(link);
        isAPage(press(page), 200);
        server.account(token).is(401, "M_UNAUTHORIZED");
        isAPage(press(page), 404);
        isAPage(server.get(link), 404);
        await("the address is gone", () -> addresses.of(alice).isEmpty());
    }

    @Test
    void confirmsOnceHoweverManyPressAtOnce() throws Exception {
        aliceHasAnAddress();
        String token = signedIn(alice);
        String first = confirmationLink(token, alice, "withdrawn").replaceAll(".*=", "");
        String second = confirmationLink(token, alice, "erased").replaceAll(".*=", "");
        List<Integer> statuses = new ArrayList<>();
        List<Integer> others = new ArrayList<>();
        Thread at = Thread.ofVirtual().start(() -> {
            try {
                others.addAll(atOnce(32, () -> form(END + "/confirm", "token", second).status()));
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        });
        statuses.addAll(atOnce(32, () -> form(END + "/confirm", "token", first).status()));
        at.join();
        statuses.addAll(others);
        assertThat(statuses).hasSize(64).containsOnly(200, 404);
        assertThat(statuses).filteredOn(status -> status == 200).hasSize(1);
        server.account(token).is(401, "M_UNAUTHORIZED");
    }

    @Test
    void sendsToAddressesOfTheUserOnly() {
        aliceHasAnAddress();
        String bobsView = view(overview(signedIn(bob)));
        addresses.keep(bob, "b1", "b\u2022\u2022\u2022@e\u2022\u2022\u2022.org", installation.clock().instant());
        for (String foreign : List.of("identity/a1", "names/b1", "identity/", "b1", "/", "identity/b1/x", "")) {
            isAPage(form(MANAGE + "/end/send", "view", bobsView, "ending", "erased", "address", foreign), 400);
        }
        assertThat(addresses.sent).isEmpty();
        isAPage(form(MANAGE + "/end/send", "view", bobsView, "ending", "erased", "address", "identity/b1"), 200);
        addresses.willing = false;
        isAPage(form(MANAGE + "/end/send", "view", bobsView, "ending", "erased", "address", "identity/b1"), 400);
    }

    @Test
    void doesNotLetAThiefConfirmByAnAddressOfTheirOwn() {
        aliceHasAnAddress();
        installation.clock().move(Duration.ofDays(30));
        String stolen = signedIn(alice);
        addresses.keep(alice, "thief", "t\u2022\u2022\u2022@e\u2022\u2022\u2022.net", installation.clock().instant());
        String view = view(overview(stolen));
        assertThat(form(MANAGE + "/end", "view", view, "ending", "erased").body()).doesNotContain("identity/thief")
                .contains("identity/a1", "last seven days");
        isAPage(form(MANAGE + "/end/send", "view", view, "ending", "erased", "address", "identity/thief"), 400);
        installation.clock().move(Duration.ofDays(7));
        view = view(overview(stolen));
        assertThat(form(MANAGE + "/end", "view", view, "ending", "erased").body()).contains("identity/thief");
    }

    @Test
    void sendsOnlySoMany() {
        aliceHasAnAddress();
        String view = view(overview(signedIn(alice)));
        for (int i = 0; i < 3; i++) {
            isAPage(form(MANAGE + "/end/send", "view", view, "ending", "erased", "address", "identity/a1"), 200);
        }
        isAPage(form(MANAGE + "/end/send", "view", view, "ending", "erased", "address", "identity/a1"), 429);
        assertThat(addresses.sent).hasSize(3);
    }

    @Test
    void isConfirmedWithinAnHourWhileTheTokenLives() {
        aliceHasAnAddress();
        String token = signedIn(alice);
        String late = confirmationLink(token, alice, "erased");
        installation.clock().move(Duration.ofHours(1));
        isAPage(server.get(late), 404);
        isAPage(form(END + "/confirm", "token", late.replaceAll(".*=", "")), 404);
        String orphaned = confirmationLink(token, alice, "erased");
        server.logout(token).ok();
        isAPage(form(END + "/confirm", "token", orphaned.replaceAll(".*=", "")), 404);
        assertThat(installation.rows("acceptance")).isOne();
    }

    @Test
    void endsNothingWhileAServiceCannotBeAsked() {
        String token = signedIn(alice);
        String view = view(overview(token));
        names.down = true;
        for (String path : List.of("/end", "/end/send", "/end/confirm")) {
            isAPage(form(MANAGE + path, "view", view, "ending", "erased", "sure", "yes", "address", "identity/a1"),
                    503);
        }
        server.account(token).ok();
        assertThat(installation.rows("acceptance")).isOne();
    }

    // Erasing

    @Test
    void keepsNothingOfWhoWasErased() {
        aliceHasAnAddress();
        String token = signedIn(alice);
        form(MANAGE + "/view", "view", view(overview(token)));
        isAPage(press(server.get(confirmationLink(token, alice, "erased"))), 200);
        server.account(token).is(401, "M_UNAUTHORIZED");
        await("both services heard it", () -> addresses.ended.size() == 1 && names.ended.size() == 1);
        assertThat(addresses.ended.getFirst().ending()).isEqualTo(Ending.ERASED);
        for (String table : installation.texts("SELECT tablename FROM pg_tables WHERE schemaname = 'terms'")) {
            assertThat(installation.texts("SELECT t::text FROM terms." + table + " t")).as(table)
                    .noneMatch(row -> row.contains(alice.value()));
        }
        assertThat(installation.rows("receipt")).isZero();
        String again = server.tokenOf(homeserver, alice);
        server.account(again).is(403, "M_TERMS_NOT_SIGNED");
        server.accept(again, TERMS_1).ok();
        server.account(again).ok();
    }

    // Outages

    @Test
    void tellsAServiceThatWasDownAndSparesWhatCameAfterTheReturn() {
        aliceHasAnAddress();
        String token = signedIn(alice);
        Answer page = server.get(confirmationLink(token, alice, "withdrawn"));
        addresses.down = true;
        isAPage(press(page), 200);
        await("the other service heard it", () -> names.ended.size() == 1);
        installation.clock().move(Duration.ofMinutes(2));
        Instant returned = installation.clock().instant();
        signedIn(alice);
        installation.clock().move(Duration.ofMinutes(2));
        addresses.keep(alice, "a2", "n\u2022\u2022\u2022@e\u2022\u2022\u2022.org", installation.clock().instant());
        // Killed and started again, with what is to be told still in the database.
        server.close();
        assertThat(letters()).isPositive();
        addresses.down = false;
        server = start();
        installation.clock().move(Duration.ofMinutes(20));
        await("all was told", () -> letters() == 0);
        assertThat(addresses.ended).isNotEmpty().allMatch(call -> call.before().equals(returned));
        assertThat(addresses.of(alice)).extracting(holding -> holding.id()).containsExactly("a2");
    }

    @Test
    void tellsOnceMoreForWhatWasUnderWay() {
        String token = signedIn(alice);
        form(MANAGE + "/end/confirm", "view", view(overview(token)), "ending", "withdrawn", "sure", "yes");
        await("it was told", () -> names.ended.size() == 1);
        assertThat(letters()).isEqualTo(2);
        installation.clock().move(Duration.ofMinutes(1));
        await("it was told again", () -> letters() == 0);
        assertThat(names.ended).hasSize(2);
    }

    // The names ask for no terms here: whoever registers again has begun anew there.
    @Test
    void sparesWhatWasBegunWhereNoTermsAreAskedFor() {
        server.close();
        server = start("services: [identity]");
        String token = signedIn(alice);
        form(MANAGE + "/end/confirm", "view", view(overview(token)), "ending", "withdrawn", "sure", "yes");
        await("all heard it", () -> names.ended.size() == 1 && addresses.ended.size() == 1);
        installation.clock().move(Duration.ofSeconds(30));
        Instant returned = installation.clock().instant();
        server.tokenOf(homeserver, alice);
        installation.clock().move(Duration.ofSeconds(45));
        await("all heard it again", () -> letters() == 0);
        assertThat(names.ended.getLast().before()).isEqualTo(returned);
        assertThat(addresses.ended.getLast().before()).isEqualTo(installation.clock().instant());
    }

    @Test
    void endsWithoutAnyOtherService() {
        Installation alone = Installation.fresh();
        try (TermsServer small = alone.start()) {
            String token = small.tokenOf(homeserver, alice);
            String path = URI.create(small.post(MANAGE, "", bearer(token)).ok().string("url").orElseThrow())
                    .getRawQuery();
            Answer page = small.post(MANAGE + "/open", path, "Content-Type", "application/x-www-form-urlencoded");
            Answer done = small.post(MANAGE + "/end/confirm",
                    "ending=erased&sure=yes&view=" + view(page), "Content-Type", "application/x-www-form-urlencoded");
            isAPage(done, 200);
            small.account(token).is(401, "M_UNAUTHORIZED");
        }
    }

    // A restore

    @Test
    void isToldToServicesThatHadNotHeardOfItWhenTheDatabaseWasLost() throws Exception {
        addresses.down = true;
        names.down = true;
        for (UserId user : List.of(alice, bob)) {
            signedIn(user);
        }
        Instant since = installation.clock().instant();
        installation.clock().move(Duration.ofSeconds(10));
        server.part(TransactionTemplate.class).executeWithoutResult(_ -> {
            server.part(Acceptances.class).withdraw(alice);
            server.part(Acceptances.class).forget(bob);
        });
        Instant ended = installation.clock().instant();
        server.close();
        // As a backup from before has it.
        installation.sql().sql("UPDATE terms.acceptance SET withdrawal_id = NULL").update();
        installation.sql().sql("DELETE FROM terms.withdrawal").update();
        installation.sql().sql("DELETE FROM terms.scheduled_tasks").update();
        accepted(bob, since);
        KeyFiles keys = new KeyFiles(installation.folder().resolve("data/keys"));
        try (Connection connection = installation.connection()) {
            assertThat(new RestoredEndings(keys.read("journal").orElseThrow(),
                    new Sealing(keys.read("outbox").orElseThrow(), new SecureRandom()), new SecureRandom())
                    .replay(connection, "terms",
                            JournalReading.of(List.of(installation.folder().resolve("data/journal"))), since))
                    .isEqualTo(2);
        }
        assertThat(letters()).isEqualTo(2);
        addresses.down = false;
        installation.clock().move(Duration.ofMinutes(10));
        server = start();
        // One does not answer yet: the other is told again, which does no harm.
        await("the one that answers", () -> addresses.ended.size() >= 2);
        names.down = false;
        await("all", () -> {
            // A try that failed may be noted only now: each counts its pause from there.
            installation.clock().move(Duration.ofSeconds(5));
            return letters() == 0;
        });
        for (FakeHoldings service : List.of(addresses, names)) {
            assertThat(service.ended).contains(new FakeHoldings.Ended(alice, Ending.WITHDRAWN, ended),
                    new FakeHoldings.Ended(bob, Ending.ERASED, ended));
        }
    }

    private void accepted(UserId user, Instant at) {
        installation.sql()
                .sql("""
                        INSERT INTO terms.acceptance (user_id, policy, version, language, url, accepted_at)
                        VALUES (?, 'terms_of_service', '1', 'en', ?, ?)""")
                .params(user.value(), TERMS_1, at.atOffset(ZoneOffset.UTC))
                .update();
    }
}
