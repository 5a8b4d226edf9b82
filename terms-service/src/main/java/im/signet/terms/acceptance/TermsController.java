package im.signet.terms.acceptance;

import im.signet.kit.token.Caller;
import im.signet.kit.web.NeedsToken;
import im.signet.kit.web.OpenToAll;
import im.signet.kit.web.Params;
import im.signet.protocol.json.JsonObject;
import im.signet.terms.policy.Policies;
import im.signet.terms.policy.Policy;

import java.util.Map;

import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/// `GET` and `POST /terms`.
///
/// @see <a href="https://spec.matrix.org/latest/identity-service-api/#terms-of-service">Terms of service</a>
@RestController
@RequestMapping("/_matrix/identity/v2/terms")
final class TermsController {

    private static final int MAX_URLS = 1000;

    private final Policies policies;
    private final Acceptances acceptances;

    TermsController(Policies policies, Acceptances acceptances) {
        this.policies = policies;
        this.acceptances = acceptances;
    }

    @OpenToAll
    @GetMapping
    JsonObject terms() {
        JsonObject.Builder byId = JsonObject.builder();
        for (Policy policy : policies.inForce()) {
            JsonObject.Builder body = JsonObject.builder().put("version", policy.version());
            for (Map.Entry<String, Policy.Document> document : policy.documents().entrySet()) {
                body.put(document.getKey(), JsonObject.builder()
                        .put("name", document.getValue().name())
                        .put("url", document.getValue().url())
                        .build());
            }
            byId.put(policy.id(), body.build());
        }
        return JsonObject.builder().put("policies", byId.build()).build();
    }

    @NeedsToken(termsMayBeOutstanding = true)
    @PostMapping
    JsonObject accept(@AuthenticationPrincipal Caller caller, Params params) {
        acceptances.accept(caller, params.strings("user_accepts", MAX_URLS, Policy.MAX_URL_LENGTH));
        return JsonObject.of();
    }
}
