package im.signet.protocol.handle;

import im.signet.protocol.json.Json;
import im.signet.protocol.json.JsonArray;
import im.signet.protocol.json.JsonObject;
import im.signet.protocol.json.JsonString;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;

import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

import static im.signet.protocol.SharedVectors.string;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * The vectors of {@code src/test/resources/vectors/handles}: made anew and compared with what is committed
 * ({@code -Dsignet.vectors.write=true} writes them), and each judged as it says. {@code .ci/verify-handles.mjs} judges them
 * once more with code that shares nothing with ours.
 */
class HandleVectorsTest {
    private static final Path FOLDER = Path.of("src/test/resources/vectors/handles");
    private static final boolean WRITE = Boolean.getBoolean("signet.vectors.write");
    private static final TreeMap<String, Supplier<VectorFile>> FILES = new TreeMap<>();

    static {
        FILES.put("signatures", SignatureVectors::make);
        FILES.put("chains", ChainVectors::make);
        FILES.put("bindings", BindingVectors::make);
        FILES.put("proofs", OtherVectors::proofs);
        FILES.put("statuses", OtherVectors::statuses);
        FILES.put("handles", OtherVectors::handles);
        FILES.put("cards", OtherVectors::cards);
        FILES.put("fingerprints", OtherVectors::fingerprints);
    }

    @TestFactory
    List<DynamicTest> areWhatTheyWere() {
        return FILES.entrySet().stream().map(file -> DynamicTest.dynamicTest(file.getKey(), () -> {
            String name = file.getKey();
            String made = file.getValue().get().text();
            if (WRITE) {
                Files.createDirectories(FOLDER);
                Files.writeString(FOLDER.resolve(name + ".json"), made);
            }
            assertThat(read(FOLDER.resolve(name + ".json"))).isEqualTo(made);
        })).toList();
    }

    @TestFactory
    List<DynamicTest> areJudgedAsTheySay() {
        List<DynamicTest> tests = new ArrayList<>();
        FILES.forEach((name, make) -> make.get()
                .vectors()
                .forEach(vector -> tests.add(DynamicTest.dynamicTest(name + ": " + string(vector, "name"),
                        () -> judge(name, vector)))));
        return tests;
    }

    /** Too long to be committed; left in target for the other implementation. */
    @TestFactory
    List<DynamicTest> budgetsAreJudgedAsTheySay() throws IOException {
        VectorFile file = ChainVectors.makeLong();
        Path folder = Files.createDirectories(Path.of("target/handle-vectors"));
        Files.writeString(folder.resolve("chains-long.json"), file.text());
        return file.vectors()
                .stream()
                .map(vector -> DynamicTest.dynamicTest(string(vector, "name"), () -> judge("chains", vector)))
                .toList();
    }

    /** Nothing is thrown, whatever comes, and what is decided is left for the other implementation to decide. */
    @Test
    void decidesWhateverComes() throws IOException {
        Path folder = Files.createDirectories(Path.of("target/handle-vectors"));
        Map<String, VectorFile> files = Map.of("chains", MutatedVectors.chains(3_000), "bindings",
                MutatedVectors.bindings(3_000), "handles", MutatedVectors.handles(5_000), "cards",
                MutatedVectors.cards(5_000));
        for (Map.Entry<String, VectorFile> file : files.entrySet()) {
            Files.writeString(folder.resolve(file.getKey() + "-mutated.json"), file.getValue().text());
            assertThat(file.getValue().vectors()).extracting(vector -> string(vector, "verdict"))
                    .contains("VALID")
                    .hasSizeGreaterThan(2_000);
        }
    }

    @Test
    void showEveryReason() {
        List<String> shown = new ArrayList<>();
        FILES.values().forEach(make -> make.get().vectors().forEach(vector -> {
            shown.add(string(vector, "verdict"));
            vector.string("agreement").ifPresent(shown::add);
        }));
        ChainVectors.makeLong().vectors().forEach(vector -> shown.add(string(vector, "verdict")));

        assertThat(shown).contains(Arrays.stream(Reason.values()).map(Enum::name).toArray(String[]::new));
        assertThat(shown.stream().filter(verdict -> !verdict.equals("VALID")).count()).isGreaterThan(60);
    }

