package im.signet.identity.lookup;

import im.signet.kit.web.BodyLimit;
import im.signet.kit.web.NeedsToken;
import im.signet.kit.web.Params;
import im.signet.protocol.error.ErrorCode;
import im.signet.protocol.hash.LookupHash;
import im.signet.protocol.json.JsonArray;
import im.signet.protocol.json.JsonObject;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

/// `GET /hash_details` and `POST /lookup`.
///
/// @see <a href="https://spec.matrix.org/latest/identity-service-api/#association-lookup">Association lookup</a>
@RestController
final class LookupController {

    private static final String SHA256 = "sha256";
    private static final int MAX_ADDRESS = 1024;

    private final Lookup lookup;
    private final LookupProperties settings;

    LookupController(Lookup lookup, LookupProperties settings) {
        this.lookup = lookup;
        this.settings = settings;
    }

    @NeedsToken(alsoInQuery = true)
    @GetMapping("/_matrix/identity/v2/hash_details")
    JsonObject hashDetails() {
        return JsonObject.builder()
                .put("lookup_pepper", lookup.pepper().value())
                .put("algorithms", JsonArray.ofStrings(List.of(SHA256)))
                .build();
    }

    @NeedsToken
    @BodyLimit(bytes = 1024 * 1024)
    @PostMapping("/_matrix/identity/v2/lookup")
    JsonObject lookup(Params params) {
        params.require("algorithm", "pepper", "addresses");
        if (!params.string("algorithm", 255).equals(SHA256)) {
            throw ErrorCode.M_INVALID_PARAM.because("algorithm: this server knows sha256 only");
        }
        String pepper = params.string("pepper", 255);
        // By what was sent: a client finds an answer under the very string it asked for. What is no hash matches nothing.
        Map<String, LookupHash> asked = new LinkedHashMap<>();
        for (String sent : params.strings("addresses", settings.maxAddresses(), MAX_ADDRESS)) {
            LookupHash.parse(sent).toOptional().ifPresent(hash -> asked.put(sent, hash));
        }
        return switch (lookup.find(pepper, asked.values())) {
            case Lookup.Answer.Found(Map<LookupHash, String> users) -> {
                JsonObject.Builder mappings = JsonObject.builder();
                asked.forEach((sent, hash) -> {
                    String user = users.get(hash);
                    if (user != null) {
                        mappings.put(sent, user);
                    }
                });
                yield JsonObject.builder().put("mappings", mappings.build()).build();
            }
            case Lookup.Answer.WrongPepper(var current) -> throw ErrorCode.M_INVALID_PEPPER
                    .because("that pepper is not in use; hash with the one in lookup_pepper")
                    .withExtra("algorithm", SHA256)
                    .withExtra("lookup_pepper", current.value());
        };
    }
}
