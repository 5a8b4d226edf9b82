package im.signet.identity.lookup;

import im.signet.identity.Answer;
import im.signet.identity.IdentityScene;
import im.signet.identity.Person;
import im.signet.identity.Session;
import im.signet.protocol.json.Json;
import im.signet.protocol.json.JsonArray;
import im.signet.protocol.json.JsonObject;

import java.time.Duration;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/** {@code GET /hash_details} and {@code POST /lookup}. */
class LookupTest extends IdentityScene {

    private static final String ALICE = "@alice:hs.example.org";

    private final String address = freshAddress();

    private Map<String, Json> mappings(String... addresses) {
        Answer answer = lookup(addresses);
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        assertThat(answer.json().members().keySet()).containsExactly("mappings");
        return answer.json().object("mappings").orElseThrow().members();
    }

    @Test
    void detailsNameThePepperAndTheAlgorithm() {
        JsonObject details = get(HASH_DETAILS, Person.ALICE).json();
        assertThat(details.string("lookup_pepper")).get().asString().matches("[0-9A-Za-z]{16,255}");
        assertThat(details.array("algorithms")).contains(JsonArray.ofStrings(List.of("sha256")));
        assertThat(get(HASH_DETAILS, Person.BOB).json()).isEqualTo(details);
    }

    /** Synapse asks so, and only so. */
    @Test
    void detailsTakeTheTokenFromTheQuery() {
        assertThat(get(HASH_DETAILS + "?access_token=" + Person.ALICE.token(), null).status()).isEqualTo(200);
        assertThat(get(HASH_DETAILS + "?access_token=unknown", null).outcome()).isEqualTo("401 M_UNAUTHORIZED");
        assertThat(get(HASH_DETAILS + "?access_token=" + Person.UNSIGNED.token(), null).outcome())
                .isEqualTo("403 M_TERMS_NOT_SIGNED");
        assertThat(get(HASH_DETAILS, null).outcome()).isEqualTo("401 M_UNAUTHORIZED");
        assertThat(get(HASH_DETAILS, Person.UNSIGNED).outcome()).isEqualTo("403 M_TERMS_NOT_SIGNED");
    }

    @Test
    void nothingElseTakesTheTokenFromTheQuery() {
        String query = "?access_token=" + Person.ALICE.token();
        assertThat(post(LOOKUP + query, null, lookupBody()).outcome()).isEqualTo("401 M_UNAUTHORIZED");
        assertThat(post(BIND + query, null, "{}").outcome()).isEqualTo("401 M_UNAUTHORIZED");
        assertThat(post(REQUEST_TOKEN + query, null, "{}").outcome()).isEqualTo("401 M_UNAUTHORIZED");
        assertThat(post(SUBMIT_TOKEN + query, null, "{}").outcome()).isEqualTo("401 M_UNAUTHORIZED");
        assertThat(get(GET_VALIDATED + query, null).outcome()).isEqualTo("401 M_UNAUTHORIZED");
    }

    @Test
    void findsWhatIsBoundAndOnlyThat() {
        Session session = begin(Person.ALICE, address);
        assertThat(found(address)).as("a session publishes nothing").isEmpty();
        submit(session, linkParams(mailTo(address)).getOrDefault("token", ""));
        assertThat(found(address)).as("a proof publishes nothing").isEmpty();
        bind(session);
        assertThat(found(address)).isEqualTo(ALICE);
    }

    @Test
    void answersUnderTheKeysThatWereAsked() {
        bound(Person.ALICE, address);
        String hash = hash(address);
        String unknown = hash(freshAddress());
        assertThat(mappings(hash, unknown)).containsOnlyKeys(hash);
        assertThat(mappings(unknown)).isEmpty();
        assertThat(mappings()).isEmpty();
    }

    @Test
    void answersADuplicateOnce() {
        bound(Person.ALICE, address);
        String hash = hash(address);
        assertThat(mappings(hash, hash, hash)).containsOnlyKeys(hash);
    }