    private static void judge(String file, JsonObject vector) {
        switch (file) {
            case "signatures" -> judgeSignature(vector);
            case "chains" -> judgeChain(vector);
            case "bindings" -> judgeBindings(vector);
            case "proofs" -> assertThat(verdict(jws(string(vector, "proof")).flatMap(jws -> ProofOfPossession
                    .verify(jws, JwsKey.parse(string(vector, "signer")).orElseThrow(),
                            expected(vector.object("expected").orElseThrow())))))
                    .isEqualTo(string(vector, "verdict"));
            case "statuses" -> judgeStatuses(vector);
            case "handles" -> assertThat(verdict(Handle.parse(string(vector, "handle")))).as(string(vector, "handle"))
                    .isEqualTo(string(vector, "verdict"));
            case "cards" -> judgeCard(vector);
            case "fingerprints" -> judgeFingerprint(vector);
            default -> throw new IllegalStateException(file);
        }
    }

    private static void judgeSignature(JsonObject vector) {
        byte[] keyBytes = HexFormat.of().parseHex(string(vector, "key"));
        byte[] signature = HexFormat.of().parseHex(string(vector, "signature"));
        byte[] message = string(vector, "message").getBytes(StandardCharsets.UTF_8);
        Verdict<JwsKey> key = JwsKey.ofBytes(keyBytes);
        String verdict = signature.length != 64
                ? Reason.SIGNATURE_LENGTH.name()
                : key.reason().isPresent()
                        ? verdict(key)
                        : key.orElseThrow().verifies(message, signature) ? "VALID" : Reason.BAD_SIGNATURE.name();

        assertThat(verdict).isEqualTo(string(vector, "verdict"));
        assertThat(NaiveEd25519.verifies(keyBytes, message, signature)).isEqualTo(verdict.equals("VALID"));
    }

    private static void judgeChain(JsonObject vector) {
        List<String> texts = texts(vector, "operations");
        Verdict<Identity> identity = Verdict.refused(Reason.EMPTY_CHAIN);
        int at = 0;
        for (; at < texts.size(); at++) {
            Verdict<Identity> before = identity;
            Verdict<Jws> jws = jws(texts.get(at));
            identity = jws.flatMap(at == 0 ? Identity::genesis : read -> before.orElseThrow().apply(read));
            if (!identity.isValid()) {
                break;
            }
        }

        assertThat(verdict(identity)).isEqualTo(string(vector, "verdict"));
        if (identity.isValid()) {
            Identity valid = identity.orElseThrow();
            assertThat(valid.id().value()).isEqualTo(string(vector, "id"));
            assertThat(valid.head().value()).isEqualTo(string(vector, "head"));
            assertThat(vector.integer("seq")).contains(valid.seq());
            assertThat(vector.integer("epoch").orElse(valid.epoch())).isEqualTo(valid.epoch());
            vector.array("devices")
                    .ifPresent(devices -> assertThat(valid.devices()).extracting(JwsKey::x)
                            .isEqualTo(texts(vector, "devices")));
            vector.array("recovery")
                    .ifPresent(recovery -> assertThat(valid.recovery()).extracting(JwsKey::x)
                            .isEqualTo(texts(vector, "recovery")));
            assertThat(vector.bool("deactivated").orElse(valid.isDeactivated())).isEqualTo(valid.isDeactivated());
            assertThat(Identity.replay(texts.stream().map(text -> jws(text).orElseThrow()).toList()).orElseThrow())
                    .isEqualTo(valid);
        } else {
            assertThat(vector.integer("at")).contains((long) at);
        }
    }

    private static void judgeBindings(JsonObject vector) {
        Identity identity = identity(texts(vector, "operations"));
        List<String> texts = texts(vector, "bindings");
        Optional<SignedBinding> last = Optional.empty();
        String verdict = "VALID";
        int at = 0;
        for (; at < texts.size(); at++) {
            Verdict<SignedBinding> binding = jws(texts.get(at))
                    .flatMap(jws -> SignedBinding.verify(jws, identity));
            Optional<Reason> reason = binding.reason().isPresent()
                    ? binding.reason()
                    : last.flatMap(before -> binding.orElseThrow().follows(before));
            verdict = VectorFile.verdict(reason);
            if (reason.isPresent()) {
                break;
            }
            last = binding.toOptional();
            if (string(vector, "verdict").equals("VALID")) {
                assertThat(texts(vector, "op_ids").get(at)).isEqualTo(last.orElseThrow().opId().value());
            }
        }

        assertThat(verdict).isEqualTo(string(vector, "verdict"));
        if (verdict.equals("VALID")) {
            assertThat(last.orElseThrow().standing(identity).name()).isEqualTo(string(vector, "standing"));
        } else {
            assertThat(vector.integer("at")).contains((long) at);
        }
    }

