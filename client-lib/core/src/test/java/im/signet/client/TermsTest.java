package im.signet.client;

import java.net.URI;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class TermsTest {
    private final Scene scene = new Scene();

    private TermsReading read(String answer) {
        scene.wire.instead("GET /v2/terms", 200, answer);
        return scene.server().terms();
    }

    @Test
    void listsPoliciesWithVersionsAndLanguages() {
        Terms terms = scene.terms();

        assertThat(terms.server()).isEqualTo(Scene.SERVER);
        assertThat(terms.policies()).extracting(Policy::id).containsExactly("privacy_policy", "terms_of_service");
        Policy privacy = terms.policy("privacy_policy").orElseThrow();
        assertThat(privacy.version()).isEqualTo("1.2");
        assertThat(privacy.texts()).extracting(PolicyText::language).containsExactly("en", "fr");
        assertThat(privacy.text("fr").orElseThrow().name()).isEqualTo("Vie privée");
        assertThat(privacy.text("de")).isEmpty();
    }

    @Test
    void keepsUnknownLanguagesAndExactAddresses() {
        TermsReading reading = read(
                """
                {"policies":{"p":{"version":"1","x-klingon":{"name":"tlh","url":"https://Example.org/%7Ea?b=%C3%A9#c"}}}}""");

        PolicyText text = ((TermsReading.Read) reading).terms().policies().get(0).texts().get(0);
        assertThat(text.language()).isEqualTo("x-klingon");
        assertThat(text.url()).hasToString("https://Example.org/%7Ea?b=%C3%A9#c");
    }

    @Test
    void passesOverWhatIsNoLanguage() {
        TermsReading reading = read(
                """
                {"policies":{"p":{"version":"1","required_from":"2027-01-01","x":{"name":"no address"},
                  "y":{"name":"not web","url":"javascript:alert(1)"},"en":{"name":"P","url":"https://example.org/p"}}}}""");

        assertThat(((TermsReading.Read) reading).terms().policies().get(0).texts())
                .containsExactly(new PolicyText("en", "P", URI.create("https://example.org/p")));
    }

    @Test
    void makesNamesSafeToShow() {
        TermsReading reading = read("""
                {"policies":{"p":{"version":"1","en":{"name":"a\\u202eb\\nc%s","url":"https://example.org/p"}}}}"""
                .formatted("x".repeat(500)));

        String name = ((TermsReading.Read) reading).terms().policies().get(0).texts().get(0).name();
        assertThat(name).startsWith("a b c").hasSize(200);
    }

    @Test
    void aServerMayHaveNone() {
        assertThat(((TermsReading.Read) read("{\"policies\":{}}")).terms().policies()).isEmpty();
    }

    @Test
    void aServerThatKnowsNoTermsHasNone() {
        scene.wire.instead("GET /v2/terms", 404, Scene.error("M_UNRECOGNIZED"));
        assertThat(scene.terms().policies()).isEmpty();
    }

    @Test
    void aPageThatIsNotThereIsNoSuchStatement() {
        scene.wire.instead("GET /v2/terms", 404, "<html>404</html>");
        assertThat(scene.server().terms()).isInstanceOf(Failure.Malformed.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "{\"policies\":[]}", "{\"policies\":{\"p\":\"https://example.org\"}}",
        "{\"policies\":{\"p\":{\"en\":{\"name\":\"P\",\"url\":\"https://example.org/p\"}}}}",
        "{\"policies\":{\"p\":{\"version\":1,\"en\":{\"name\":\"P\",\"url\":\"https://example.org/p\"}}}}",
        "{\"policies\":{\"p\":{\"version\":\"1\"}}}",
        "{\"policies\":{\"p\":{\"version\":\"1\",\"en\":{\"name\":\"P\",\"url\":\"/relative\"}}}}",
        "{\"policies\":{},\"policies\":{}}"})
    void refusesTermsThatCouldNotBeShown(String answer) {
        assertThat(read(answer)).isInstanceOf(Failure.Malformed.class);
    }
}
