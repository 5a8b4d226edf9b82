package im.signet.standalone.admin;

import im.signet.kit.audit.Subject;
import im.signet.names.handle.HandleFindings;
import im.signet.names.handle.HandleSuspension;
import im.signet.names.registration.InviteCodes;
import im.signet.protocol.handle.Handle;
import im.signet.standalone.command.Exit;
import im.signet.standalone.command.Operator;

import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code handle invite}, {@code handle suspend HANDLE} and {@code handle unsuspend HANDLE}. */
final class HandleCommands {

    private HandleCommands() {}

    /** Makes a code by which somebody may register a handle. */
    @Command(name = "invite", description = "make a code that registers one handle")
    static final class Invite extends ChangingCommand {

        Invite(Operator operator) {
            super(operator);
        }

        @Override
        Exit run(Desk desk) throws SQLException {
            desk.need(Service.NAMES);
            List<String> said = desk.together(() -> List.of(InviteCodes.create(desk.database(), desk.random()),
                    "It can be used once, within 30 days, where signet.names.registration is 'invite'.",
                    desk.note(Service.NAMES, "handle invite", new Subject.Everything(), "A code was made.")));
            said.forEach(desk.out()::println);
            return Exit.OK;
        }
    }

    /** Keeps a handle from resolving. */
    @Command(name = "suspend", description = "keep a handle from resolving; it stays its owner's")
    static final class Suspend extends ChangingCommand {

        @Parameters(paramLabel = "HANDLE", description = "such as alice@example.org")
        private String handle = "";

        Suspend(Operator operator) {
            super(operator);
        }

        @Override
        Exit run(Desk desk) throws SQLException {
            Handle which = Subjects.handle(handle);
            desk.need(Service.NAMES);
            Optional<HandleFindings> found = HandleFindings.of(desk.database(), which, desk.clock().instant());
            found.ifPresent(known -> desk.agree("That handle is " + known.state() + ", and its identity "
                    + known.id() + ". This keeps it from resolving. Go on?"));
            return set(desk, which, true, "handle suspend",
                    "The handle is suspended: it is answered 410, and stays its owner's.");
        }
    }

    /** Ends a suspension. */
    @Command(name = "unsuspend", description = "let a handle resolve again")
    static final class Unsuspend extends ChangingCommand {

        @Parameters(paramLabel = "HANDLE", description = "such as alice@example.org")
        private String handle = "";

        Unsuspend(Operator operator) {
            super(operator);
        }

        @Override
        Exit run(Desk desk) throws SQLException {
            Handle which = Subjects.handle(handle);
            desk.need(Service.NAMES);
            return set(desk, which, false, "handle unsuspend", "The handle is no longer suspended.");
        }
    }

    private static Exit set(Desk desk, Handle handle, boolean suspended, String command, String done)
            throws SQLException {
        boolean changed = desk.change(List.of(Service.NAMES), command, Subject.ofHandle(handle.toString()),
                () -> HandleSuspension.set(desk.database(), handle, suspended)
                        ? Optional.of(done)
                        : Optional.empty());
        if (!changed) {
            desk.out().println("Nobody has that handle.");
        }
        return changed ? Exit.OK : Exit.USAGE;
    }
}
