package im.signet.client;

import im.signet.protocol.Parsed;
import im.signet.protocol.hash.Pepper;
import im.signet.protocol.json.Json;
import im.signet.protocol.json.JsonArray;
import im.signet.protocol.json.JsonObject;
import im.signet.protocol.json.JsonString;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** How a server wants addresses hashed: the answer of {@code GET /hash_details}. */
record HashDetails(Pepper pepper, List<String> algorithms) {
    static final String SHA256 = "sha256";
    static final String NONE = "none";

    /** Returns the details in {@code answer}. */
    static Parsed<HashDetails> parse(JsonObject answer) {
        Optional<JsonArray> algorithms = answer.array("algorithms");
        Optional<String> pepper = answer.string("lookup_pepper");
        if (!algorithms.isPresent() || !pepper.isPresent()) {
            return Parsed.refused("the hash details have no list 'algorithms' or no text 'lookup_pepper'");
        }
        return Pepper.parse(pepper.get()).map(value -> new HashDetails(value, texts(algorithms.get())));
    }

    /** Returns the new pepper that a server put into its M_INVALID_PEPPER; empty when it did not, or not for the algorithm. */
    static Optional<Pepper> newPepper(JsonObject error, String algorithm) {
        return error.string("algorithm").orElse(algorithm).equals(algorithm)
                ? error.string("lookup_pepper").flatMap(text -> Pepper.parse(text).toOptional())
                : Optional.empty();
    }

    boolean offers(String algorithm) {
        return algorithms.contains(algorithm);
    }

    private static List<String> texts(JsonArray array) {
        List<String> texts = new ArrayList<>();
        for (Json item : array.items()) {
            if (item instanceof JsonString text) {
                texts.add(ShownText.of(text.value()));
            }
        }
        return texts;
    }
}
