package im.signet.kit.database;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** A JVM of its own that runs an embedded server, for tests that kill it or run it as another user. */
final class ChildServer {

    private ChildServer() {}

    /**
     * Runs the server of a data folder and acknowledges rows, as many as asked for, one line each; then stops it.
     *
     * @param arguments
     *            the data folder, the folder of the programs, the number of rows
     */
    public static void main(String[] arguments) throws SQLException {
        int rows = Integer.parseInt(arguments[2]);
        try (EmbeddedPostgres server = EmbeddedPostgres.start(Path.of(arguments[0]), Path.of(arguments[1]), Map.of(),
                new SecureRandom()); Connection connection = server.access().connect()) {
            try (Statement statement = connection.createStatement()) {
                statement.execute("CREATE TABLE public.acknowledged (id integer PRIMARY KEY)");
            }
            try (PreparedStatement insert = connection.prepareStatement("INSERT INTO public.acknowledged VALUES (?)")) {
                for (int row = 1; row <= rows; row++) {
                    insert.setInt(1, row);
                    insert.executeUpdate();
                    System.out.println("acknowledged " + row);
                }
            }
        }
        System.out.println("stopped");
    }

    /** Starts it, after the words that run it as somebody else, if any. */
    static Process start(List<String> runner, String classPath, Path dataDir, Path programs, int rows)
            throws IOException {
        List<String> command = new ArrayList<>(runner);
        command.addAll(Arrays.asList(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx256m",
                "-cp", classPath, ChildServer.class.getName(), dataDir.toString(), programs.toAbsolutePath().toString(),
                Integer.toString(rows)));
        return new ProcessBuilder(command).redirectErrorStream(true).start();
    }

    /** Returns what it prints, line by line. */
    static BufferedReader output(Process process) {
        return process.inputReader(StandardCharsets.UTF_8);
    }
}
