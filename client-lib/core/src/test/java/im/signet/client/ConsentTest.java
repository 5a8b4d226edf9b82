package im.signet.client;

import java.net.URI;
import java.util.List;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class ConsentTest {
    private final Scene scene = new Scene();
    private final Terms terms = scene.terms();
    private final Policy privacy = terms.policy("privacy_policy").orElseThrow();

    @Test
    void namesServerPurposeAndPolicies() {
        Consent<Purpose.DiscoverContacts> consent = terms.consentTo(Purpose.DISCOVER_CONTACTS)
                .accept(privacy, "fr")
                .give();

        assertThat(consent.server()).isEqualTo(Scene.SERVER);
        assertThat(consent.purpose()).isEqualTo(Purpose.DISCOVER_CONTACTS);
        assertThat(consent.acceptedPolicies()).containsExactly(new AcceptedPolicy(
                "privacy_policy", "1.2", "fr", URI.create("https://id.example.org/privacy-1.2-fr.html")));
    }

    @Test
    void acceptsNothingByItself() {
        assertThat(terms.consentTo(Purpose.PUBLISH_ADDRESS).give().acceptedPolicies()).isEmpty();
    }

    @Test
    void takesTheLanguageThatWasReadLast() {
        assertThat(terms.consentTo(Purpose.DISCOVER_CONTACTS)
                .accept(privacy, "fr")
                .accept(privacy, "en")
                .give()
                .acceptedPolicies()).extracting(AcceptedPolicy::language).containsExactly("en");
    }

    @Test
    void doesNotGrowAfterItWasGiven() {
        Consent.Draft<Purpose.DiscoverContacts> draft = terms.consentTo(Purpose.DISCOVER_CONTACTS);
        Consent<Purpose.DiscoverContacts> consent = draft.give();
        draft.accept(privacy, "en");
        assertThat(consent.acceptedPolicies()).isEmpty();
    }

    @Test
    void refusesAPolicyThatTheServerDidNotState() {
        Policy foreign = new Policy("privacy_policy", "9", List.of());
        Consent.Draft<Purpose.DiscoverContacts> draft = terms.consentTo(Purpose.DISCOVER_CONTACTS);
        assertThatIllegalArgumentException().isThrownBy(() -> draft.accept(foreign, "en"));
        assertThatIllegalArgumentException().isThrownBy(() -> draft.accept(privacy, "de"));
    }

    @Test
    void saysInWordsWhatIsAgreedTo() {
        assertThat(Purpose.DISCOVER_CONTACTS.inWords()).contains("contacts").contains("guess");
        assertThat(Purpose.PUBLISH_ADDRESS.inWords()).contains("find your Matrix ID");
    }
}
