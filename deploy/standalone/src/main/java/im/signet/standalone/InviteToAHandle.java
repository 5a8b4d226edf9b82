package im.signet.standalone;

import im.signet.names.registration.InviteCodes;
import im.signet.standalone.command.Exit;

import java.io.PrintWriter;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/** {@code handle invite}: makes a code by which somebody may register a handle. */
final class InviteToAHandle implements AdminCommand {

    @Override
    public List<String> words() {
        return List.of("handle", "invite");
    }

    @Override
    public List<String> arguments() {
        return List.of();
    }

    @Override
    public String summary() {
        return "make a code that registers one handle";
    }

    @Override
    public Exit run(List<String> arguments, Connection database, PrintWriter out) throws SQLException {
        out.println(InviteCodes.create(database, new SecureRandom()));
        out.println("It can be used once, within 30 days, where signet.names.registration is 'invite'.");
        return Exit.OK;
    }
}
