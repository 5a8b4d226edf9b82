package im.signet.terms;

import im.signet.demo.DemoHomeserver;
import im.signet.protocol.identifier.UserId;

import java.time.Duration;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static im.signet.terms.TermsServer.TERMS;
import static org.assertj.core.api.Assertions.assertThat;

/** The operator changes the settings and starts the server anew: who accepted what stays, and so do the tokens. */
class TermsAcrossRestartsTest {

    private static final String URL = "https://example.org/privacy-%s-en.html";

    private final Installation installation = Installation.fresh();
    private final DemoHomeserver homeserver = Installation.homeserver();
    private final UserId alice = homeserver.register("alice");

    @AfterEach
    void stop() {
        homeserver.close();
    }

    private TermsServer start(String version) {
        return installation.start("""
            signet.terms.policies:
              privacy_policy:
                version: "%s"
                en: {name: Privacy Policy, url: "https://example.org/privacy-%s-en.html"}
            """.formatted(version, version));
    }

    @Test
    void asksAgainForANewVersionAndNotForAnOldOne() {
        String token;
        try (TermsServer first = start("1.0")) {
            token = first.tokenOf(homeserver, alice);
            first.accept(token, URL.formatted("1.0")).ok();
            first.account(token).ok();
        }
        try (TermsServer unchanged = start("1.0")) {
            unchanged.account(token).ok();
        }
        try (TermsServer changed = start("1.1")) {
            changed.account(token).is(403, "M_TERMS_NOT_SIGNED");
            changed.accept(token, URL.formatted("1.0")).ok();
            changed.account(token).is(403, "M_TERMS_NOT_SIGNED");
            changed.accept(token, URL.formatted("1.1")).ok();
            changed.account(token).ok();
        }
        try (TermsServer back = start("1.0")) {
            back.account(token).ok();
        }
        try (TermsServer without = installation.start()) {
            without.account(token).ok();
        }
        assertThat(installation.rows("acceptance")).isEqualTo(2);
    }

    @Test
    void takesAnEarlierVersionUntilTheNewOneIsRequired() {
        String early;
        String late;
        try (TermsServer first = start("1.0")) {
            early = first.tokenOf(homeserver, alice);
            first.accept(early, URL.formatted("1.0")).ok();
        }
        // The installation's clock stands at 2026-11-21.
        try (TermsServer announced = installation.start("""
                signet.terms.policies:
                  privacy_policy:
                    version: "2.0"
                    required-from: 2026-11-23
                    en: {name: Privacy Policy, url: "https://example.org/privacy-2.0-en.html"}
                """)) {
            announced.account(early).ok();
            late = announced.tokenOf(homeserver, homeserver.register("late"));
            announced.account(late).is(403, "M_TERMS_NOT_SIGNED");
            announced.accept(late, URL.formatted("1.0")).ok();
            announced.account(late).is(403, "M_TERMS_NOT_SIGNED");
            announced.accept(late, URL.formatted("2.0")).ok();
            announced.account(late).ok();
            assertThat(announced.get(TERMS).body()).contains("\"2.0\"").doesNotContain("required");

            installation.clock().move(Duration.ofDays(2));
            announced.account(early).is(403, "M_TERMS_NOT_SIGNED");
            announced.account(late).ok();
            announced.accept(early, URL.formatted("2.0")).ok();
            announced.account(early).ok();
        }
    }

    @Test
    void gatesNothingWithoutPolicies() {
        try (TermsServer server = installation.start()) {
            Answer terms = server.get(TERMS);
            terms.ok();
            assertThat(terms.body()).isEqualTo("{\"policies\":{}}");
            String token = server.tokenOf(homeserver, alice);
            server.account(token).ok();
            server.accept(token, URL.formatted("1.0")).ok();
            server.account(token).ok();
            server.logout(token).ok();
        }
        assertThat(installation.rows("acceptance")).isZero();
    }

    // A server that makes new keys or forgets tokens when its folder is kept would log everybody out.
    @Test
    void letsATokenThatWasEndedStayEnded() {
        String ended;
        String kept;
        try (TermsServer server = installation.start()) {
            ended = server.tokenOf(homeserver, alice);
            kept = server.tokenOf(homeserver, alice);
            server.logout(ended).ok();
        }
        try (TermsServer server = installation.start()) {
            server.account(ended).is(401, "M_UNAUTHORIZED");
            server.account(kept).ok();
        }
    }
}
