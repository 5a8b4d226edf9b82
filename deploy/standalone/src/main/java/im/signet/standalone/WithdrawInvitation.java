package im.signet.standalone;

import im.signet.identity.invitation.InvitationWithdrawal;
import im.signet.standalone.command.Exit;

import java.io.PrintWriter;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/** {@code invitation withdraw TOKEN}: takes back an invitation that waits for its address. */
final class WithdrawInvitation implements AdminCommand {

    @Override
    public List<String> words() {
        return List.of("invitation", "withdraw");
    }

    @Override
    public List<String> arguments() {
        return List.of("TOKEN");
    }

    @Override
    public String summary() {
        return "take back an invitation that waits";
    }

    @Override
    public Exit run(List<String> arguments, Connection database, PrintWriter out) throws SQLException {
        if (InvitationWithdrawal.withdraw(database, arguments.getFirst())) {
            out.println("The invitation is withdrawn: nobody can accept it here any more.");
            return Exit.OK;
        }
        out.println("No invitation with that token waits.");
        return Exit.USAGE;
    }
}