    @Test
    void matchesNothingThatIsNotTheHash() {
        bound(Person.ALICE, address);
        String hash = hash(address);
        byte[] bytes = java.util.Base64.getUrlDecoder().decode(hash);
        char last = hash.charAt(42);
        String sameBytesOtherwiseSpelled = hash.substring(0, 42) + (char) (last + 1);
        assertThat(mappings("", "x", address, address + " email", hash + "=", hash + " ", " " + hash, hash.substring(1),
                hash + "A", HexFormat.of().withUpperCase().formatHex(bytes), "\0", "😀",
                hash.toLowerCase(java.util.Locale.ROOT) + "!",
                sameBytesOtherwiseSpelled, "a".repeat(1024))).isEmpty();
        assertThat(mappings("", hash, "x")).containsOnlyKeys(hash);
    }

    @Test
    void knowsTheFoldedAndTheLowerCasedSpelling() {
        String typed = "Straße." + address;
        bound(Person.ALICE, typed);
        assertThat(found("strasse." + address)).as("as the specification folds").isEqualTo(ALICE);
        assertThat(found("straße." + address)).as("as Element lower-cases").isEqualTo(ALICE);
        assertThat(found(typed)).as("not folded at all").isEmpty();
        assertThat(found("STRASSE." + address)).isEmpty();
    }

    @Test
    void forgetsSpellingsOfTheFormerUser() {
        bound(Person.ALICE, "Straße." + address);
        letPass(Duration.ofMinutes(1));
        bound(Person.BOB, "strasse." + address);
        assertThat(found("strasse." + address)).isEqualTo("@bob:hs.example.org");
        assertThat(found("straße." + address)).as("nobody bound this spelling now").isEmpty();
    }

    @Test
    void findsNobodyWhoDoesNotWantToBeFound() {
        Session session = proven(Person.ALICE, wish(address, freshSecret()).with("im.signet.discoverable", "none"));
        assertThat(bind(session).status()).isEqualTo(200);
        assertThat(found(address)).isEmpty();
    }

    @Test
    void findsNobodyAnyMoreWhoDoesNotWantToBeFoundAnyMore() {
        bound(Person.ALICE, address);
        bind(proven(Person.ALICE, wish(address, freshSecret()).with("im.signet.discoverable", "none")));
        assertThat(found(address)).isEmpty();
        bind(proven(Person.ALICE, wish(address, freshSecret()).with("im.signet.discoverable", "all")));
        assertThat(found(address)).isEqualTo(ALICE);
    }

    @Test
    void takesAsManyAddressesAsAllowed() {
        bound(Person.ALICE, address);
        String hash = hash(address);
        String[] many = Collections.nCopies(100, hash).toArray(String[]::new);
        assertThat(mappings(many)).containsOnlyKeys(hash);
        String[] tooMany = Collections.nCopies(101, hash).toArray(String[]::new);
        assertThat(lookup(tooMany).outcome()).isEqualTo("400 M_TOO_LARGE");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "matrixrocks", "old pepper", "😀", "\0"})
    void saysWhichPepperToUseInstead(String wrong) {
        bound(Person.ALICE, address);
        Answer answer = post(LOOKUP, Person.CAROL, lookupBody(hash(address)).with("pepper", wrong));
        assertThat(answer.outcome()).isEqualTo("400 M_INVALID_PEPPER");
        assertThat(answer.json().string("algorithm")).contains("sha256");
        assertThat(answer.json().string("lookup_pepper")).contains(pepper().value());
    }

    @ParameterizedTest
    @ValueSource(strings = {"none", "", "SHA256", "sha-256", "sha512", "im.signet.voprf_p256_sha256.v1"})
    void refusesOtherAlgorithms(String algorithm) {
        assertThat(post(LOOKUP, Person.CAROL, lookupBody(address + " email").with("algorithm", algorithm)).outcome())
                .isEqualTo("400 M_INVALID_PARAM");
    }

    @Test
    void takesBodiesOfUpToAMebibyte() {
        JsonObject body = lookupBody(hash(address));
        assertThat(post(LOOKUP, Person.CAROL, body.with("padding", "x".repeat(900 * 1024))).status()).isEqualTo(200);
        assertThat(post(LOOKUP, Person.CAROL, body.with("padding", "x".repeat(1024 * 1024))).outcome())
                .isEqualTo("413 M_TOO_LARGE");
    }
}
