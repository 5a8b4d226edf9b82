package im.signet.names.identity;

import im.signet.kit.limit.Limits;
import im.signet.kit.token.Caller;
import im.signet.kit.web.ClientAddress;
import im.signet.kit.web.NeedsToken;
import im.signet.kit.web.OpenToAll;
import im.signet.kit.web.Params;
import im.signet.kit.web.ServiceName;
import im.signet.names.problem.Problem;
import im.signet.names.problem.ProblemCode;
import im.signet.names.setting.NamesLimits;
import im.signet.protocol.handle.Identity;
import im.signet.protocol.handle.IdentityId;
import im.signet.protocol.json.JsonBoolean;
import im.signet.protocol.json.JsonObject;

import java.time.Duration;

import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.http.CacheControl;
import org.springframework.http.ResponseEntity;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/// `/_signet/ns/v1/identities`: chains, to read and to go on.
@RestController
@RequestMapping("/_signet/ns/v1/identities")
final class ChainController {

    private static final Duration FRESH = Duration.ofSeconds(60);

    private final Identities identities;
    private final Limits limits;
    private final NamesLimits rates;

    ChainController(Identities identities, @Qualifier("namesLimits") Limits limits, NamesLimits rates) {
        this.identities = identities;
        this.limits = limits;
        this.rates = rates;
    }

    @OpenToAll
    @GetMapping("/{id}")
    ResponseEntity<JsonObject> chain(@PathVariable String id, ClientAddress client, Params params) {
        limits.take(rates.readsPerNetwork().by(client));
        IdentityId name = Problem.orThrow(IdentityId.parse(id));
        long from = params.asJson().get("since").isPresent()
                ? params.integer("since", 0, Identity.MAX_OPERATIONS) + 1
                : 0;
        IdentityChain chain = identities.find(name).orElseThrow(() -> Problem.of(ProblemCode.NOT_FOUND));
        Identity identity = chain.identity();
        JsonObject all = summary(identity).with("operations", chain.toJson(from));
        boolean restored = identities.isRestored(name);
        return ResponseEntity.ok()
                .cacheControl(CacheControl.maxAge(FRESH).cachePublic())
                .eTag(identity.head().value() + "." + from + (restored ? ".restored" : ""))
                .header("Access-Control-Expose-Headers", "ETag")
                .body(restored ? all.with("restored", new JsonBoolean(true)) : all);
    }

    /**
     * The operation is its own credential; the account is for the limits, so any account will do, and one that has terms to
     * accept can throw a stolen device out all the same.
     */
    @NeedsToken(service = ServiceName.NAMES, termsMayBeOutstanding = true)
    @PutMapping("/{id}/ops/{seq}")
    ResponseEntity<JsonObject> append(@PathVariable String id, @PathVariable String seq,
            @AuthenticationPrincipal Caller caller, Params params) {
        limits.take(rates.requestsPerAccount().by(caller.user().value()));
        Identities.Outcome outcome = identities.append(Problem.orThrow(IdentityId.parse(id)), Envelopes.seq(seq),
                Envelopes.read(params.asJson()));
        return ResponseEntity.status(outcome.added() ? 201 : 200).body(summary(outcome.chain().identity()));
    }

    private static JsonObject summary(Identity identity) {
        return JsonObject.builder()
                .put("id", identity.id().value())
                .put("seq", identity.seq())
                .put("head", identity.head().value())
                .build();
    }
}
