package im.signet.standalone;

import im.signet.identity.lookup.PepperRotationRequest;
import im.signet.identity.lookup.PepperRotationRequest.Progress;
import im.signet.standalone.command.Exit;

import java.io.PrintWriter;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;

/** {@code pepper rotate}: has the servers give clients a new pepper now. */
final class RotatePepper implements AdminCommand {

    private static final Duration POLL = Duration.ofMillis(250);

    private final Duration patience;

    /** Makes one that waits this long for a server. */
    RotatePepper(Duration patience) {
        this.patience = patience;
    }

    @Override
    public List<String> words() {
        return List.of("pepper", "rotate");
    }

    @Override
    public List<String> arguments() {
        return List.of();
    }

    @Override
    public String summary() {
        return "have clients hash with a new pepper from now on";
    }

    @Override
    public Exit run(List<String> arguments, Connection database, PrintWriter out) throws SQLException {
        PepperRotationRequest request = PepperRotationRequest.leave(database);
        Progress progress = request.progress(database);
        for (long polls = patience.dividedBy(POLL); progress != Progress.DONE && polls > 0 && pause(); polls--) {
            progress = request.progress(database);
        }
        return switch (progress) {
            case DONE -> {
                out.println("A new pepper is in use. The one before it is accepted for another hour.");
                yield Exit.OK;
            }
            case UNDER_WAY -> {
                out.println(
                        "A server is building the lookup entries of a new pepper, which comes into use when they are"
                                + " complete.");
                yield Exit.OK;
            }
            case WAITING -> {
                out.println("No server is running on this database, or none is free: the first that is will rotate.");
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
