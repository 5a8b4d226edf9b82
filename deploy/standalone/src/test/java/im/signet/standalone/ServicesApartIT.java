package im.signet.standalone;

import im.signet.protocol.identifier.UserId;
import im.signet.protocol.json.JsonArray;
import im.signet.protocol.json.JsonObject;
import im.signet.protocol.json.StrictJson;
import im.signet.protocol.signature.UnpaddedBase64;
import im.signet.protocol.signature.VerifyKey;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.condition.EnabledIf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** What happens to people in the middle of a session while the terms-service, in a process of its own, goes and comes. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@EnabledIf(value = "im.signet.standalone.ReverseProxy#isInstalled", disabledReason = "needs nginx")
class ServicesApartIT {

    private static final String V2 = "/_matrix/identity/v2";
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Pattern JWS = Pattern.compile("([^.]+)\\.([^.]+)\\.([^.]+)");

    private Town town;
    private int guests;
    private String token;

    @BeforeAll
    void start() {
        town = Town.startApart(Map.of());
    }

    @BeforeEach
    void somebodyRegisters() {
        UserId somebody = town.homeserver.register("guest" + ++guests);
        token = town.register(somebody);
    }

    @AfterAll
    void stop() {
        town.close();
    }

    private Town.Reply hashDetails() {
        return town.get(V2 + "/hash_details", token);
    }

    private List<String> receipts() {
        Town.Reply reply = town.get("/_signet/terms/receipts", token);
        assertThat(reply.status()).as(reply.body()).isEqualTo(200);
        return reply.json()
                .array("receipts")
                .orElseThrow()
                .items()
                .stream()
                .map(receipt -> ((JsonObject) receipt).string("receipt").orElseThrow())
                .toList();
    }

    private Map<String, VerifyKey> publishedKeys() {
        Map<String, VerifyKey> keys = new HashMap<>();
        JsonArray published = town.get("/_signet/terms/jwks.json", "").json().array("keys").orElseThrow();
        published.items()
                .stream()
                .map(JsonObject.class::cast)
                .forEach(key -> keys
                        .put(key.string("kid").orElseThrow(),
                                VerifyKey.parse(key.string("x").orElseThrow()).orElseThrow()));
        return keys;
    }

    /** Returns the id of the key that a receipt was signed with, once it was verified with it. */
    private String verifiedKeyOf(String jws) {
        var parts = JWS.matcher(jws);
        assertThat(parts.matches()).isTrue();
        String kid = StrictJson
                .parseObject(new String(UnpaddedBase64.decodeUrl(parts.group(1)).orElseThrow(),
                        StandardCharsets.UTF_8))
                .orElseThrow()
                .string("kid")
                .orElseThrow();
        assertThat(Objects.requireNonNull(publishedKeys().get(kid))
                .verifies(
                        (parts.group(1) + "." + parts.group(2)).getBytes(StandardCharsets.US_ASCII),
                        UnpaddedBase64.decodeUrl(parts.group(3)).orElseThrow()))
                .isTrue();
        return kid;
    }

    @Test
    void nobodyIsServedNorTurnedAwayWhileNobodyCanBeAsked() {
        assertThat(hashDetails().errcode()).isEqualTo("M_TERMS_NOT_SIGNED");
        town.acceptTerms(token);
        assertThat(hashDetails().status()).as("at once, on either replica").isEqualTo(200);
        assertThat(hashDetails().status()).isEqualTo(200);
        town.stopTerms();
        // What was good is good for five seconds more; from then on it is neither good nor bad.
        await().atMost(PATIENCE).until(() -> {
            Town.Reply reply = hashDetails();
            assertThat(reply.status()).isIn(200, 503);
            return reply.status() == 503;
        });
        Town.Reply unavailable = hashDetails();
        assertThat(unavailable.errcode()).isEqualTo("M_UNKNOWN");
        assertThat(unavailable.headers()).containsKey("retry-after");
        assertThat(town.get(V2 + "/hash_details", "nobodys-token").status()).isEqualTo(503);
        town.startTerms(Map.of());
        await().atMost(PATIENCE).until(() -> hashDetails().status() == 200);
        assertThat(town.get(V2 + "/hash_details", "nobodys-token").status()).isEqualTo(401);
        assertThat(receipts()).hasSize(1).allSatisfy(this::verifiedKeyOf);
    }

