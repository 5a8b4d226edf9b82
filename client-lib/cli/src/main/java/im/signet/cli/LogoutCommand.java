package im.signet.cli;

import im.signet.client.Connection;
import im.signet.client.Consent;
import im.signet.client.Failure;
import im.signet.client.IdentityServer;
import im.signet.client.Logout;
import im.signet.client.Purpose;
import im.signet.client.Session;

import picocli.CommandLine.Command;

@Command(name = "logout", description = "End the session at the identity server. Keys and contacts stay.")
final class LogoutCommand extends Act {

    @Override
    Outcome run(App app) {
        Account account = app.account();
        if (account.user().isEmpty() || account.token().isEmpty()) {
            return Outcome.done("Nobody is logged in.");
        }
        if (end(account, app) instanceof Failure failure) {
            return Words.of(failure);
        }
        app.put(account.loggedOut());
        return Outcome.done("You are logged out of " + app.chosenServer().baseUrl() + ".");
    }

    /** Ends the session of an account at its server. */
    static Logout end(Account account, App app) {
        IdentityServer server = app.named(account.choice().flatMap(Account.Choice::server).orElseThrow());
        // Nobody has to accept anything to leave.
        Consent<Purpose.HaveAccount> consent = app.terms(server).consentTo(Purpose.HAVE_ACCOUNT).give();
        Logout logout = switch (server.resume(consent, account.token().orElseThrow(), account.user().orElseThrow())) {
            case Connection.Connected(Session session) -> session.logout();
            case Failure.SignedOut _ -> new Logout.LoggedOut();
            case Failure failure -> failure;
        };
        return logout;
    }
}
