package im.signet.client;

import im.signet.protocol.json.StrictJson;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class ConnectionTest {
    private final Scene scene = new Scene();
    private final IdentityServer server = scene.server();
    private final Terms terms = Scene.terms(server);
    private final Consent<Purpose.DiscoverContacts> consent = Scene.fullConsent(terms, Purpose.DISCOVER_CONTACTS);

    private Connection connect() {
        scene.forget();
        return server.connect(consent, Scene.openId());
    }

    private Session connected() {
        scene.forget();
        return scene.connect(server, consent);
    }

    @Test
    void registersAcceptsAndAsksWhoItIs() {
        Session session = connected();

        assertThat(session.userId()).isEqualTo(Scene.ALICE);
        assertThat(session.accessToken().reveal()).isEqualTo(Scene.TOKEN);
        assertThat(scene.wire.routes())
                .containsExactly("POST /v2/account/register", "POST /v2/terms", "GET /v2/account");
        assertThat(scene.wire.bodies("POST /v2/account/register"))
                .containsExactly(StrictJson.parseObject(Scene.OPEN_ID).orElseThrow());
        assertThat(scene.wire.bodies("POST /v2/terms")).containsExactly(StrictJson
                .parseObject(
                        """
                {"user_accepts":["https://id.example.org/privacy-1.2-en.html","https://id.example.org/terms-5-en.html"]}""")
                .orElseThrow());
    }

    @Test
    void showsTheTokenInTheHeaderOnly() {
        connected();

        assertThat(scene.wire.only("POST /v2/account/register").headers()).doesNotContainKey("Authorization");
        assertThat(scene.wire.only("GET /v2/account").headers()).containsEntry("Authorization",
                "Bearer " + Scene.TOKEN);
        assertThat(scene.wire.only("GET /v2/account").url().getQuery()).isNull();
        assertThat(scene.wire.only("GET /v2/account").toString()).doesNotContain(Scene.TOKEN);
    }

    @Test
    void takesTheTokenUnderItsOldName() {
        scene.wire.instead("POST /v2/account/register", 200, "{\"access_token\":\"old\"}");
        assertThat(connected().accessToken().reveal()).isEqualTo("old");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "{\"token\":1}", "{\"token\":\"\"}", "{\"token\":\"a\\r\\nX-Injected: 1\"}", "[]",
        "null", "",
        "<html>"})
    void doesNotTakeAnythingElseForAToken(String answer) {
        scene.wire.instead("POST /v2/account/register", 200, answer);

        assertThat(connect()).isInstanceOf(Failure.Malformed.class);
        assertThat(scene.wire.routes()).containsExactly("POST /v2/account/register");
    }

    @Test
    void tellsThatTheOpenIdTokenWasRefused() {
        scene.wire.instead("POST /v2/account/register", 401, Scene.error("M_UNAUTHORIZED"));
        assertThat(connect()).isEqualTo(new Failure.Refused(401, "M_UNAUTHORIZED", "no"));
    }

    @Test
    void sendsNoEmptyAcceptance() {
        scene.wire.instead("GET /v2/terms", 200, "{\"policies\":{}}");
        scene.connect(server, Scene.fullConsent(Scene.terms(server), Purpose.DISCOVER_CONTACTS));

        assertThat(scene.wire.all("POST /v2/terms")).isEmpty();
    }

    @Test
    void tellsWhichTermsTheUserLeftOutAndGivesTheTokenBack() {
        scene.wire.instead("GET /v2/account", 403, Scene.error("M_TERMS_NOT_SIGNED"));
        Policy privacy = terms.policy("privacy_policy").orElseThrow();
        Consent<?> partial = terms.consentTo(Purpose.DISCOVER_CONTACTS).accept(privacy, "fr").give();
        scene.forget();

        Connection connection = server.connect(partial, Scene.openId());

        assertThat(connection).isInstanceOf(Failure.TermsOutstanding.class);
        assertThat(((Failure.TermsOutstanding) connection).outstanding()).extracting(Policy::id)
                .containsExactly("terms_of_service");
        assertThat(scene.wire.routes()).containsExactly("POST /v2/account/register", "POST /v2/terms",
                "GET /v2/account",
                "GET /v2/terms", "POST /v2/account/logout");
    }

    @Test
    void namesAllTermsWhenTheServerForgotTheAcceptance() {
        scene.wire.instead("GET /v2/account", 403, Scene.error("M_TERMS_NOT_SIGNED"));

        assertThat(((Failure.TermsOutstanding) connect()).outstanding()).hasSize(2);
    }

    @Test
    void aRefusalOverTermsThatAreNotStatedStaysARefusal() {
        scene.wire.instead("GET /v2/account", 403, Scene.error("M_TERMS_NOT_SIGNED"))
                .instead("GET /v2/terms", 500, "oops");

        assertThat(connect()).isEqualTo(new Failure.Refused(403, "M_TERMS_NOT_SIGNED", "no"));
    }

    @Test
    void tellsWhenTheAcceptanceItselfFails() {
        scene.wire.instead("POST /v2/terms", 429, "{\"errcode\":\"M_LIMIT_EXCEEDED\",\"retry_after_ms\":1500}");

        assertThat(connect()).isEqualTo(new Failure.Limited(Optional.of(Duration.ofMillis(1500))));
        assertThat(scene.wire.routes()).containsExactly(
                "POST /v2/account/register", "POST /v2/terms", "POST /v2/account/logout");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "{\"user_id\":7}", "{\"user_id\":\"alice\"}",
        "{\"user_id\":\"@alice:other.example.org\"}",
        "{\"user_id\":\"@alice:example.org:443\"}"})
    void doesNotBecomeSomebodyWhomTheHomeserverCannotVouchFor(String answer) {
        scene.wire.instead("GET /v2/account", 200, answer);

        assertThat(connect()).isInstanceOf(Failure.Malformed.class);
        assertThat(scene.wire.routes()).endsWith("POST /v2/account/logout");
    }

    @Test
    void doesNotTalkOnToAServerThatIsGone() {
        scene.wire.instead("GET /v2/account", request -> {
            throw new IOException("reset");
        });

        assertThat(connect()).isInstanceOf(Failure.Unreachable.class);
        assertThat(scene.wire.routes()).endsWith("GET /v2/account");
    }

    @Test
    void logsOutWithoutABody() {
        Session session = connected();
        scene.forget();

        assertThat(session.logout()).isEqualTo(new Logout.LoggedOut());
        assertThat(scene.wire.only("POST /v2/account/logout").body()).isEmpty();
        assertThat(scene.wire.only("POST /v2/account/logout").headers()).containsKey("Authorization");
    }

    @Test
    void sendsNothingAfterTheLogout() {
        Session session = connected();
        session.logout();
        scene.forget();

        assertThat(session.discovery(consent).lookup(Scene.book())).isInstanceOf(Failure.SignedOut.class);
        assertThat(session.logout()).isEqualTo(new Logout.LoggedOut());
        assertThat(scene.wire.routes()).isEmpty();
    }

    @Test
    void aTokenThatTheServerHasForgottenIsLoggedOut() {
        scene.wire.instead("POST /v2/account/logout", 401, Scene.error("M_UNKNOWN_TOKEN"));
        assertThat(connected().logout()).isEqualTo(new Logout.LoggedOut());
    }

    @Test
    void aLogoutThatFailedCanBeTriedAgain() {
        scene.wire.instead("POST /v2/account/logout", 503, "").on("POST /v2/account/logout", 200, "{}");
        Session session = connected();

        assertThat(session.logout()).isInstanceOf(Failure.Unreachable.class);
        assertThat(session.logout()).isEqualTo(new Logout.LoggedOut());
    }

    @Test
    void sendsThePoliciesOfASecondConsentOnce() {
        Session session = connected();
        Policy privacy = terms.policy("privacy_policy").orElseThrow();
        Consent<Purpose.PublishAddress> inFrench = terms.consentTo(Purpose.PUBLISH_ADDRESS)
                .accept(privacy, "fr")
                .give();
        scene.forget();

        Publication publication = session.publication(inFrench);
        assertThat(scene.wire.routes()).isEmpty();
        publication.requestEmailToken(Scene.ALICES_MAIL);
        publication.requestEmailToken(Scene.ALICES_MAIL);

        assertThat(scene.wire.routes()).containsExactly("POST /v2/terms", "POST /v2/validate/email/requestToken",
                "POST /v2/validate/email/requestToken");
        assertThat(scene.wire.bodies("POST /v2/terms").get(0).array("user_accepts").orElseThrow().items()).hasSize(1);
    }

    private Connection resume() {
        scene.forget();
        return server.resume(consent, AccessToken.parse(Scene.TOKEN).orElseThrow(), Scene.ALICE);
    }

    @Test
    void resumesByAskingWhoseTheTokenIs() {
        assertThat(resume()).isInstanceOfSatisfying(Connection.Connected.class, connected -> {
            assertThat(connected.session().userId()).isEqualTo(Scene.ALICE);
            connected.session().discovery(consent).lookup(Scene.book());
        });
        assertThat(scene.wire.routes()).containsExactly("GET /v2/account", "GET /v2/hash_details", "POST /v2/lookup");
    }

    @Test
    void tellsAServerWhatWasAcceptedThatHasForgotten() {
        scene.wire.instead("GET /v2/hash_details", 403, Scene.error("M_TERMS_NOT_SIGNED"))
                .on("GET /v2/hash_details", 200, Scene.hashDetails(Scene.PEPPER));
        assertThat(resume()).isInstanceOfSatisfying(Connection.Connected.class, connected -> assertThat(
                connected.session().discovery(consent).lookup(Scene.book())).isInstanceOf(Lookup.Found.class));
        assertThat(scene.wire.routes()).containsExactly("GET /v2/account", "GET /v2/hash_details", "POST /v2/terms",
                "GET /v2/hash_details", "POST /v2/lookup");
    }

    @Test
    void resumesNothingForSomebodyElse() {
        scene.wire.instead("GET /v2/account", 200, "{\"user_id\":\"@mallory:example.org\"}");
        assertThat(resume()).isInstanceOf(Failure.Malformed.class);
        scene.wire.instead("GET /v2/account", 401, Scene.error("M_UNAUTHORIZED"));
        assertThat(resume()).isInstanceOf(Failure.SignedOut.class);
        // It was no new session: there is nothing to give back.
        assertThat(scene.wire.routes()).containsExactly("GET /v2/account");
    }

    @Test
    void asksForALinkToTheOverview() {
        scene.wire.on("POST /_signet/terms/manage", 200,
                "{\"url\":\"https://id.example.org/_signet/terms/manage?token=secret\",\"expires_in_ms\":300000}");
        assertThat(connected().overviewLink()).isInstanceOfSatisfying(OverviewLink.Link.class, link -> {
            assertThat(link.url()).hasToString("https://id.example.org/_signet/terms/manage?token=secret");
            assertThat(link.validFor()).hasMinutes(5);
            assertThat(link.toString()).doesNotContain("secret");
        });
        assertThat(scene.wire.only("POST /_signet/terms/manage").headers()).containsKey("Authorization");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "{\"url\":\"javascript:alert(1)\",\"expires_in_ms\":1}",
        "{\"url\":\"https://id.example.org/\",\"expires_in_ms\":0}", "{\"url\":\"https:///\",\"expires_in_ms\":1}"})
    void takesNothingElseForALink(String answer) {
        scene.wire.on("POST /_signet/terms/manage", 200, answer);
        assertThat(connected().overviewLink()).isInstanceOf(Failure.Malformed.class);
    }

    @Test
    void saysThatAServerHasNoOverview() {
        scene.wire.on("POST /_signet/terms/manage", 404, Scene.error("M_UNRECOGNIZED"));
        assertThat(connected().overviewLink()).isEqualTo(new OverviewLink.NotOffered());
    }

    @Test
    void tellsOfAcceptedPoliciesWhenTheUserWants() {
        assertThat(resume()).isInstanceOfSatisfying(Connection.Connected.class, connected -> {
            assertThat(connected.session().acceptTerms(consent)).isEqualTo(new Acceptance.Accepted());
            assertThat(connected.session().acceptTerms(consent)).isEqualTo(new Acceptance.Accepted());
            connected.session().logout();
            assertThat(connected.session().acceptTerms(consent)).isInstanceOf(Failure.SignedOut.class);
        });
        assertThat(scene.wire.routes()).containsExactly("GET /v2/account", "POST /v2/terms", "POST /v2/account/logout");
    }

    @Test
    void hasAnAccountForNoPurposeSoFar() {
        Consent<Purpose.HaveAccount> account = Scene.fullConsent(terms, Purpose.HAVE_ACCOUNT);
        assertThat(scene.connect(server, account).userId()).isEqualTo(Scene.ALICE);
        assertThat(account.purpose().inWords()).contains("nothing else");
    }

    @Test
    void letsWhoAcceptsNothingAnyMoreLeave() {
        scene.wire.instead("GET /v2/account", 403, Scene.error("M_TERMS_NOT_SIGNED"));
        Consent<Purpose.HaveAccount> nothing = terms.consentTo(Purpose.HAVE_ACCOUNT).give();
        Connection connection = server.resume(nothing, AccessToken.parse(Scene.TOKEN).orElseThrow(), Scene.ALICE);

        assertThat(connection).isInstanceOfSatisfying(Connection.Connected.class,
                connected -> assertThat(connected.session().logout()).isEqualTo(new Logout.LoggedOut()));
        assertThat(scene.wire.routes()).doesNotContain("POST /v2/terms");
    }
}
