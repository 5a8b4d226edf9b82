package im.signet.standalone;

import im.signet.standalone.command.Exit;
import im.signet.terms.account.TokenRevocation;

import java.io.PrintWriter;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/** {@code token revoke-all}: signs everybody out everywhere. */
final class RevokeAllTokens implements AdminCommand {

    @Override
    public List<String> words() {
        return List.of("token", "revoke-all");
    }

    @Override
    public List<String> arguments() {
        return List.of();
    }

    @Override
    public String summary() {
        return "end all access tokens of everybody";
    }

    @Override
    public Optional<String> question() {
        return Optional.of("This signs everybody out, and every client has to register again. Go on?");
    }

    @Override
    public Exit run(List<String> arguments, Connection database, PrintWriter out) throws SQLException {
        out.println(RevokeTokens.ended(TokenRevocation.revokeAll(database)));
        return Exit.OK;
    }
}
