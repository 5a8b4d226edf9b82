package im.signet.terms;

import im.signet.demo.DemoHomeserver;
import im.signet.protocol.identifier.UserId;

import java.time.Duration;
import java.util.List;
import java.util.Locale;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static im.signet.terms.TermsServer.TERMS;
import static org.assertj.core.api.Assertions.assertThat;

/** A user reads the terms, agrees to them in whatever language, and is served from the very next request on. */
class AcceptTheTermsTest {

    private static final String TERMS_EN = "https://example.org/terms-2.1-en.html";
    private static final String TERMS_FR = "https://example.org/terms-2.1-fr.html";
    private static final String PRIVACY_EN = "https://example.org/privacy-1.0-en.html";
    private static final String PRIVACY_DE = "https://example.org/privacy-1.0-de.html";
    private static final String SETTINGS = """
            signet.terms.policies:
              terms_of_service:
                version: "2.1"
                fr: {name: "Conditions d'utilisation", url: "https://example.org/terms-2.1-fr.html"}
                en: {name: Terms of Service, url: "https://example.org/terms-2.1-en.html"}
              privacy_policy:
                version: "1.0"
                zh-Hant: {name: 隱私政策 <&">, url: "https://example.org/privacy-1.0-zh-Hant.html"}
                en: {name: Privacy Policy, url: "https://example.org/privacy-1.0-en.html"}
                de: {name: Datenschutzerklärung, url: "https://example.org/privacy-1.0-de.html"}
            """;

    private static Installation installation;
    private static TermsServer server;
    private static DemoHomeserver homeserver;

    private static int users;

    private UserId alice;
    private UserId bob;
    private String token;

    @BeforeAll
    static void start() {
        installation = Installation.fresh();
        server = installation.start(SETTINGS);
        homeserver = Installation.homeserver();
    }

    @BeforeEach
    void register() {
        alice = homeserver.register("alice" + ++users);
        bob = homeserver.register("bob" + users);
        token = server.tokenOf(homeserver, alice);
    }

    @AfterAll
    static void stop() {
        server.close();
        homeserver.close();
    }

    private static List<String> acceptedBy(UserId user) {
        return installation.texts(
                "SELECT concat_ws(' ', policy, version, language, url) FROM terms.acceptance WHERE user_id = ? ORDER BY id",
                user.value());
    }

    // In the order of the settings: what the operator puts first, clients show first.
    @Test
    void listsEveryPolicyInEveryLanguageInTheOrderOfTheSettings() {
        Answer terms = server.get(TERMS);
        terms.ok();
        assertThat(terms.body()).isEqualTo("{\"policies\":{"
                + "\"terms_of_service\":{\"version\":\"2.1\","
                + "\"fr\":{\"name\":\"Conditions d'utilisation\",\"url\":\"https://example.org/terms-2.1-fr.html\"},"
                + "\"en\":{\"name\":\"Terms of Service\",\"url\":\"https://example.org/terms-2.1-en.html\"}},"
                + "\"privacy_policy\":{\"version\":\"1.0\","
                + "\"zh-Hant\":{\"name\":\"隱私政策 <&\\\">\",\"url\":\"https://example.org/privacy-1.0-zh-Hant.html\"},"
                + "\"en\":{\"name\":\"Privacy Policy\",\"url\":\"https://example.org/privacy-1.0-en.html\"},"
                + "\"de\":{\"name\":\"Datenschutzerklärung\",\"url\":\"https://example.org/privacy-1.0-de.html\"}}}}");
    }

    @Test
    void listsTheTermsToAnybody() {
        server.get(TERMS).ok();
        server.get(TERMS, "Authorization", "Bearer nonsense").ok();
        server.get(TERMS, TermsServer.bearer(token)).ok();
    }

    @Test
    void wantsTheTermsAcceptedFirst() {
        server.account(token).is(403, "M_TERMS_NOT_SIGNED");
    }

    @Test
    void servesFromTheVeryNextRequestOn() {
        assertThat(server.accept(token, TERMS_EN, PRIVACY_EN).ok().members()).isEmpty();
        assertThat(server.account(token).ok().string("user_id")).contains(alice.value());
    }

    @Test
    void countsAnyOneLanguage() {
        server.accept(token, TERMS_FR, PRIVACY_DE).ok();
        server.account(token).ok();
        assertThat(acceptedBy(alice)).containsExactlyInAnyOrder("terms_of_service 2.1 fr " + TERMS_FR,
                "privacy_policy 1.0 de " + PRIVACY_DE);
    }

    @Test
    void stillWantsWhatIsLeft() {
        server.accept(token, TERMS_EN, TERMS_FR).ok();
        server.account(token).is(403, "M_TERMS_NOT_SIGNED");
        server.accept(token, PRIVACY_DE).ok();
        server.account(token).ok();
    }

    @Test
    void addsToWhatWasAcceptedAndNeverTakesAway() {
        server.accept(token, TERMS_EN, PRIVACY_EN).ok();
        server.accept(token).ok();
        server.accept(token, "https://example.org/unknown").ok();
        server.account(token).ok();
        server.accept(token, PRIVACY_DE).ok();
        assertThat(acceptedBy(alice)).hasSize(3);
    }

    @Test
    void remembersThatItWasAcceptedForEveryTokenOfTheUser() {
        server.accept(token, TERMS_EN, PRIVACY_EN).ok();
        server.logout(token).ok();
        server.account(server.tokenOf(homeserver, alice)).ok();
    }

    @Test
    void countsForNobodyElse() {
        server.accept(token, TERMS_EN, PRIVACY_EN).ok();
        server.account(server.tokenOf(homeserver, bob)).is(403, "M_TERMS_NOT_SIGNED");
        assertThat(acceptedBy(bob)).isEmpty();
    }

    @Test
    void passesOverUrlsThatItDoesNotKnow() {
        server.accept(token, "https://example.org/other", "", "javascript:alert(1)", "\u0000", TERMS_EN + "#",
                TERMS_EN.toUpperCase(Locale.ROOT), PRIVACY_EN).ok();
        assertThat(acceptedBy(alice)).containsExactly("privacy_policy 1.0 en " + PRIVACY_EN);
        server.account(token).is(403, "M_TERMS_NOT_SIGNED");
    }

    // Element sends all that was ever agreed to each time; a row for each would slow down each of the user's requests.
    @Test
    void keepsTheFirstOfEqualAgreements() {
        server.accept(token, TERMS_EN, TERMS_EN, PRIVACY_EN).ok();
        installation.clock().move(Duration.ofDays(1));
        for (int i = 0; i < 3; i++) {
            server.accept(token, TERMS_EN, PRIVACY_EN).ok();
        }
        assertThat(acceptedBy(alice)).hasSize(2);
        assertThat(installation.sql()
                .sql("SELECT count(DISTINCT accepted_at) FROM terms.acceptance WHERE user_id = ?")
                .param(alice.value())
                .query(Long.class)
                .single()).isEqualTo(1);
    }

    @Test
    void letsWhoDidNotAcceptLeave() {
        server.logout(token).ok();
        server.account(token).is(401, "M_UNAUTHORIZED");
    }

    @Test
    void asksForTheTokenBeforeTheTerms() {
        server.account("nonsense").is(401, "M_UNAUTHORIZED");
        server.accept("nonsense", TERMS_EN).is(401, "M_UNAUTHORIZED");
    }
}
