package im.signet.names;

import im.signet.protocol.handle.Identity;
import im.signet.protocol.handle.Jws;
import im.signet.protocol.handle.JwsKey;
import im.signet.protocol.handle.ProofOfPossession;
import im.signet.protocol.handle.SignedBinding;
import im.signet.protocol.handle.Status;
import im.signet.protocol.handle.Verdict;
import im.signet.protocol.json.Json;
import im.signet.protocol.json.JsonArray;
import im.signet.protocol.json.JsonObject;
import im.signet.protocol.json.JsonString;
import im.signet.protocol.json.StrictJson;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;

/**
 * What a run has said over HTTP, and altered copies of it, beside the verdict that we give: left in
 * {@code target/handle-vectors}, in the form of {@code protocol}'s vectors, for {@code .ci/verify-handles.mjs} to give the
 * same.
 */
final class RunVectors {

    /** A file has that many vectors at most. */
    private static final int ENOUGH = 400;

    private final String run;
    private final Random random = new Random(7);
    private final Map<String, List<JsonObject>> vectors = new TreeMap<>();
    private final Set<String> seen = new HashSet<>();

    RunVectors(String run) {
        this.run = run;
    }

    /** Takes note of a bundle, and of copies in each part of which something was altered. */
    void bundle(JsonObject bundle, List<JwsKey> statusKeys) {
        List<String> chain = bundle.array("identity").orElseThrow().items().stream().map(StrictJson::write).toList();
        String binding = StrictJson.write(bundle.object("binding").orElseThrow());
        if (seen.add(chain.size() + chain.getLast())) {
            chain(chain);
            int at = random.nextInt(chain.size());
            List<String> altered = new ArrayList<>(chain);
            altered.set(at, altered(chain.get(at)));
            chain(altered);
        }
        if (seen.add(chain.size() + chain.getLast() + binding)) {
            binding(chain, binding);
            binding(chain, altered(binding));
            if (chain.size() > 1) {
                binding(chain.subList(0, chain.size() - 1), binding);
            }
        }
        status(bundle.object("status").orElseThrow(), statusKeys);
    }

    /** Takes note of a status. */
    void status(JsonObject json, List<JwsKey> keys) {
        String text = StrictJson.write(json);
        if (seen.add(text)) {
            oneStatus(text, keys);
            oneStatus(altered(text), keys);
            oneStatus(text, List.of(Owner.key().key()));
        }
    }

    /** Takes note of a proof of possession, right or not. */
    void proof(Jws proof, JwsKey signer, ProofOfPossession.Request expected) {
        for (String text : List.of(proof.toText(), altered(proof.toText()))) {
            Verdict<ProofOfPossession> verdict = Jws.parse(text)
                    .flatMap(jws -> ProofOfPossession.verify(jws, signer, expected));
            add("proofs", JsonObject.builder()
                    .put("verdict", word(verdict))
                    .put("signer", signer.x())
                    .put("expected", JsonObject.builder()
                            .put("aud", expected.audience())
                            .put("nonce", expected.nonce().value())
                            .put("b", expected.binding().value())
                            .put("htm", expected.method().name())
                            .put("htu", expected.uri())
                            .build())
                    .put("proof", text));
        }
    }

    private void chain(List<String> texts) {
        Verdict<Identity> verdict = Jws.parse(texts.getFirst()).flatMap(Identity::genesis);
        long at = 0;
        while (verdict.isValid() && at + 1 < texts.size()) {
            at++;
            String next = texts.get((int) at);
            verdict = verdict.flatMap(state -> Jws.parse(next).flatMap(state::apply));
        }
        JsonObject.Builder vector = JsonObject.builder()
                .put("verdict", word(verdict))
                .put("operations", JsonArray.ofStrings(texts));
        if (verdict.isValid()) {
            Identity identity = verdict.orElseThrow();
            vector.put("id", identity.id().value())
                    .put("head", identity.head().value())
                    .put("seq", identity.seq())
                    .put("epoch", identity.epoch())
                    .put("home", identity.home().value())
                    .put("recovery", JsonArray.ofStrings(identity.recovery().stream().map(JwsKey::x).toList()))
                    .put("devices", JsonArray.ofStrings(identity.devices().stream().map(JwsKey::x).toList()))
                    .put("deactivated", identity.isDeactivated());
        } else {
            vector.put("at", at);
        }
        add("chains", vector);
    }

    private void binding(List<String> chain, String text) {
        Identity identity = Identity.replay(chain.stream().map(each -> Jws.parse(each).orElseThrow()).toList())
                .orElseThrow();
        Verdict<SignedBinding> verdict = Jws.parse(text).flatMap(jws -> SignedBinding.verify(jws, identity));
        JsonObject.Builder vector = JsonObject.builder()
                .put("verdict", word(verdict))
                .put("operations", JsonArray.ofStrings(chain))
                .put("bindings", JsonArray.ofStrings(List.of(text)));
        if (verdict.isValid()) {
            SignedBinding binding = verdict.orElseThrow();
            vector.put("standing", binding.standing(identity).name())
                    .put("op_ids", JsonArray.ofStrings(List.of(binding.opId().value())));
        } else {
            vector.put("at", 0);
        }
        add("bindings", vector);
    }

    private void oneStatus(String text, List<JwsKey> keys) {
        Verdict<Status> verdict = Jws.parse(text).flatMap(jws -> Status.verify(jws, keys));
        add("statuses", JsonObject.builder()
                .put("verdict", word(verdict))
                .put("keys", JsonArray.ofStrings(keys.stream().map(JwsKey::x).toList()))
                .put("statuses", JsonArray.ofStrings(List.of(text))));
    }

    private static String word(Verdict<?> verdict) {
        return verdict.reason().map(Enum::name).orElse("VALID");
    }

    private String altered(String text) {
        StringBuilder altered = new StringBuilder(text);
        int at = random.nextInt(altered.length());
        char other = "ABxyz019-_\"{},:.".charAt(random.nextInt(16));
        switch (random.nextInt(3)) {
            case 0 -> altered.insert(at, other);
            case 1 -> altered.deleteCharAt(at);
            default -> altered.setCharAt(at, other);
        }
        return altered.toString();
    }

    private void add(String kind, JsonObject.Builder members) {
        List<JsonObject> list = vectors.computeIfAbsent(kind, _ -> new ArrayList<>());
        if (list.size() < ENOUGH) {
            JsonObject.Builder vector = JsonObject.builder().put("name", run + "-" + list.size());
            members.build().members().forEach(vector::put);
            list.add(vector.build());
        }
    }

    /** Returns how many vectors of a kind we find valid, or refuse. */
    long count(String kind, boolean valid) {
        return vectors.getOrDefault(kind, List.of())
                .stream()
                .filter(vector -> vector.string("verdict").orElseThrow().equals("VALID") == valid)
                .count();
    }

    /** Writes one file for each kind of record. */
    void write() {
        try {
            Path folder = Files.createDirectories(Path.of("target", "handle-vectors"));
            for (Map.Entry<String, List<JsonObject>> kind : vectors.entrySet()) {
                Json file = JsonObject.builder()
                        .put("about", new JsonString("Over HTTP, and altered: " + run))
                        .put("vectors", JsonArray.of(kind.getValue()))
                        .build();
                Files.writeString(folder.resolve(kind.getKey() + "-" + run + ".json"), StrictJson.write(file),
                        StandardCharsets.UTF_8);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
