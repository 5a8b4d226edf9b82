package im.signet.identity.lookup;

import im.signet.kit.metric.Tally;
import im.signet.kit.token.Caller;
import im.signet.kit.web.BodyLimit;
import im.signet.kit.web.ClientAddress;
import im.signet.kit.web.NeedsToken;
import im.signet.kit.web.Params;
import im.signet.protocol.error.ErrorCode;
import im.signet.protocol.json.JsonArray;
import im.signet.protocol.json.JsonObject;

import java.time.Duration;
import java.util.List;
import java.util.Map;

import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

/// `GET /hash_details` and `POST /lookup`.
///
/// @see <a href="https://spec.matrix.org/latest/identity-service-api/#association-lookup">Association lookup</a>
@RestController
final class LookupController {

    private static final int MAX_ADDRESS = 1024;

    private static final Tally.By<Outcome> LOOKUPS = Tally.by("signet.lookups", "Lookups", "outcome", Outcome.class);
    private static final Tally.Total ASKED = Tally.of("signet.lookup.addresses",
            "Hashes in lookups that were answered");
    private static final Tally.Total FOUND = Tally.of("signet.lookup.found", "Hashes that were found in lookups");

    private final Lookup lookup;
    private final LookupProperties settings;

    LookupController(Lookup lookup, LookupProperties settings) {
        this.lookup = lookup;
        this.settings = settings;
    }

    /** What came of a lookup. */
    private enum Outcome {
        ANSWERED, WRONG_PEPPER, OVER_BUDGET
    }

    @NeedsToken(alsoInQuery = true)
    @GetMapping("/_matrix/identity/v2/hash_details")
    JsonObject hashDetails() {
        return JsonObject.builder()
                .put("lookup_pepper", lookup.pepper().value())
                .put("algorithms", JsonArray.ofStrings(offered()))
                .build();
    }

    @NeedsToken
    @BodyLimit(bytes = 1024 * 1024)
    @PostMapping("/_matrix/identity/v2/lookup")
    JsonObject lookup(@AuthenticationPrincipal Caller caller, ClientAddress client, Params params) {
        params.require("algorithm", "pepper", "addresses");
        Algorithm algorithm = Algorithm.called(params.string("algorithm", 255))
                .filter(settings.algorithms()::contains)
                .orElseThrow(() -> ErrorCode.M_INVALID_PARAM.because("algorithm: this server knows "
                        + String.join(" and ", offered())));
        String pepper = params.string("pepper", 255);
        List<String> sent = params.strings("addresses", settings.maxAddresses(), MAX_ADDRESS);
        Lookup.Answer answer = lookup.find(Subject.of(caller.user(), client), algorithm, pepper, sent);
        LOOKUPS.add(outcomeOf(answer));
        return switch (answer) {
            case Lookup.Answer.Found(Map<String, String> users) -> {
                ASKED.add(sent.size());
                FOUND.add(users.size());
                JsonObject.Builder mappings = JsonObject.builder();
                users.forEach(mappings::put);
                yield JsonObject.builder().put("mappings", mappings.build()).build();
            }
            case Lookup.Answer.WrongPepper(var current) -> throw ErrorCode.M_INVALID_PEPPER
                    .because("that pepper is not in use; hash with the one in lookup_pepper")
                    .withExtra("algorithm", algorithm.wireName())
                    .withExtra("lookup_pepper", current.value());
            case Lookup.Answer.OverBudget(Duration retryAfter) -> throw ErrorCode.M_LIMIT_EXCEEDED
                    .because("too many addresses were asked for by this account or from where it is")
                    .withRetryAfter(retryAfter);
        };
    }

    private static Outcome outcomeOf(Lookup.Answer answer) {
        return switch (answer) {
            case Lookup.Answer.Found _ -> Outcome.ANSWERED;
            case Lookup.Answer.WrongPepper _ -> Outcome.WRONG_PEPPER;
            case Lookup.Answer.OverBudget _ -> Outcome.OVER_BUDGET;
        };
    }

    private List<String> offered() {
        return settings.algorithms().stream().map(Algorithm::wireName).toList();
    }
}
