package im.signet.standalone;

import im.signet.protocol.identifier.UserId;

import java.net.URI;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.springframework.jdbc.core.simple.JdbcClient;

import static org.assertj.core.api.Assertions.assertThat;

/** The running server: the headers that guard a browser stand on every answer, and names add nothing to a page or mail. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class WhatAttackersChooseIsHarmlessTest {

    private static final String V2 = "/_matrix/identity/v2";
    private static final Pattern TAG = Pattern.compile("<[!/?a-zA-Z][^>]*>");

    private Town town;

    @BeforeAll
    void start() {
        town = Town.start(Map.of("signet.validation.next-link-hosts", "app.example.org"));
    }

    @AfterAll
    void stop() {
        town.close();
    }

    private String signedIn(UserId user) {
        String token = town.register(user);
        town.acceptTerms(token);
        return token;
    }

    private static void isGuarded(Town.Reply reply, int status) {
        assertThat(reply.status()).as(reply.body()).isEqualTo(status);
        assertThat(reply.headers()).as("at " + status)
                .containsEntry("x-content-type-options", "nosniff")
                .containsEntry("x-frame-options", "DENY")
                .containsEntry("referrer-policy", "no-referrer")
                .containsEntry("cache-control", "no-store")
                .doesNotContainKeys("server", "x-powered-by", "set-cookie");
        assertThat(reply.headers().get("content-security-policy")).as("at " + status)
                .contains("default-src 'none'")
                .contains("frame-ancestors 'none'")
                .doesNotContain("unsafe");
    }

    /** Security CVE-2026-22732: headers that were missing from some answers. */
    @Test
    void guardsBrowsersWhateverItAnswers() throws InterruptedException {
        UserId user = town.homeserver.register("guarded");
        String unsigned = town.register(user);
        isGuarded(town.get(V2 + "/account", unsigned), 403);
        town.acceptTerms(unsigned);
        isGuarded(town.get(V2 + "/account", unsigned), 200);
        isGuarded(town.send("OPTIONS", V2 + "/account", "", "", "application/json"), 200);
        isGuarded(town.get(V2 + "/validate/email/submitToken?sid=x&client_secret=x&token=x", ""), 404);
        isGuarded(town.post(V2 + "/lookup", unsigned, "{"), 400);
        isGuarded(town.get(V2 + "/account", "wrong"), 401);
        isGuarded(town.get("/nowhere", ""), 404);
        isGuarded(town.get("/_matrix;a=b/identity/v2", ""), 400);
        isGuarded(town.send("DELETE", V2 + "/account", unsigned, "", "application/json"), 405);
        isGuarded(town.post(V2 + "/terms", unsigned, "x".repeat(600 * 1024)), 413);
        isGuarded(town.get("/" + "x".repeat(20_000), ""), 400);
        isGuarded(town.send("BREW", V2, "", "", "application/json"), 405);
        town.post(V2 + "/validate/email/requestToken", unsigned, "{\"client_secret\":\"secret\",\"email\":"
                + "\"guarded@example.org\",\"send_attempt\":1,\"next_link\":\"https://app.example.org/\"}");
        isGuarded(town.confirm(town.mailbox.awaitMailTo("guarded@example.org", Duration.ofSeconds(60))
                .links()
                .getFirst()), 200);
        JdbcClient jdbc = town.server().getBean(JdbcClient.class);
        jdbc.sql("ALTER TABLE terms.acceptance RENAME TO acceptance_elsewhere").update();
        try {
            isGuarded(town.get(V2 + "/account", unsigned), 500);
        } finally {
            jdbc.sql("ALTER TABLE terms.acceptance_elsewhere RENAME TO acceptance").update();
        }
    }

    private static List<String> tags(String html) {
        return TAG.matcher(html)
                .results()
                .map(tag -> tag.group().replaceAll("(value|href|action)=\"[^\"]*\"", "$1"))
                .toList();
    }

    private URI mailedTo(UserId asker, int number, Set<List<String>> mails) throws InterruptedException {
        String address = "victim" + number + "@example.org";
        UserId account = town.homeserver.register("account" + number);
        town.homeserver.answerUserInfoAs(asker);
        try {
            String token = signedIn(account);
            town.post(V2 + "/validate/email/requestToken", token,
                    "{\"client_secret\":\"secret\",\"email\":\"" + address + "\",\"send_attempt\":1}");
        } finally {
            town.homeserver.behave();
        }
        var mail = town.mailbox.awaitMailTo(address, Duration.ofSeconds(60));
        mails.add(tags(mail.html()));
        assertThat(mail.links()).hasSize(1);
        return mail.links().getFirst();
    }

    /** Sydent 1.0.3: HTML injection. The name of the user who asks is the one text that a stranger reads and did not choose. */
    @Test
    void takesNoUserIdForMarkup() throws InterruptedException {
        Set<List<String>> mails = new HashSet<>();
        Set<List<String>> pages = new HashSet<>();
        List<String> names = List.of("honest", "<script>alert(1)</script>", "\"><img-src=x-onerror=alert(1)>",
                "'><svg/onload=alert(1)>", "</p></body></html>", "<!--", "]]>", "&lt;b&gt;", "${7*7}", "[[${7*7}]]",
                "__${7*7}__", "//evil.example/");
        for (String name : names) {
            UserId asker = UserId.of("@" + name + ":" + town.homeserver.serverName());
            URI link = mailedTo(asker, names.indexOf(name), mails);
            Town.Reply page = town.get(link.toString(), "");
            isGuarded(page, 200);
            assertThat(page.body()).contains("<form");
            pages.add(tags(page.body()));
        }
        assertThat(mails).as("one shape of mail").hasSize(1);
        assertThat(pages).as("one shape of page").hasSize(1);
    }
}
