package im.signet.terms;

import im.signet.demo.DemoHomeserver;
import im.signet.kit.token.AccessToken;
import im.signet.protocol.identifier.UserId;

import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static im.signet.terms.TermsServer.TERMS;
import static org.assertj.core.api.Assertions.assertThat;

/** A token lives for a while after it was last used, and its row not much longer than itself. */
class TokenLifetimeTest {

    private static final String SETTINGS = """
            signet:
              account.token-lifetime: 10d
              terms.policies:
                privacy_policy:
                  version: "1.0"
                  en: {name: Privacy Policy, url: "https://example.org/privacy-1.0-en.html"}
            """;
    private static final String POLICY = "https://example.org/privacy-1.0-en.html";

    private static Installation installation;
    private static TermsServer server;
    private static DemoHomeserver homeserver;
    private static UserId alice;
    private static MovableClock clock;

    private String token;

    @BeforeAll
    static void start() {
        installation = Installation.fresh();
        server = installation.start(SETTINGS);
        homeserver = Installation.homeserver();
        alice = homeserver.register("alice");
        clock = installation.clock();
    }

    @BeforeEach
    void register() {
        token = server.tokenOf(homeserver, alice);
    }

    @AfterAll
    static void stop() {
        server.close();
        homeserver.close();
    }

    private static Instant expiryOf(String token) {
        return installation.sql()
                .sql("SELECT expires_at FROM terms.access_token WHERE token_hash = ?")
                .param(new AccessToken(token).hash())
                .query(OffsetDateTime.class)
                .single()
                .toInstant();
    }

    private static long rowsOf(String token) {
        return installation.sql()
                .sql("SELECT count(*) FROM terms.access_token WHERE token_hash = ?")
                .param(new AccessToken(token).hash())
                .query(Long.class)
                .single();
    }

    @Test
    void livesAsLongAsTheSettingsSay() {
        server.accept(token, POLICY).ok();
        assertThat(expiryOf(token)).isEqualTo(clock.instant().plus(Duration.ofDays(10)));
        clock.move(Duration.ofDays(10).minusMillis(1));
        server.account(token).ok();
    }

    @Test
    void isDeadWhenItsTimeHasCome() {
        clock.move(Duration.ofDays(10));
        server.account(token).is(401, "M_UNAUTHORIZED");
        server.accept(token, POLICY).is(401, "M_UNAUTHORIZED");
        server.logout(token).is(401, "M_UNAUTHORIZED");
    }

    @Test
    void livesOnWhileItIsUsed() {
        server.accept(token, POLICY).ok();
        for (int i = 0; i < 5; i++) {
            clock.move(Duration.ofDays(9));
            server.account(token).ok();
            assertThat(expiryOf(token)).isEqualTo(clock.instant().plus(Duration.ofDays(10)));
        }
        clock.move(Duration.ofDays(10));
        server.account(token).is(401, "M_UNAUTHORIZED");
    }

    @Test
    void countsAUseThatOnlyMeetsTheTerms() {
        UserId bob = homeserver.register("bob");
        String bobs = server.tokenOf(homeserver, bob);
        clock.move(Duration.ofDays(9));
        server.account(bobs).is(403, "M_TERMS_NOT_SIGNED");
        clock.move(Duration.ofDays(9));
        server.account(bobs).is(403, "M_TERMS_NOT_SIGNED");
    }

    @Test
    void isNotUsedWhereNoneIsNeeded() {
        clock.move(Duration.ofDays(9));
        server.get(TERMS, TermsServer.bearer(token)).ok();
        clock.move(Duration.ofDays(1));
        server.account(token).is(401, "M_UNAUTHORIZED");
    }

    // A write on every request would be one too many.
    @Test
    void isWrittenNoMoreThanAHundredTimesInALife() {
        server.accept(token, POLICY).ok();
        Instant first = expiryOf(token);
        clock.move(Duration.ofHours(2));
        server.account(token).ok();
        assertThat(expiryOf(token)).isEqualTo(first);
        clock.move(Duration.ofHours(1));
        server.account(token).ok();
        assertThat(expiryOf(token)).isEqualTo(first.plus(Duration.ofHours(3)));
    }

    @Test
    void isDeletedWhenItHasExpired() {
        String stays = server.tokenOf(homeserver, alice);
        clock.move(Duration.ofDays(9));
        server.accept(stays, POLICY).ok();
        clock.move(Duration.ofDays(1));
        Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> rowsOf(token) == 0);
        assertThat(rowsOf(stays)).isEqualTo(1);
        server.account(stays).ok();
    }
}
