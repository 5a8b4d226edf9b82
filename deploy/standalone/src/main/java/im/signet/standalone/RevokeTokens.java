package im.signet.standalone;

import im.signet.protocol.Parsed;
import im.signet.protocol.identifier.UserId;
import im.signet.standalone.command.Exit;
import im.signet.terms.account.TokenRevocation;

import java.io.PrintWriter;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/** {@code token revoke USER}: signs a user out everywhere. */
final class RevokeTokens implements AdminCommand {

    @Override
    public List<String> words() {
        return List.of("token", "revoke");
    }

    @Override
    public List<String> arguments() {
        return List.of("USER");
    }

    @Override
    public String summary() {
        return "end all access tokens of a user";
    }

    @Override
    public Exit run(List<String> arguments, Connection database, PrintWriter out) throws SQLException {
        Parsed<UserId> user = UserId.parse(arguments.getFirst());
        if (!user.isOk()) {
            out.println("That is no Matrix user id such as @alice:example.org: "
                    + ((Parsed.Refused<UserId>) user).reason() + ".");
            return Exit.USAGE;
        }
        out.println(ended(TokenRevocation.revoke(database, user.orElseThrow())));
        return Exit.OK;
    }

    /** Returns a sentence for the operator. */
    static String ended(long tokens) {
        return switch ((int) Math.min(tokens, 2)) {
            case 0 -> "There was no access token to end.";
            case 1 -> "1 access token has ended.";
            default -> tokens + " access tokens have ended.";
        };
    }
}
