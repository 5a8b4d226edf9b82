package im.signet.standalone.admin;

import im.signet.kit.audit.Subject;
import im.signet.protocol.identifier.UserId;
import im.signet.standalone.command.Exit;
import im.signet.standalone.command.Operator;
import im.signet.terms.account.AccountFindings;
import im.signet.terms.account.TokenRevocation;

import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code token revoke USER} and {@code token revoke-all}: sign people out everywhere. */
final class TokenCommands {

    private TokenCommands() {}

    /** Returns a sentence for the operator. */
    static String ended(long tokens) {
        return switch ((int) Math.min(tokens, 2)) {
            case 0 -> "There was no access token to end.";
            case 1 -> "1 access token has ended.";
            default -> tokens + " access tokens have ended.";
        };
    }

    /** One user. */
    @Command(name = "revoke", description = "end all access tokens of a user")
    static final class Revoke extends ChangingCommand {

        @Parameters(paramLabel = "USER", description = "such as @alice:example.org")
        private String user = "";

        Revoke(Operator operator) {
            super(operator);
        }

        @Override
        Exit run(Desk desk) throws SQLException {
            UserId whose = Subjects.user(user);
            desk.need(Service.TERMS);
            long tokens = AccountFindings.of(desk.database(), whose).tokens();
            if (tokens > 0) {
                desk.agree("This ends " + tokens + (tokens == 1 ? " access token" : " access tokens")
                        + " of that user, whose clients have to register again. Go on?");
            }
            desk.change(List.of(Service.TERMS), "token revoke", Subject.of(whose),
                    () -> Optional.of(ended(TokenRevocation.revoke(desk.database(), whose))));
            return Exit.OK;
        }
    }

    /** Everybody. */
    @Command(name = "revoke-all", description = "end all access tokens of everybody")
    static final class RevokeAll extends ChangingCommand {

        RevokeAll(Operator operator) {
            super(operator);
        }

        @Override
        Exit run(Desk desk) throws SQLException {
            desk.need(Service.TERMS);
            desk.agree("This signs everybody out, and every client has to register again. Go on?");
            desk.change(List.of(Service.TERMS), "token revoke-all", new Subject.Everything(),
                    () -> Optional.of(ended(TokenRevocation.revokeAll(desk.database()))));
            return Exit.OK;
        }
    }
}
