package im.signet.standalone.admin;

import im.signet.identity.invitation.InvitationWithdrawal;
import im.signet.kit.audit.Subject;
import im.signet.standalone.command.Exit;
import im.signet.standalone.command.Operator;

import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code invitation withdraw TOKEN}: takes back an invitation that waits for its address. */
@Command(name = "withdraw", description = "take back an invitation that waits")
final class WithdrawInvitation extends ChangingCommand {

    @Parameters(paramLabel = "TOKEN", description = "the token in the room's event m.room.third_party_invite")
    private String token = "";

    WithdrawInvitation(Operator operator) {
        super(operator);
    }

    @Override
    Exit run(Desk desk) throws SQLException {
        desk.need(Service.IDENTITY);
        desk.agree("This takes that invitation back for good. Go on?");
        boolean withdrawn = desk.change(List.of(Service.IDENTITY), "invitation withdraw",
                new Subject.Personal("invitation", token),
                () -> InvitationWithdrawal.withdraw(desk.database(), token)
                        ? Optional.of("The invitation is withdrawn: nobody can accept it here any more.")
                        : Optional.empty());
        if (!withdrawn) {
            desk.out().println("No invitation with that token waits.");
        }
        return withdrawn ? Exit.OK : Exit.USAGE;
    }
}