    private static void judgeStatuses(JsonObject vector) {
        List<JwsKey> keys = texts(vector, "keys").stream().map(x -> JwsKey.parse(x).orElseThrow()).toList();
        List<Verdict<Status>> statuses = texts(vector, "statuses").stream()
                .map(text -> jws(text).flatMap(jws -> Status.verify(jws, keys)))
                .toList();

        assertThat(statuses).extracting(HandleVectorsTest::verdict).containsOnly(string(vector, "verdict"));
        if (statuses.size() == 2) {
            Status one = statuses.get(0).orElseThrow();
            Status other = statuses.get(1).orElseThrow();
            assertThat(vector.bool("contradicts")).contains(one.contradicts(other)).contains(other.contradicts(one));
        }
    }

    private static void judgeCard(JsonObject vector) {
        Verdict<Card> card = Card.parse(string(vector, "card"));

        assertThat(verdict(card)).as(string(vector, "card")).isEqualTo(string(vector, "verdict"));
        card.toOptional().ifPresent(valid -> {
            vector.string("id").ifPresent(id -> assertThat(valid.id().value()).isEqualTo(id));
            vector.integer("epoch").ifPresent(epoch -> assertThat(valid.epoch()).isEqualTo(epoch.intValue()));
            vector.integer("head_seq").ifPresent(seq -> assertThat(valid.headSeq()).isEqualTo(seq.intValue()));
            if (vector.get("id").isPresent()) {
                assertThat(valid.handle().map(Handle::toString)).isEqualTo(vector.string("handle"));
            }
            vector.string("agreement")
                    .ifPresent(agreement -> assertThat(VectorFile.verdict(valid
                            .disagreementWith(identity(texts(vector, "operations"))))).isEqualTo(agreement));
        });
    }

    private static void judgeFingerprint(JsonObject vector) {
        vector.string("text")
                .ifPresent(text -> assertThat(verdict(Fingerprint.parse(text))).isEqualTo(string(vector, "verdict")));
        vector.array("chains").ifPresent(chains -> {
            List<Identity> two = chains.items()
                    .stream()
                    .map(chain -> identity(strings(chain)))
                    .toList();
            assertThat(Fingerprint.of(two.get(0), two.get(1))).hasToString(string(vector, "fingerprint"));
        });
    }

    private static Identity identity(List<String> operations) {
        return Identity.replay(operations.stream().map(text -> jws(text).orElseThrow()).toList()).orElseThrow();
    }

    private static ProofOfPossession.Request expected(JsonObject expected) {
        return new ProofOfPossession.Request(string(expected, "aud"),
                new ProofOfPossession.Nonce(string(expected, "nonce")), new OpId(string(expected, "b")),
                ProofOfPossession.Method.valueOf(string(expected, "htm")), string(expected, "htu"));
    }

    /** Reads a text twice, as characters and as bytes, and what is valid once more as it writes it. */
    private static Verdict<Jws> jws(String text) {
        Verdict<Jws> jws = Jws.parse(text);
        assertThat(Jws.parse(text.getBytes(StandardCharsets.UTF_8)).reason()).isEqualTo(jws.reason());
        jws.toOptional()
                .ifPresent(
                        read -> assertThat(Jws.parse(read.toText()).orElseThrow().toText()).isEqualTo(read.toText()));
        return jws;
    }

    private static String verdict(Verdict<?> verdict) {
        return VectorFile.verdict(verdict.reason());
    }

    private static List<String> texts(JsonObject vector, String name) {
        return vector.array(name).map(HandleVectorsTest::strings).orElseThrow();
    }

    private static List<String> strings(Json array) {
        return ((JsonArray) array).items()
                .stream()
                .map(item -> ((JsonString) item).value())
                .toList();
    }

    private static String read(Path path) throws IOException {
        return Files.readString(path);
    }
}
