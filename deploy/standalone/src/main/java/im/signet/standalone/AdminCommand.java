package im.signet.standalone;

import im.signet.standalone.command.Exit;

import java.io.PrintWriter;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/** A command of the operator that works on the server's database, also while the server runs. */
interface AdminCommand {

    /** Returns the words that call it, such as {@code pepper rotate}. */
    List<String> words();

    /** Returns the names of what follows those words, in capitals; often empty. */
    List<String> arguments();

    /** Returns what it does, in half a line. */
    String summary();

    /** Returns what the operator is asked before it is done; empty where it is done at once. */
    default Optional<String> question() {
        return Optional.empty();
    }

    /**
     * Does it.
     *
     * @param arguments as many as {@link #arguments} names
     * @param database  a connection that commits by itself, as the role of the server
     * @param out       for the operator to read
     */
    Exit run(List<String> arguments, Connection database, PrintWriter out) throws SQLException;
}
