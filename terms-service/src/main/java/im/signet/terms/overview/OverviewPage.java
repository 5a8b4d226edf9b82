package im.signet.terms.overview;

import im.signet.kit.page.Audience;
import im.signet.kit.page.Pages;
import im.signet.terms.acceptance.Acceptance;
import im.signet.terms.acceptance.Acceptances;
import im.signet.terms.acceptance.Receipt;
import im.signet.terms.account.TokenInfo;
import im.signet.terms.account.Tokens;
import im.signet.terms.policy.Policies;
import im.signet.terms.policy.Policy;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Component;

/** Puts together what is kept of a user, for the page that shows it. */
@Component
final class OverviewPage {

    private static final Set<String> KINDS = Set.of("email", "msisdn", "handle");

    private final Acceptances acceptances;
    private final Policies policies;
    private final Tokens tokens;
    private final AllHoldings services;
    private final Pages pages;

    OverviewPage(Acceptances acceptances, Policies policies, Tokens tokens, AllHoldings services, Pages pages) {
        this.acceptances = acceptances;
        this.policies = policies;
        this.tokens = tokens;
        this.services = services;
        this.pages = pages;
    }

    ResponseEntity<String> of(View view, Audience audience) {
        List<TokenInfo> live = tokens.tokensOf(view.user());
        String asking = tokens.idOf(view.tokenHash()).orElse("");
        Kept kept = services.of(view.user());
        Map<String, Object> values = new LinkedHashMap<>();
        values.put("user", view.user().value());
        values.put("until", Dates.of(view.expiresAt(), audience));
        values.put("view", view.secret().value());
        values.put("policies", acceptances.receiptsOf(view.user())
                .stream()
                .map(receipt -> policy(receipt, audience))
                .toList());
        values.put("tokens", live.stream().map(token -> token(token, asking, audience)).toList());
        values.put("holdings", kept.entries().stream().map(entry -> holding(entry, audience)).toList());
        values.put("unanswered", kept.unanswered().stream().map(service -> Map.of("service", service)).toList());
        values.put("others", live.size() > 1 ? "yes" : "no");
        values.put("receiptsPath", pages.path(audience, OverviewController.RECEIPTS));
        values.put("endPath", pages.path(audience, OverviewController.END_TOKEN));
        values.put("othersPath", pages.path(audience, OverviewController.END_OTHERS));
        values.put("leavePath", pages.path(audience, EndingController.LEAVE));
        return pages.page(200, OverviewTemplates.OVERVIEW, audience, values);
    }

    private Map<String, String> policy(Receipt receipt, Audience audience) {
        Acceptance acceptance = receipt.acceptance();
        Optional<Policy> inForce = policies.inForce()
                .stream()
                .filter(policy -> policy.id().equals(acceptance.policy()))
                .findFirst();
        boolean current = inForce.filter(policy -> policy.version().equals(acceptance.version())).isPresent();
        return Map.of("name",
                inForce.flatMap(policy -> Optional.ofNullable(policy.documents().get(acceptance.language())))
                        .map(Policy.Document::name)
                        .orElse(acceptance.policy()),
                "version", acceptance.version(),
                "inLanguage", Locale.forLanguageTag(acceptance.language()).getDisplayName(audience.language()),
                "when", Dates.of(acceptance.acceptedAt(), audience),
                "url", acceptance.url(),
                "state", acceptance.isWithdrawn() ? "withdrawn" : current ? "inforce" : "earlier",
                "receipt", receipt.jws());
    }

    private static Map<String, String> token(TokenInfo token, String asking, Audience audience) {
        return Map.of("id", token.id(),
                "created", Dates.of(token.createdAt(), audience),
                "used", Dates.of(token.lastUsedAt(), audience),
                "expires", Dates.of(token.expiresAt(), audience),
                "asked", token.id().equals(asking) ? "yes" : "no");
    }

    private static Map<String, String> holding(Kept.Entry entry, Audience audience) {
        return Map.of("shown", entry.holding().shown(),
                "kind", kind(entry),
                "service", entry.service(),
                "since", Dates.of(entry.holding().since(), audience));
    }

    /** Returns the word that chooses the name of what is kept. */
    static String kind(Kept.Entry entry) {
        return KINDS.contains(entry.holding().kind()) ? entry.holding().kind() : "other";
    }
}
