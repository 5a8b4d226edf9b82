package im.signet.terms;

import im.signet.demo.DemoHomeserver;
import im.signet.protocol.identifier.UserId;
import im.signet.protocol.json.JsonObject;
import im.signet.protocol.json.StrictJson;
import im.signet.protocol.signature.UnpaddedBase64;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.PublicKey;
import java.security.Signature;
import java.security.SignatureException;
import java.security.spec.X509EncodedKeySpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static im.signet.terms.TermsServer.bearer;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Whoever accepted a policy gets a signed receipt, which anybody can verify without us; here, the JDK does. */
class ReceiptsTest {

    private static final String RECEIPTS = "/_signet/terms/receipts";
    private static final String JWKS = "/_signet/terms/jwks.json";
    private static final String EXTERNAL = "https://example.org/terms-2.1-en.html";
    private static final String OWN = Installation.PUBLIC_URL + "/_signet/terms/privacy_policy/1.0/de";
    private static final String TEXT = "Datenschutz, \u00fcber alles.\r\n\r\nZweiter Absatz.\n";
    // SubjectPublicKeyInfo of an Ed25519 key up to the key itself: RFC 8410, section 10.1.
    private static final byte[] SPKI = HexFormat.of().parseHex("302a300506032b6570032100");

    private final Installation installation = Installation.fresh();
    private final DemoHomeserver homeserver = Installation.homeserver();
    private final UserId alice = homeserver.register("alice");

    @AfterEach
    void stop() {
        homeserver.close();
    }

    private TermsServer start() {
        Path text = installation.write("de.txt", TEXT);
        return installation.start("""
                signet.terms.policies:
                  terms_of_service:
                    version: "2.1"
                    en: {name: Terms of Service, url: "%s"}
                  privacy_policy:
                    version: "1.0"
                    de: {name: Datenschutz, file: "%s"}
                """.formatted(EXTERNAL, text));
    }

    private static List<JsonObject> receipts(TermsServer server, String token) {
        return server.get(RECEIPTS, bearer(token))
                .ok()
                .array("receipts")
                .orElseThrow()
                .items()
                .stream()
                .map(JsonObject.class::cast)
                .toList();
    }

    private static String jws(JsonObject receipt) {
        return receipt.string("receipt").orElseThrow();
    }

