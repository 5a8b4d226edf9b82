package im.signet.identity.lookup;

import im.signet.kit.database.TestDatabase;
import im.signet.protocol.hash.LookupHash;
import im.signet.protocol.hash.Pepper;
import im.signet.protocol.identifier.Medium;
import im.signet.protocol.json.JsonArray;
import im.signet.protocol.json.JsonObject;
import im.signet.protocol.json.StrictJson;

import java.nio.file.Path;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** Two servers on one database: the first offers the hash only, the second plain addresses as well. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LookupOverHttpTest {

    private static final String ALICE = "alice@example.org";
    private static final String BOB = "strau\u00DF@example.org";
    private static final String PHONE = "447700900123";

    private final MovableClock clock = MovableClock.ticking();
    private LookupServer hashed;
    private LookupServer plain;

    @BeforeAll
    void start(@TempDir Path dataDir) {
        TestDatabase database = TestDatabase.fresh();
        hashed = new LookupServer(database, dataDir, clock);
        plain = new LookupServer(database, dataDir, clock, "signet.lookup.algorithms=sha256,none");
        hashed.bind(Medium.EMAIL, ALICE, "@alice:example.org");
        hashed.bind(Medium.EMAIL, BOB, "@bob:example.org");
        hashed.bind(Medium.MSISDN, PHONE, "@alice:example.org");
    }

    @AfterAll
    void stop() {
        hashed.close();
        plain.close();
    }

    private static String body(String algorithm, String pepper, List<String> addresses) {
        return StrictJson.write(JsonObject.builder()
                .put("algorithm", algorithm)
                .put("pepper", pepper)
                .put("addresses", JsonArray.ofStrings(addresses))
                .build());
    }

    private static LookupServer.Reply ask(LookupServer server, String algorithm, String... addresses) {
        return server.lookup(body(algorithm, server.pepper().value(), List.of(addresses)));
    }

    private String hash(String address) {
        return LookupHash.of(Medium.EMAIL, address, hashed.pepper()).value();
    }

    private String hex(String address) {
        return HexFormat.of().formatHex(LookupHash.of(Medium.EMAIL, address, hashed.pepper()).toBytes());
    }

    @Test
    void listsTheAlgorithmsThatTheOperatorOffers() {
        assertThat(hashed.hashDetails().body().get("algorithms")).contains(JsonArray.ofStrings(List.of("sha256")));
        assertThat(plain.hashDetails().body().get("algorithms"))
                .contains(JsonArray.ofStrings(List.of("sha256", "none")));
        assertThat(hashed.pepper()).isEqualTo(plain.pepper());
        assertThat(hashed.pepper().value()).matches("[0-9A-Za-z]{32}");
    }

    @Test
    void findsByEitherFormOfTheHashUnderTheKeyThatWasSent() {
        assertThat(ask(hashed, "sha256", hash(ALICE)).mappings())
                .containsExactly(hash(ALICE) + " = @alice:example.org");
        assertThat(ask(hashed, "sha256", hex(ALICE)).mappings()).containsExactly(hex(ALICE) + " = @alice:example.org");
        assertThat(ask(hashed, "sha256", hex(ALICE).toUpperCase(Locale.ROOT)).mappings()).isEmpty();
    }

    @Test
    void findsEachSpellingThatClientsHash() {
        assertThat(ask(hashed, "sha256", hash(BOB), hex("strauss@example.org")).mappings())
                .containsExactly(hash(BOB) + " = @bob:example.org", hex("strauss@example.org") + " = @bob:example.org");
    }

    @Test
    void answersInTheOrderOfTheRequestAndEachEntryOnce() {
        String nobody = hash("nobody@example.org");
        assertThat(ask(hashed, "sha256", hex(BOB), hash(ALICE), nobody, hex(ALICE), hash(BOB), hash(ALICE), hex(BOB))
                .mappings()).containsExactly(hex(BOB) + " = @bob:example.org", hash(ALICE) + " = @alice:example.org",
                        hex(ALICE) + " = @alice:example.org", hash(BOB) + " = @bob:example.org");
    }

    @Test
    void findsNothingByEntriesThatAreNoHash() {
        LookupServer.Reply reply = ask(hashed, "sha256", "", " ", "=", hash(ALICE) + "=", hash(ALICE) + "\n",
                " " + hash(ALICE), hash(ALICE).substring(1), hash(ALICE).substring(0, 42) + "d", hex(ALICE) + "0",
                "\u0000", "'; DROP TABLE pepper; --", "\uD83D\uDE80", "a".repeat(1024), ALICE, ALICE + " email",
                hash(ALICE));
        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.mappings()).containsExactly(hash(ALICE) + " = @alice:example.org");
    }

    @Test
    void answersAnEmptyRequestWithNothing() {
        LookupServer.Reply reply = ask(hashed, "sha256");
        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.mappings()).isEmpty();
    }

    @Test
    void refusesPlainAddressesWhereTheyAreNotOffered() {
        LookupServer.Reply reply = ask(hashed, "none", ALICE + " email");
        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.text("errcode")).isEqualTo("M_INVALID_PARAM");
    }

    @Test
    void findsPlainAddressesWhereTheyAreOffered() {
        assertThat(ask(plain, "none", PHONE + " msisdn", ALICE + " email", ALICE + " email").mappings())
                .containsExactly(PHONE + " msisdn = @alice:example.org", ALICE + " email = @alice:example.org");
        assertThat(ask(plain, "none", BOB + " email", "strauss@example.org email").mappings())
                .containsExactly(BOB + " email = @bob:example.org", "strauss@example.org email = @bob:example.org");
    }

    @Test
    void comparesPlainAddressesAsSent() {
        LookupServer.Reply reply = ask(plain, "none", "Alice@example.org email", "ALICE@EXAMPLE.ORG email", ALICE,
                ALICE + " msisdn", ALICE + "  email", " " + ALICE + " email", ALICE + " email ", ALICE + " EMAIL",
                "email", " email", "", "+" + PHONE + " msisdn", hash(ALICE));
        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.mappings()).isEmpty();
    }

    @Test
    void needsThePepperAlsoOfPlainAddresses() {
        LookupServer.Reply missing = plain.lookup("{\"algorithm\":\"none\",\"addresses\":[\"" + ALICE + " email\"]}");
        assertThat(missing.status()).isEqualTo(400);
        assertThat(missing.text("errcode")).isEqualTo("M_MISSING_PARAMS");
        LookupServer.Reply wrong = plain.lookup(body("none", "unheard", List.of(ALICE + " email")));
        assertThat(wrong.status()).isEqualTo(400);
        assertThat(wrong.text("errcode")).isEqualTo("M_INVALID_PEPPER");
        assertThat(wrong.text("algorithm")).isEqualTo("none");
        assertThat(wrong.text("lookup_pepper")).isEqualTo(plain.pepper().value());
    }

    @ParameterizedTest
    @ValueSource(strings = {"unheard", "", "with space", "matrixrocks", "\u00DF"})
    void tellsTheRightPepperToWhoHasAnother(String pepper) {
        LookupServer.Reply reply = hashed.lookup(body("sha256", pepper, List.of(hash(ALICE))));
        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.text("errcode")).isEqualTo("M_INVALID_PEPPER");
        assertThat(reply.text("algorithm")).isEqualTo("sha256");
        assertThat(reply.text("lookup_pepper")).isEqualTo(hashed.pepper().value());
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"algorithm\":\"md5\",\"pepper\":\"x\",\"addresses\":[]}",
        "{\"algorithm\":\"SHA256\",\"pepper\":\"x\",\"addresses\":[]}",
        "{\"algorithm\":1,\"pepper\":\"x\",\"addresses\":[]}",
        "{\"algorithm\":\"sha256\",\"pepper\":[],\"addresses\":[]}",
        "{\"algorithm\":\"sha256\",\"pepper\":\"x\",\"addresses\":\"a\"}",
        "{\"algorithm\":\"sha256\",\"pepper\":\"x\",\"addresses\":[1]}",
        "{\"algorithm\":\"sha256\",\"pepper\":\"x\",\"addresses\":[null]}"})
    void refusesParametersOfAnotherKind(String body) {
        LookupServer.Reply reply = hashed.lookup(body);
        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.text("errcode")).isEqualTo("M_INVALID_PARAM");
    }

    @Test
    void rotatesByItselfWhileBothServersAnswer() {
        Pepper former = hashed.pepper();
        clock.advance(Duration.ofDays(30));
        await().atMost(Duration.ofSeconds(60)).until(() -> !hashed.pepper().equals(former));
        Pepper current = hashed.pepper();
        for (LookupServer server : List.of(hashed, plain)) {
            for (Pepper pepper : List.of(former, current)) {
                String sent = LookupHash.of(Medium.EMAIL, BOB, pepper).value();
                assertThat(server.lookup(body("sha256", pepper.value(), List.of(sent))).mappings())
                        .containsExactly(sent + " = @bob:example.org");
            }
        }
        assertThat(plain.lookup(body("none", former.value(), List.of(BOB + " email"))).mappings()).hasSize(1);
        clock.advance(Duration.ofHours(1));
        for (LookupServer server : List.of(hashed, plain)) {
            LookupServer.Reply refused = server.lookup(body("sha256", former.value(), List.of()));
            assertThat(refused.text("errcode")).isEqualTo("M_INVALID_PEPPER");
            assertThat(refused.text("lookup_pepper")).isEqualTo(current.value());
        }
    }
}
