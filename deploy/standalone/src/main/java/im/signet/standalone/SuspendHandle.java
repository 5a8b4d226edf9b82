package im.signet.standalone;

import im.signet.names.handle.HandleSuspension;
import im.signet.protocol.handle.Handle;
import im.signet.protocol.handle.Verdict;
import im.signet.standalone.command.Exit;

import java.io.PrintWriter;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/** {@code handle suspend HANDLE} and {@code handle unsuspend HANDLE}: whether a handle resolves. */
final class SuspendHandle implements AdminCommand {

    private final String word;
    private final boolean suspended;
    private final String summary;
    private final String done;

    private SuspendHandle(String word, boolean suspended, String summary, String done) {
        this.word = word;
        this.suspended = suspended;
        this.summary = summary;
        this.done = done;
    }

    /** Returns the command that suspends. */
    static SuspendHandle suspend() {
        return new SuspendHandle("suspend", true, "keep a handle from resolving",
                "The handle is suspended: it is answered 410, and stays its owner's.");
    }

    /** Returns the command that ends a suspension. */
    static SuspendHandle unsuspend() {
        return new SuspendHandle("unsuspend", false, "let a handle resolve again",
                "The handle is no longer suspended.");
    }

    @Override
    public List<String> words() {
        return List.of("handle", word);
    }

    @Override
    public List<String> arguments() {
        return List.of("HANDLE");
    }

    @Override
    public String summary() {
        return summary;
    }

    @Override
    public Exit run(List<String> arguments, Connection database, PrintWriter out) throws SQLException {
        Verdict<Handle> handle = Handle.parse(arguments.getFirst());
        if (!handle.isValid()) {
            out.println("That is no handle such as alice@example.org: "
                    + handle.reason().orElseThrow().words() + ".");
            return Exit.USAGE;
        }
        if (HandleSuspension.set(database, handle.orElseThrow(), suspended)) {
            out.println(done);
            return Exit.OK;
        }
        out.println("Nobody has that handle.");
        return Exit.USAGE;
    }
}
