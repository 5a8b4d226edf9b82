package im.signet.cli;

import im.signet.cli.Outcome.Style;
import im.signet.client.AcceptedTerms;
import im.signet.client.Consent;
import im.signet.client.Failure;
import im.signet.client.IdentityServer;
import im.signet.client.OverviewLink;
import im.signet.client.Policy;
import im.signet.client.PolicyText;
import im.signet.client.Purpose;
import im.signet.client.Session;
import im.signet.client.Terms;
import im.signet.protocol.json.Json;
import im.signet.protocol.json.JsonArray;
import im.signet.protocol.json.JsonObject;
import im.signet.protocol.json.JsonString;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(name = "terms", description = "Read and accept the server's terms, see what it keeps of you, and take it back.", subcommands = {
    TermsCommands.Show.class, TermsCommands.Accept.class, TermsCommands.Manage.class})
final class TermsCommands extends Group {

    @Command(name = "show", description = "Show the terms of the chosen server, or of another; needs no account.")
    static final class Show extends Act {

        @Option(names = "--identity-server", paramLabel = "URL", description = "whose terms")
        private Optional<URI> other = Optional.empty();

        @Override
        Outcome run(App app) {
            IdentityServer server = other.map(app::named).orElseGet(app::chosenServer);
            Terms terms = app.terms(server);
            AcceptedTerms accepted = other.isPresent() ? AcceptedTerms.none() : app.acceptedTerms();
            List<Policy> outstanding = terms.outstanding(accepted);
            Outcome outcome = Outcome.done();
            if (terms.policies().isEmpty()) {
                outcome = outcome.and(server.baseUrl() + " states no terms.");
            }
            List<Json> policies = new ArrayList<>();
            for (Policy policy : terms.policies()) {
                boolean isAccepted = other.isEmpty() && !outstanding.contains(policy);
                outcome = outcome.and(Style.BOLD, policy.id() + " " + policy.version()
                        + (isAccepted ? " (accepted)" : ""));
                JsonObject.Builder texts = JsonObject.builder();
                for (PolicyText text : policy.texts()) {
                    outcome = outcome.and("  " + text.language() + "  " + text.name() + "  " + text.url());
                    texts.put(text.language(), JsonObject.builder()
                            .put("name", text.name())
                            .put("url", text.url().toString())
                            .build());
                }
                policies.add(JsonObject.builder()
                        .put("id", policy.id())
                        .put("version", policy.version())
                        .put("accepted", isAccepted)
                        .put("texts", texts.build())
                        .build());
            }
            return outcome.with("server", server.baseUrl().toString()).with("policies", JsonArray.of(policies));
        }
    }

    @Command(name = "accept", description = "Accept the terms that are outstanding.")
    static final class Accept extends Act {

        @Override
        Outcome run(App app) {
            App.Agreed<Purpose.HaveAccount> agreed = app.agreed(Purpose.HAVE_ACCOUNT);
            Consent<Purpose.HaveAccount> consent = agreed.consent();
            app.acceptTerms(agreed.session(), consent);
            Outcome outcome = Outcome.done(consent.acceptedPolicies().isEmpty()
                    ? "There is nothing to accept."
                    : "You have accepted, at " + consent.server() + ":");
            List<Json> urls = new ArrayList<>();
            for (var policy : consent.acceptedPolicies()) {
                outcome = outcome.and("  " + policy.id() + " " + policy.version() + "  " + policy.url());
                urls.add(new JsonString(policy.url().toString()));
            }
            return outcome.with("accepted", JsonArray.of(urls));
        }
    }

    @Command(name = "manage", description = {
        "Get a link to the page on which you see what the server keeps of you, and can withdraw or erase all of it.",
        "Open it in your browser yourself: it works once."})
    static final class Manage extends Act {

        @Override
        Outcome run(App app) {
            Account account = app.account();
            IdentityServer server = app.chosenServer();
            if (account.user().isEmpty() || account.token().isEmpty()) {
                return Outcome.not(Exit.FIRST, "Nobody is logged in: signet login.");
            }
            // Who wants to leave need not accept anything first.
            Consent<Purpose.HaveAccount> consent = app.terms(server).consentTo(Purpose.HAVE_ACCOUNT).give();
            Session session = app.session(server.resume(consent, account.token().get(), account.user().get()));
            return switch (session.overviewLink()) {
                case OverviewLink.Link(URI url, Duration validFor) ->
                    Outcome.done(url.toString())
                            .with("url", url.toString())
                            .and(Style.FAINT, "It works once, for " + Words.of(validFor) + ".");
                case OverviewLink.NotOffered _ -> Outcome.not(Exit.NO, "This server has no such page.");
                case Failure failure -> Words.of(failure);
            };
        }
    }
}