    private static List<JsonObject> published(TermsServer server) {
        Answer answer = server.get(JWKS);
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.headers().allValues("Cache-Control")).containsExactly("max-age=300, public");
        return StrictJson.parseObject(answer.body())
                .orElseThrow()
                .array("keys")
                .orElseThrow()
                .items()
                .stream()
                .map(JsonObject.class::cast)
                .toList();
    }

    private static String part(String jws, int index) {
        return new String(bytes(jws.split("\\.", -1)[index]), StandardCharsets.UTF_8);
    }

    private static byte[] bytes(String base64url) {
        return UnpaddedBase64.decodeEither(base64url).orElseThrow();
    }

    /** Verifies as a stranger would, with the published key that the header names; returns whether the signature holds. */
    private static boolean verifies(String jws, List<JsonObject> keys) {
        JsonObject header = StrictJson.parseObject(part(jws, 0)).orElseThrow();
        assertThat(header.string("alg")).contains("EdDSA");
        assertThat(header.string("typ")).contains("signet-receipt+jwt");
        JsonObject key = keys.stream()
                .filter(candidate -> candidate.string("kid").equals(header.string("kid")))
                .findFirst()
                .orElseThrow();
        assertThat(key.string("kty")).contains("OKP");
        assertThat(key.string("crv")).contains("Ed25519");
        assertThat(key.string("use")).contains("sig");
        assertThat(key.members()).doesNotContainKey("d");
        byte[] x = bytes(key.string("x").orElseThrow());
        byte[] spki = new byte[SPKI.length + x.length];
        System.arraycopy(SPKI, 0, spki, 0, SPKI.length);
        System.arraycopy(x, 0, spki, SPKI.length, x.length);
        try {
            PublicKey publicKey = KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(spki));
            Signature signature = Signature.getInstance("Ed25519");
            signature.initVerify(publicKey);
            signature.update(jws.substring(0, jws.lastIndexOf('.')).getBytes(StandardCharsets.US_ASCII));
            return signature.verify(bytes(jws.substring(jws.lastIndexOf('.') + 1)));
        } catch (SignatureException notASignature) {
            return false;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Leaves what another implementation of JOSE can verify in the build folder; {@code .ci/run} has one do it. */
    private static void keepForOthers(List<JsonObject> receipts, String jwks) throws IOException {
        Path folder = Files.createDirectories(Path.of("target", "receipts"));
        Files.writeString(folder.resolve("jwks.json"), jwks);
        Files.write(folder.resolve("receipts.txt"), receipts.stream().map(ReceiptsTest::jws).toList());
    }

    @Test
    void stateWhoAcceptedWhatAndWhen() throws Exception {
        try (TermsServer server = start()) {
            String token = server.tokenOf(homeserver, alice);
            assertThat(receipts(server, token)).isEmpty();
            server.accept(token, OWN, EXTERNAL).ok();
            List<JsonObject> receipts = receipts(server, token);
            assertThat(receipts).extracting(receipt -> receipt.string("url").orElseThrow())
                    .containsExactlyInAnyOrder(OWN, EXTERNAL);
            for (JsonObject receipt : receipts) {
                assertThat(verifies(jws(receipt), published(server))).isTrue();
                JsonObject claims = StrictJson.parseObject(part(jws(receipt), 1)).orElseThrow();
                assertThat(claims.string("iss")).contains(Installation.PUBLIC_URL);
                assertThat(claims.string("sub")).contains(alice.value());
                assertThat(claims.integer("iat").orElseThrow() * 1000)
                        .isEqualTo(receipt.integer("accepted_at").orElseThrow() / 1000 * 1000);
                for (String name : List.of("policy", "version", "language", "url")) {
                    assertThat(claims.string(name)).isEqualTo(receipt.string(name));
                }
                assertThat(claims.string("proves").orElseThrow()).contains("holder of an access token");
            }
            keepForOthers(receipts, server.get(JWKS).body());
            byte[] source = server.get("/_signet/terms/privacy_policy/1.0/de/source")
                    .body()
                    .getBytes(StandardCharsets.UTF_8);
            assertThat(new String(source, StandardCharsets.UTF_8)).isEqualTo(TEXT);
            String sha256 = HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(source));
            for (JsonObject receipt : receipts) {
                JsonObject claims = StrictJson.parseObject(part(jws(receipt), 1)).orElseThrow();
                // What stands at somebody else's URL, this server does not know, and does not claim to.
                assertThat(claims.string("text_sha256").orElse("unknown"))
                        .isEqualTo(receipt.string("url").orElseThrow().equals(OWN) ? sha256 : "unknown");
            }
        }
    }

    @Test
    void breakWhenAnythingIsChanged() {
        try (TermsServer server = start()) {
            String token = server.tokenOf(homeserver, alice);
            server.accept(token, OWN).ok();
            String jws = jws(receipts(server, token).getFirst());
            List<JsonObject> keys = published(server);
            String[] parts = jws.split("\\.", -1);
            String forged = part(jws, 1).replace(alice.value(), "@mallory" + alice.value().substring(1));
            assertThat(verifies(parts[0] + "." + UnpaddedBase64.encodeUrl(forged.getBytes(StandardCharsets.UTF_8)) + "."
                    + parts[2], keys)).isFalse();
            byte[] signature = bytes(parts[2]);
            signature[0] ^= 1;
            assertThat(verifies(parts[0] + "." + parts[1] + "." + UnpaddedBase64.encodeUrl(signature), keys)).isFalse();
        }
    }

    @Test
    void areGivenToTheirUserOnly() {
        try (TermsServer server = start()) {
            String token = server.tokenOf(homeserver, alice);
            server.accept(token, OWN).ok();
            UserId bob = homeserver.register("bob");
            // With terms still to accept: what was accepted is shown all the same.
            assertThat(receipts(server, server.tokenOf(homeserver, bob))).isEmpty();
            assertThat(receipts(server, server.tokenOf(homeserver, alice))).hasSize(1);
            server.get(RECEIPTS).is(401, "M_UNAUTHORIZED");
            server.get(RECEIPTS, bearer("nobodys")).is(401, "M_UNAUTHORIZED");
        }
    }

    @Test
    void stayTheSameWhateverBecomesOfKeyAndPolicy() throws IOException {
        String first;
        try (TermsServer server = start()) {
            String token = server.tokenOf(homeserver, alice);
            server.accept(token, OWN).ok();
            server.accept(token, OWN).ok();
            first = jws(receipts(server, token).getFirst());
        }
        rotateKey();
        installation.clock().move(Duration.ofDays(1));
        Path text = installation.write("de2.txt", "Anders.");
        try (TermsServer server = installation.start("""
                signet.public-url: https://moved.example.org
                signet.terms.policies:
                  privacy_policy:
                    version: "2.0"
                    de: {name: Datenschutz, file: "%s"}
                """.formatted(text))) {
            String token = server.tokenOf(homeserver, alice);
            server.accept(token, "https://moved.example.org/_signet/terms/privacy_policy/2.0/de").ok();
            List<JsonObject> receipts = receipts(server, token);
            assertThat(receipts).extracting(receipt -> receipt.string("version").orElseThrow())
                    .containsExactly("1.0", "2.0");
            assertThat(jws(receipts.getFirst())).isEqualTo(first);
            List<JsonObject> keys = published(server);
            assertThat(keys).hasSize(2);
            assertThat(receipts).allMatch(receipt -> verifies(jws(receipt), keys));
            assertThat(part(first, 0)).isNotEqualTo(part(jws(receipts.getLast()), 0));
        }
    }

    private void rotateKey() throws IOException {
        Path file = installation.folder().resolve("data/keys/receipt-signing.keys");
        byte[] seed = new byte[32];
        seed[7] = 42;
        Files.writeString(file, "second " + UnpaddedBase64.encode(seed) + "\n", StandardOpenOption.APPEND);
    }

    @Test
    void areMadeAlsoForWhatWasAcceptedBeforeThereWereAny() {
        try (TermsServer server = start()) {
            String token = server.tokenOf(homeserver, alice);
            server.accept(token, OWN).ok();
            List<String> before = new ArrayList<>(receipts(server, token).stream().map(ReceiptsTest::jws).toList());
            installation.sql().sql("DELETE FROM terms.receipt").update();
            assertThat(receipts(server, token)).extracting(ReceiptsTest::jws).isEqualTo(before);
        }
    }

    @Test
    void knowsNoSourceOfWhatWasNotPublished() {
        try (TermsServer server = start()) {
            for (String path : List.of("privacy_policy/1.0/en", "privacy_policy/1.1/de", "terms_of_service/2.1/en",
                    "x/y/z", "privacy_policy/1.0/%00")) {
                Answer answer = server.get("/_signet/terms/" + path + "/source");
                assertThat(answer.status()).isIn(400, 404);
            }
            server.get("/_signet/terms/privacy_policy/1.0/en/source").is(404, "M_NOT_FOUND");
        }
    }

    @Test
    void isNotSignedWithAKeyThatEverybodyKnows() {
        start().close();
        Path file = installation.folder().resolve("data/keys/receipt-signing.keys");
        try {
            Files.writeString(file, "known " + UnpaddedBase64.encode(new byte[32]) + "\n", StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        assertThatThrownBy(this::start)
                .rootCause()
                .hasMessageContaining("'known' is a test key that is public");
    }

    @Test
    void jwksHoldsNoPrivateKey() {
        try (TermsServer server = start()) {
            assertThat(published(server)).hasSize(1);
            assertThat(server.get(JWKS).body()).doesNotContain("\"d\"");
        }
    }
}
