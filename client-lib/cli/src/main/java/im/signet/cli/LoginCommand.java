package im.signet.cli;

import im.signet.client.AcceptedTerms;
import im.signet.client.AcceptedTermsReading;
import im.signet.client.Consent;
import im.signet.client.Failure;
import im.signet.client.Homeserver;
import im.signet.client.IdentityServer;
import im.signet.client.OpenIdReading;
import im.signet.client.OpenIdToken;
import im.signet.client.ProposalReading;
import im.signet.client.Purpose;
import im.signet.client.ServerChoice;
import im.signet.client.ServerProposal;
import im.signet.client.Session;
import im.signet.client.Terms;
import im.signet.protocol.identifier.UserId;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.Optional;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "login", description = {
    "Choose an identity server, read and accept its terms, and log in there with your homeserver's word for you.",
    "There is no server that is used by itself: you name one, or agree to the one that your homeserver proposes."})
final class LoginCommand extends Act {

    @Parameters(index = "0", arity = "0..1", paramLabel = "USER", description = "your Matrix ID, @user:server")
    private Optional<String> user = Optional.empty();

    @Option(names = "--identity-server", paramLabel = "URL", description = "the identity server to use")
    private Optional<String> server = Optional.empty();

    @Option(names = "--no-identity-server", description = "use none, and do not ask again")
    private boolean none;

    @Mixin
    private HomeserverOptions homeservers = new HomeserverOptions();

    @Option(names = "--openid-file", paramLabel = "FILE", description = "log in with an OpenID object of your homeserver in place of its access token, - for the input")
    private Optional<Path> openIdFile = Optional.empty();

    @Option(names = "--share-accepted-terms", description = "take and keep which terms you accepted in your account data at the homeserver, for all your clients")
    private boolean shared;

    @Option(names = "--trust-nameserver", paramLabel = "URL", description = "a nameserver apart from the identity server, of the same operator, that may be given your session")
    private Optional<String> nameserver = Optional.empty();

    @Override
    Outcome run(App app) {
        Account old = app.account();
        Optional<Account> before = old.token().isPresent() ? Optional.of(old) : Optional.empty();
        if (none) {
            before.ifPresent(account -> endOf(account, app));
            app.put(old.choosing(new Account.Choice(Optional.empty())));
            return Outcome.done("No identity server will be used.");
        }
        UserId id = userId(old);
        Optional<URI> trusted = nameserver.map(typed -> ServerChoice.parse(typed)
                .orElseThrow(reason -> new Ended(Exit.USAGE, "--trust-nameserver: " + reason + "."))
                .baseUrl());
        app.vault();
        IdentityServer chosen = app.named(choose(id, app));
        if (chosen.status() instanceof Failure failure) {
            return Words.of(failure);
        }
        Terms terms = app.terms(chosen);
        Optional<Homeserver> homeserver = openIdFile.isPresent()
                ? Optional.empty()
                : Optional.of(homeservers.of(id, app));
        if (shared) {
            app.vault().put("terms", sharedTerms(homeserver).toAccountData());
        }
        app.tell("This logs you in at " + chosen.baseUrl() + ":");
        app.tell("  " + Purpose.HAVE_ACCOUNT.inWords());
        Consent<Purpose.HaveAccount> consent = app.consent(terms, Purpose.HAVE_ACCOUNT);
        Session session = app.session(chosen.connect(consent, openId(homeserver, app)));
        if (!session.userId().equals(id)) {
            session.logout();
            return Outcome.not(Exit.NO, "Your homeserver vouched for " + session.userId() + ", not for " + id + ".");
        }
        Account account = app.account()
                .choosing(new Account.Choice(Optional.of(chosen.baseUrl())))
                .loggedIn(id, session.accessToken())
                .agreeing("HaveAccount");
        app.put(trusted.map(account::trusting).orElse(account));
        before.ifPresent(earlier -> endOf(earlier, app));
        app.accepted(consent);
        if (shared && homeserver.get().keepAccepted(consent) instanceof Failure failure) {
            app.tell("Your homeserver does not keep which terms you accepted: "
                    + Words.of(failure).lines().getFirst().text());
        }
        return Outcome.done("You are logged in at " + chosen.baseUrl() + " as " + id + ".")
                .with("server", chosen.baseUrl().toString())
                .with("user", id.value());
    }

    /** Ends an earlier session, which nobody could end any more once its token is written over. */
    private static void endOf(Account earlier, App app) {
        if (LogoutCommand.end(earlier, app) instanceof Failure failure) {
            app.tell("Your earlier session could not be ended: " + Words.of(failure).lines().getFirst().text());
        }
    }

    private UserId userId(Account account) {
        if (user.isEmpty()) {
            return account.user().orElseThrow(() -> new Ended(Exit.USAGE, "Who are you? signet login @user:server"));
        }
        return UserId.parse(user.get())
                .orElseThrow(reason -> new Ended(Exit.USAGE, "A Matrix ID has the form @user:server: " + reason + "."));
    }

    private URI choose(UserId id, App app) {
        if (server.isPresent()) {
            String text = server.get().strip();
            if (app.isLoopbackAllowed() && text.startsWith("http://")) {
                try {
                    return app.named(new URI(text)).baseUrl();
                } catch (URISyntaxException e) {
                    throw new Ended(Exit.USAGE, "--identity-server: that is no address.");
                }
            }
            return ServerChoice.parse(text)
                    .orElseThrow(reason -> new Ended(Exit.USAGE, "--identity-server: " + reason + "."))
                    .baseUrl();
        }
        Optional<URI> earlier = app.account().choice().flatMap(Account.Choice::server);
        if (earlier.isPresent()) {
            return earlier.get();
        }
        ServerProposal proposal = switch (ServerProposal.of(id.serverName(), app.transport(), app.clientOptions())) {
            case ProposalReading.Proposed(ServerProposal proposed) -> proposed;
            case ProposalReading.Nothing _ -> throw new Ended(Exit.FIRST,
                    id.serverName() + " proposes no identity server: --identity-server URL.");
            case Failure failure -> throw new Ended(Words.of(failure));
        };
        app.tell(proposal.inWords());
        app.confirm("Do you choose it?");
        return proposal.choose().baseUrl();
    }

    private AcceptedTerms sharedTerms(Optional<Homeserver> homeserver) {
        Homeserver asked = homeserver.orElseThrow(
                () -> new Ended(Exit.USAGE, "--share-accepted-terms needs your homeserver's access token."));
        return switch (asked.acceptedTerms()) {
            case AcceptedTermsReading.Read(AcceptedTerms accepted) -> accepted;
            case Failure failure -> throw new Ended(Words.of(failure));
        };
    }

    private OpenIdToken openId(Optional<Homeserver> homeserver, App app) {
        if (homeserver.isEmpty()) {
            return OpenIdToken.parse(app.text(openIdFile.orElseThrow()))
                    .orElseThrow(reason -> new Ended(Exit.USAGE, "That is no OpenID object: " + reason + "."));
        }
        return switch (homeserver.get().openId()) {
            case OpenIdReading.Read(OpenIdToken token) -> token;
            case Failure failure -> throw new Ended(Words.of(failure));
        };
    }
}
