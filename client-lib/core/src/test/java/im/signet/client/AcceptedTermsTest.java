package im.signet.client;

import im.signet.protocol.json.JsonObject;
import im.signet.protocol.json.StrictJson;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/** Nobody is asked twice for the same, nor passed over for what they have not seen. */
class AcceptedTermsTest {
    private static final String PRIVACY_FR = "https://id.example.org/privacy-1.2-fr.html";
    private static final String TERMS_EN = "https://id.example.org/terms-5-en.html";

    private final Scene scene = new Scene();
    private final Terms terms = scene.terms();

    private static AcceptedTerms accepted(String json) {
        return AcceptedTerms.ofAccountData(StrictJson.parseObject(json).orElseThrow());
    }

    @Test
    void whoAcceptedNothingIsShownEverything() {
        assertThat(terms.outstanding(AcceptedTerms.none())).isEqualTo(terms.policies());
    }

    @Test
    void aPolicyIsAcceptedInWhateverLanguage() {
        AcceptedTerms before = accepted("{\"accepted\":[\"" + PRIVACY_FR + "\"]}");
        assertThat(terms.outstanding(before)).extracting(Policy::id).containsExactly("terms_of_service");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "{\"accepted\":null}", "{\"accepted\":{\"" + PRIVACY_FR + "\":true}}",
        "{\"accepted\":\"" + PRIVACY_FR + "\"}", "{\"accepted\":[7,[\"" + PRIVACY_FR + "\"]]}",
        "{\"accepted\":[\"" + PRIVACY_FR + "#\",\"https://ID.example.org/privacy-1.2-fr.html\"]}",
        "{\"accepted\":[\"https://id.example.org/privacy-1.1-fr.html\"]}"})
    void anotherTextOrVersionIsNotTheSame(String content) {
        assertThat(terms.outstanding(accepted(content))).isEqualTo(terms.policies());
    }

    @Test
    void aConsentNamesWhatWasAcceptedEarlierInItsLanguage() {
        AcceptedTerms before = accepted("{\"accepted\":[\"" + PRIVACY_FR + "\"]}");
        Consent.Draft<Purpose.DiscoverContacts> draft = terms.consentTo(Purpose.DISCOVER_CONTACTS);
        draft.acceptedBefore(before);
        terms.outstanding(before).forEach(policy -> draft.accept(policy, "en"));

        assertThat(draft.give().acceptedPolicies()).extracting(policy -> policy.url().toString())
                .containsExactly(PRIVACY_FR, TERMS_EN);
        assertThat(draft.give().acceptedPolicies()).extracting(AcceptedPolicy::language).containsExactly("fr", "en");
    }

    @Test
    void whatTheUserReadsNowCountsMore() {
        AcceptedTerms before = accepted("{\"accepted\":[\"" + PRIVACY_FR + "\"]}");
        Consent.Draft<Purpose.DiscoverContacts> draft = terms.consentTo(Purpose.DISCOVER_CONTACTS);
        draft.accept(terms.policies().get(0), "en").acceptedBefore(before);

        assertThat(draft.give().acceptedPolicies()).extracting(AcceptedPolicy::language).containsExactly("en");
    }

    @Test
    void aConsentIsRememberedBesideWhatWasThere() {
        AcceptedTerms before = accepted("{\"accepted\":[\"https://other.example/1\"],\"org.example.extra\":1}");
        Consent<?> consent = Scene.fullConsent(terms, Purpose.DISCOVER_CONTACTS);
        AcceptedTerms now = before.with(consent).with(consent);

        assertThat(StrictJson.write(now.toAccountData())).isEqualTo("{\"accepted\":[\"https://other.example/1\","
                + "\"https://id.example.org/privacy-1.2-en.html\",\"" + TERMS_EN + "\"],\"org.example.extra\":1}");
        assertThat(terms.outstanding(now)).isEmpty();
        assertThat(terms.outstanding(before)).hasSize(2);
    }

    @Test
    void theServerIsToldOfEarlierAcceptanceToo() {
        IdentityServer server = scene.server();
        AcceptedTerms before = accepted("{\"accepted\":[\"" + PRIVACY_FR + "\",\"" + TERMS_EN + "\"]}");
        scene.connect(server, Scene.terms(server).consentTo(Purpose.DISCOVER_CONTACTS).acceptedBefore(before).give());

        JsonObject sent = scene.wire.bodies("POST /v2/terms").get(0);
        assertThat(StrictJson.write(sent))
                .isEqualTo("{\"user_accepts\":[\"" + PRIVACY_FR + "\",\"" + TERMS_EN + "\"]}");
    }
}
