package im.signet.standalone.admin;

import im.signet.identity.lookup.PepperRotationRequest;
import im.signet.identity.lookup.PepperRotationRequest.Progress;
import im.signet.kit.audit.Subject;
import im.signet.standalone.command.Exit;
import im.signet.standalone.command.Operator;

import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import picocli.CommandLine.Command;

/** {@code pepper rotate}: has the servers give clients a new pepper now. */
@Command(name = "rotate", description = "have clients hash with a new pepper from now on; budgets of lookups begin anew")
final class RotatePepper extends ChangingCommand {

    private static final Duration POLL = Duration.ofMillis(250);

    private final Duration patience;

    /** Makes one that waits this long for a server. */
    RotatePepper(Operator operator, Duration patience) {
        super(operator);
        this.patience = patience;
    }

    @Override
    Exit run(Desk desk) throws SQLException {
        desk.need(Service.IDENTITY);
        List<String> noted = new ArrayList<>();
        PepperRotationRequest request = desk.together(() -> {
            PepperRotationRequest left = PepperRotationRequest.leave(desk.database());
            noted.add(desk.note(Service.IDENTITY, "pepper rotate", new Subject.Everything(), "asked for"));
            return left;
        });
        noted.forEach(desk.out()::println);
        Progress progress = request.progress(desk.database());
        for (long polls = patience.dividedBy(POLL); progress != Progress.DONE && polls > 0 && pause(); polls--) {
            progress = request.progress(desk.database());
        }
        return switch (progress) {
            case DONE -> {
                desk.out().println("A new pepper is in use. The one before it is accepted for another hour.");
                yield Exit.OK;
            }
            case UNDER_WAY -> {
                desk.out()
                        .println("A server is building the lookup entries of a new pepper, which comes into use when"
                                + " they are complete.");
                yield Exit.OK;
            }
            case WAITING -> {
                desk.out()
                        .println("No server is running on this database, or none is free: the first that is will"
                                + " rotate.");
                yield Exit.TEMPORARY;
            }
        };
    }

    private static boolean pause() {
        try {
            Thread.sleep(POLL);
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
