package im.signet.kit.database;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * What a PostgreSQL writes about itself into `postmaster.pid` of its data folder while it runs.
 *
 * @param port  where it listens; 0 before it has said so
 * @param ready whether it accepts connections
 */
record PostmasterFile(long pid, int port, boolean ready) {

    /** The line in which the server says what port it is on. */
    private static final int PORT_LINE = 3;

    /** The line in which the server says what it is up to. */
    private static final int STATUS_LINE = 7;

    /** Returns where that file lies in a data folder of PostgreSQL. */
    static Path in(Path data) {
        return data.resolve("postmaster.pid");
    }

    /** Returns what the file says; empty when there is none or it is not whole. */
    static Optional<PostmasterFile> read(Path data) {
        try {
            List<String> lines = Files.readAllLines(in(data));
            boolean ready = lines.size() > STATUS_LINE && lines.get(STATUS_LINE).strip().equals("ready");
            int port = lines.size() > PORT_LINE ? Integer.parseInt(lines.get(PORT_LINE).strip()) : 0;
            return Optional.of(new PostmasterFile(Long.parseLong(lines.getFirst().strip()), port, ready));
        } catch (IOException | RuntimeException ignored) {
            // Missing, half-written or empty after a machine crash: all the same to us.
            return Optional.empty();
        }
    }

    /** Returns the process that wrote the file, if it still runs and really is the PostgreSQL of this data folder. */
    Optional<ProcessHandle> process(Path data) {
        return ProcessHandle.of(pid).filter(ProcessHandle::isAlive).filter(process -> isPostgresOf(data, process));
    }

    // After a restart of the machine the number may belong to anybody.
    private static boolean isPostgresOf(Path data, ProcessHandle process) {
        ProcessHandle.Info info = process.info();
        Path known = Path.of("/proc", Long.toString(process.pid()));
        Optional<String> program = info.command().map(path -> String.valueOf(Path.of(path).getFileName()));
        if (!program.or(() -> name(known)).orElse("").startsWith("postgres")) {
            return false;
        }
        Path workingFolder = known.resolve("cwd");
        try {
            if (Files.exists(workingFolder)) {
                return Files.isSameFile(workingFolder, data);
            }
        } catch (IOException ignored) {
            return false;
        }
        return info.arguments().map(Arrays::asList).orElse(List.of()).contains(data.toString());
    }

    // Of a process in a user namespace of its own, as a unit with PrivateUsers has, Linux tells the same user neither program
    // nor working folder, but its name and arguments.
    static Optional<String> name(Path known) {
        try {
            return Optional.of(Files.readString(known.resolve("comm")).strip());
        } catch (IOException notLinux) {
            return Optional.empty();
        }
    }
}
