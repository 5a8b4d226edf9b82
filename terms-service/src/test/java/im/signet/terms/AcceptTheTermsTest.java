package im.signet.terms;

import im.signet.demo.DemoHomeserver;
import im.signet.protocol.identifier.UserId;

import java.time.Duration;
import java.util.List;
import java.util.Locale;

import org.junit.jupiter.api.AfterAll;
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

    private static final Installation INSTALLATION = Installation.fresh();
    private static final TermsServer SERVER = INSTALLATION.start(SETTINGS);
    private static final DemoHomeserver HOMESERVER = Installation.homeserver();

    private static int users;

    private final UserId alice = HOMESERVER.register("alice" + ++users);
    private final UserId bob = HOMESERVER.register("bob" + users);
    private String token = "";

    @BeforeEach
    void register() {
        token = SERVER.tokenOf(HOMESERVER, alice);
    }

    @AfterAll
    static void stop() {
        SERVER.close();
        HOMESERVER.close();
    }

    private static List<String> acceptedBy(UserId user) {
        return INSTALLATION.texts(
                "SELECT concat_ws(' ', policy, version, language, url) FROM terms.acceptance WHERE user_id = ? ORDER BY id",
                user.value());
    }

    // In the order of the settings: what the operator puts first, clients show first.
    @Test
    void listsEveryPolicyInEveryLanguageInTheOrderOfTheSettings() {
        Answer terms = SERVER.get(TERMS);
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
        SERVER.get(TERMS).ok();
        SERVER.get(TERMS, "Authorization", "Bearer nonsense").ok();
        SERVER.get(TERMS, TermsServer.bearer(token)).ok();
    }

    @Test
    void wantsTheTermsAcceptedFirst() {
        SERVER.account(token).is(403, "M_TERMS_NOT_SIGNED");
    }

    @Test
    void servesFromTheVeryNextRequestOn() {
        assertThat(SERVER.accept(token, TERMS_EN, PRIVACY_EN).ok().members()).isEmpty();
        assertThat(SERVER.account(token).ok().string("user_id")).contains(alice.value());
    }

    @Test
    void countsAnyOneLanguage() {
        SERVER.accept(token, TERMS_FR, PRIVACY_DE).ok();
        SERVER.account(token).ok();
        assertThat(acceptedBy(alice)).containsExactlyInAnyOrder("terms_of_service 2.1 fr " + TERMS_FR,
                "privacy_policy 1.0 de " + PRIVACY_DE);
    }

    @Test
    void stillWantsWhatIsLeft() {
        SERVER.accept(token, TERMS_EN, TERMS_FR).ok();
        SERVER.account(token).is(403, "M_TERMS_NOT_SIGNED");
        SERVER.accept(token, PRIVACY_DE).ok();
        SERVER.account(token).ok();
    }

    @Test
    void addsToWhatWasAcceptedAndNeverTakesAway() {
        SERVER.accept(token, TERMS_EN, PRIVACY_EN).ok();
        SERVER.accept(token).ok();
        SERVER.accept(token, "https://example.org/unknown").ok();
        SERVER.account(token).ok();
        SERVER.accept(token, PRIVACY_DE).ok();
        assertThat(acceptedBy(alice)).hasSize(3);
    }

    @Test
    void remembersThatItWasAcceptedForEveryTokenOfTheUser() {
        SERVER.accept(token, TERMS_EN, PRIVACY_EN).ok();
        SERVER.logout(token).ok();
        SERVER.account(SERVER.tokenOf(HOMESERVER, alice)).ok();
    }

    @Test
    void countsForNobodyElse() {
        SERVER.accept(token, TERMS_EN, PRIVACY_EN).ok();
        SERVER.account(SERVER.tokenOf(HOMESERVER, bob)).is(403, "M_TERMS_NOT_SIGNED");
        assertThat(acceptedBy(bob)).isEmpty();
    }

    @Test
    void passesOverUrlsThatItDoesNotKnow() {
        SERVER.accept(token, "https://example.org/other", "", "javascript:alert(1)", "\u0000", TERMS_EN + "#",
                TERMS_EN.toUpperCase(Locale.ROOT), PRIVACY_EN).ok();
        assertThat(acceptedBy(alice)).containsExactly("privacy_policy 1.0 en " + PRIVACY_EN);
        SERVER.account(token).is(403, "M_TERMS_NOT_SIGNED");
    }

    // Element sends all that was ever agreed to each time; a row for each would slow down each of the user's requests.
    @Test
    void keepsTheFirstOfEqualAgreements() {
        SERVER.accept(token, TERMS_EN, TERMS_EN, PRIVACY_EN).ok();
        INSTALLATION.clock().move(Duration.ofDays(1));
        for (int i = 0; i < 3; i++) {
            SERVER.accept(token, TERMS_EN, PRIVACY_EN).ok();
        }
        assertThat(acceptedBy(alice)).hasSize(2);
        assertThat(INSTALLATION.sql()
                .sql("SELECT count(DISTINCT accepted_at) FROM terms.acceptance WHERE user_id = ?")
                .param(alice.value())
                .query(Long.class)
                .single()).isEqualTo(1);
    }

    @Test
    void letsWhoDidNotAcceptLeave() {
        SERVER.logout(token).ok();
        SERVER.account(token).is(401, "M_UNAUTHORIZED");
    }

    @Test
    void asksForTheTokenBeforeTheTerms() {
        SERVER.account("nonsense").is(401, "M_UNAUTHORIZED");
        SERVER.accept("nonsense", TERMS_EN).is(401, "M_UNAUTHORIZED");
    }
}