    @Test
    void aKeyIsRotatedAndAPolicyChangesInTheMiddleOfASession() throws IOException {
        town.acceptTerms(token);
        assertThat(hashDetails().status()).isEqualTo(200);
        String oldKey = verifiedKeyOf(receipts().getFirst());

        town.stopTerms();
        Path keys;
        try (Stream<Path> files = Files.walk(town.termsFolder())) {
            keys = files.filter(file -> file.endsWith("receipt-signing.keys")).findFirst().orElseThrow();
        }
        Files.writeString(keys, "r2 " + UnpaddedBase64.encode("thirty-two bytes of a second key".getBytes(
                StandardCharsets.US_ASCII)) + "\n", StandardOpenOption.APPEND);
        town.startTerms(Map.of("signet.terms.policies[privacy_policy].version", "2",
                "signet.terms.policies[privacy_policy].en.url", "https://id.example.org/privacy/2/en",
                "signet.terms.policies[privacy_policy].fr.url", "https://id.example.org/privacy/2/fr"));

        await().atMost(PATIENCE).until(() -> hashDetails().errcode().equals("M_TERMS_NOT_SIGNED"));
        assertThat(town.post(V2 + "/terms", token, "{\"user_accepts\":[\"https://id.example.org/privacy/2/fr\"]}")
                .status()).isEqualTo(200);
        for (int i = 0; i < 4; i++) {
            assertThat(hashDetails().status()).as("at once, on either replica").isEqualTo(200);
        }
        List<String> both = receipts();
        assertThat(both).hasSize(2);
        assertThat(verifiedKeyOf(both.getFirst())).isEqualTo(oldKey);
        assertThat(verifiedKeyOf(both.getLast())).isNotEqualTo(oldKey);
        assertThat(publishedKeys()).hasSize(2);
        town.stopTerms();
        town.startTerms(Map.of());
    }

    @Test
    void whoLoggedOutIsServedNowhereAfterFiveSeconds() {
        town.acceptTerms(token);
        assertThat(hashDetails().status()).isEqualTo(200);
        assertThat(hashDetails().status()).isEqualTo(200);
        assertThat(town.post(V2 + "/account/logout", token, "").status()).isEqualTo(200);
        // Requests go to both replicas in turn.
        await().atMost(PATIENCE)
                .until(() -> Stream.generate(this::hashDetails).limit(4).allMatch(reply -> reply.status() == 401));
    }

    @Test
    void whatTheServicesAskEachOtherStaysInside() {
        for (String path : List.of("/_signet/terms/introspect", "/_signet/terms/%69ntrospect",
                "/_signet//terms/introspect", "/_signet/terms/./introspect", "/_signet/terms/x/../introspect",
                "/_signet/terms/introspect?a=b", "/_signet/holdings", "/_signet/holdings/of",
                "/_signet/%68oldings/of")) {
            assertThat(town.send("POST", path, "", "token=x", "application/x-www-form-urlencoded").status()).as(path)
                    .isEqualTo(404);
        }
    }

    // Synapse sends tokens in query strings: a proxy that logs a request it could not pass on would keep them.
    @Test
    void theProxyKeepsNoToken() {
        town.acceptTerms(token);
        assertThat(town.get(V2 + "/hash_details?access_token=" + token, "").status()).isEqualTo(200);
        town.stopTerms();
        String account = V2 + "/account?access_token=" + token;
        assertThat(town.get(account, "").status()).isEqualTo(503);
        assertThat(town.get(account + "%0d%0a%00", "").status()).isEqualTo(503);
        town.startTerms(Map.of());
        assertThat(town.proxyLog()).doesNotContain(token, "access_token", "127.0.0.1:");
    }
}
