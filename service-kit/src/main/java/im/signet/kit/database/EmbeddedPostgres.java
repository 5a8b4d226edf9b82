package im.signet.kit.database;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A PostgreSQL that we bring, set up, watch and stop: durable, on 127.0.0.1 only, behind a password, in a folder that
 * only its owner may open.
 *
 * <p>
 * Below the data folder lie `postgres` (the data), `postgres-password` (of the roles `signet`, which owns the database
 * `signet`, and `postgres`, the superuser), `postgres.log` and `postgres.lock`. Should the server end by itself, it is
 * started again on the same port. Should this process be killed, the next one stops the server it left behind.
 */
public final class EmbeddedPostgres implements AutoCloseable {

    /** The role that Signet works as, and the database it owns. */
    static final String SIGNET = "signet";

    private static final Logger log = LoggerFactory.getLogger(EmbeddedPostgres.class);

    private static final String DATA = "postgres";
    private static final String PASSWORD = "postgres-password";
    private static final String SUPERUSER = "postgres";
    private static final int PASSWORD_BYTES = 32;
    private static final int START_ATTEMPTS = 10;
    private static final long LOG_KEPT_BYTES = 10_000_000;
    private static final Duration PAUSE_BEFORE_RETRY = Duration.ofMillis(500);

    private final PostgresServer server;
    private final int port;
    private final String password;
    private final FolderLock lock;
    private final Thread watcher;

    // Guards the two below.
    private final Object state = new Object();
    private Process process;
    private boolean closing;

    private EmbeddedPostgres(PostgresServer server, int port, Process process, String password, FolderLock lock) {
        this.server = server;
        this.port = port;
        this.process = process;
        this.password = password;
        this.lock = lock;
        this.watcher = Thread.ofPlatform().daemon().name("embedded-postgres").unstarted(this::watch);
    }

    /**
     * Starts the server of a data folder, after setting it up where there is none yet.
     *
     * @param dataDir
     *            the folder of all that this Signet keeps; made private when it does not exist
     * @param programs
     *            where the programs of PostgreSQL are unpacked to
     * @param moreSettings
     *            settings of PostgreSQL that override ours
     * @throws DatabaseStartException
     *             when another server has the folder, its data are of another major version, or the server does not
     *             start
     */
    public static EmbeddedPostgres start(Path dataDir, Path programs, Map<String, String> moreSettings,
            SecureRandom random) {
        Path folder = dataDir.toAbsolutePath().normalize();
        try {
            PrivateFiles.createFolder(folder);
            if (PrivateFiles.isOpenToAll(folder)) {
                throw new DatabaseStartException(
                        "Everybody on this machine may write to the data folder " + folder + ".",
                        "Run: chmod o-w " + folder);
            }
            FolderLock lock = FolderLock.take(folder);
            try {
                return start(folder, programs.toAbsolutePath().normalize(), moreSettings, random, lock);
            } catch (Throwable e) {
                lock.close();
                throw e;
            }
        } catch (UnsupportedOperationException e) {
            throw new DatabaseStartException("The file system of " + folder + " knows no file permissions.",
                    "Move signet.data-dir to one that does, or set signet.database.url.", e);
        } catch (IOException e) {
            throw new DatabaseStartException("The embedded PostgreSQL cannot be set up in " + folder + ": " + e,
                    "Check that this user may write there, or set signet.database.url.", e);
        } catch (SQLException e) {
            throw new DatabaseStartException(
                    "The embedded PostgreSQL in " + folder + " refuses us (SQLSTATE " + e.getSQLState() + ").",
                    "Check that postgres-password in that folder is the one it was set up with.", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new DatabaseStartException("The start of the embedded PostgreSQL was interrupted.", "Start again.",
                    e);
        }
    }

    /**
     * Returns how Signet logs in to the server of a data folder that another process runs. Starts, stops and changes
     * nothing.
     *
     * @throws DatabaseStartException
     *             when none runs there, or this user may not look
     */
    static DatabaseAccess attach(Path dataDir) {
        Path folder = dataDir.toAbsolutePath().normalize();
        Path data = folder.resolve(DATA);
        Path passwordFile = folder.resolve(PASSWORD);
        if (Files.isDirectory(folder) && !(Files.isReadable(folder) && Files.isExecutable(folder))) {
            throw new DatabaseStartException(folder + " cannot be read by this user.",
                    "Run this as the server's user, such as: sudo -u signet ...");
        }
        PostmasterFile running = PostmasterFile.read(data)
                .filter(file -> file.ready() && file.process(data).isPresent())
                .orElseThrow(() -> new DatabaseStartException(
                        "No signet.database.url is set, and no server runs on the data folder " + folder + ".",
                        "Start the server, or name its configuration with --config."));
        try {
            return access(running.port(), SIGNET, SIGNET, Files.readString(passwordFile).strip());
        } catch (IOException e) {
            throw new DatabaseStartException(passwordFile + " cannot be read.", "Run this as the server's user.", e);
        }
    }

    private static EmbeddedPostgres start(Path dataDir, Path programs, Map<String, String> moreSettings,
            SecureRandom random, FolderLock lock) throws IOException, InterruptedException, SQLException {
        PostgresBinaries binaries = PostgresBinaries.unpack(programs);
        Path data = dataDir.resolve(DATA);
        Path logFile = dataDir.resolve("postgres.log");
        prepareLog(logFile);
        PostgresServer server = new PostgresServer(data, logFile, binaries, withOurs(moreSettings));
        server.stopLeftover();
        binaries.deleteOthers();
        String version = binaries.version();
        Path passwordFile = dataDir.resolve(PASSWORD);
        if (Files.exists(data.resolve("PG_VERSION"))) {
            requireMajorVersion(data, version);
        } else {
            log.info("No signet.database.url is set: setting up an embedded PostgreSQL {} in {}", version, data);
            initialise(data, passwordFile, binaries, random);
        }
        PrivateFiles.closeFolder(data);
        EmbeddedPostgres started = launch(server, readPassword(passwordFile, data), lock);
        try {
            started.createRoleAndDatabase();
            started.watcher.start();
            log.info("Embedded PostgreSQL {} runs on 127.0.0.1:{} with its data in {}", version, started.port, data);
            return started;
        } catch (Throwable e) {
            server.stop(started.process());
            throw e;
        }
    }

    // PostgreSQL cannot choose a port by itself: should another process take ours before it does, it ends, and we try
    // the next. Nor can it start while the last sessions of a killed server still hold on.
    private static EmbeddedPostgres launch(PostgresServer server, String password, FolderLock lock)
            throws IOException, InterruptedException {
        for (int attempt = 1;; attempt++) {
            long logStart = Files.size(server.logFile());
            int port = freePort();
            Process process = server.spawn(port);
            try {
                if (server.awaitReady(process)) {
                    return new EmbeddedPostgres(server, port, process, password, lock);
                }
            } catch (IOException | InterruptedException e) {
                server.stop(process);
                throw e;
            }
            if (attempt == START_ATTEMPTS) {
                throw new DatabaseStartException(
                        "The embedded PostgreSQL does not start: " + server.whatItSaid(logStart),
                        "See " + server.logFile() + ".");
            }
            Thread.sleep(PAUSE_BEFORE_RETRY);
        }
    }

    /** Returns how Signet logs in: as the owner of its database, who is no superuser. */
    public DatabaseAccess access() {
        return access(SIGNET, SIGNET);
    }

    /** Returns how to log in to a database as the superuser. */
    DatabaseAccess superuserAccess(String database) {
        return access(SUPERUSER, database);
    }

    /** Returns the process of the server as it is now. */
    public Process process() {
        synchronized (state) {
            return process;
        }
    }

    /** Stops the server: sessions are ended, what is committed is on disk. Does nothing the second time. */
    @Override
    public void close() {
        synchronized (state) {
            if (closing) {
                return;
            }
            closing = true;
        }
        watcher.interrupt();
        server.stop(process());
        try {
            lock.close();
        } catch (IOException e) {
            log.warn("The lock of the data folder could not be released: {}", e.toString());
        }
    }

    private DatabaseAccess access(String role, String database) {
        return access(port, role, database, password);
    }

    // While the server starts again on its port, another local process could take that port: the driver must never
    // hand it the password, so it speaks nothing but SCRAM.
    private static DatabaseAccess access(int port, String role, String database, String password) {
        return new DatabaseAccess("jdbc:postgresql://127.0.0.1:" + port + "/" + database
                + "?requireAuth=scram-sha-256&sslmode=disable", role, password);
    }

    private static void requireMajorVersion(Path data, String version) throws IOException {
        String found = Files.readString(data.resolve("PG_VERSION")).strip();
        if (!version.startsWith(found + ".")) {
            throw new DatabaseStartException(
                    "The data in " + data + " are of PostgreSQL " + found + ", the embedded one is " + version + ".",
                    "Restore a backup into an empty data folder, or go back to the Signet that wrote them.");
        }
    }

    // Prepared beside its place and then renamed, so that an interrupted set-up is no half database later.
    private static void initialise(Path data, Path passwordFile, PostgresBinaries binaries, SecureRandom random)
            throws IOException {
        if (Files.isDirectory(data)) {
            try (Stream<Path> entries = Files.list(data)) {
                if (entries.findAny().isPresent()) {
                    throw new DatabaseStartException(data + " holds files, but no database.",
                            "Move them away, or choose another signet.data-dir.");
                }
            }
        }
        if (!Files.exists(passwordFile)) {
            byte[] bytes = new byte[PASSWORD_BYTES];
            random.nextBytes(bytes);
            PrivateFiles.write(passwordFile, HexFormat.of().formatHex(bytes) + "\n");
        }
        Path draft = data.resolveSibling("postgres.new");
        PrivateFiles.deleteFolder(draft);
        PrivateFiles.createFolder(draft);
        // It reads the password from the file and asks for it from its first breath: no moment of trust.
        binaries.run("initdb", "--pgdata=" + draft, "--username=" + SUPERUSER, "--pwfile=" + passwordFile,
                "--auth=scram-sha-256", "--encoding=UTF8", "--locale-provider=builtin", "--builtin-locale=C.UTF-8",
                "--locale=C", "--data-checksums", "--no-instructions");
        Files.move(draft, data, StandardCopyOption.ATOMIC_MOVE);
    }

    private static String readPassword(Path file, Path data) throws IOException {
        if (!Files.exists(file)) {
            throw new DatabaseStartException(file + " is missing, and " + data + " cannot be opened without it.",
                    "Put it back from the backup.");
        }
        PrivateFiles.createFile(file);
        return Files.readString(file).strip();
    }

    private static void prepareLog(Path file) throws IOException {
        if (Files.exists(file) && Files.size(file) > LOG_KEPT_BYTES) {
            Files.move(file, file.resolveSibling(file.getFileName() + ".1"), StandardCopyOption.REPLACE_EXISTING);
        }
        PrivateFiles.createFile(file);
    }

    private static Map<String, String> withOurs(Map<String, String> more) {
        Map<String, String> all = new LinkedHashMap<>();
        all.put("listen_addresses", "127.0.0.1");
        all.put("unix_socket_directories", "");
        all.put("password_encryption", "scram-sha-256");
        all.put("fsync", "on");
        all.put("synchronous_commit", "on");
        all.put("full_page_writes", "on");
        all.put("timezone", "UTC");
        all.put("log_timezone", "UTC");
        // Statements and their values hold addresses and tokens, and the messages of errors quote them: the client is
        // told, the log is not. In the order of the log, LOG comes after ERROR.
        all.put("logging_collector", "off");
        all.put("log_destination", "stderr");
        all.put("log_min_messages", "log");
        all.put("log_min_error_statement", "panic");
        all.put("log_error_verbosity", "terse");
        all.put("log_statement", "none");
        all.put("log_min_duration_statement", "-1");
        all.put("log_min_duration_sample", "-1");
        all.put("log_transaction_sample_rate", "0");
        all.put("log_duration", "off");
        all.put("log_parameter_max_length", "0");
        all.put("log_parameter_max_length_on_error", "0");
        all.put("log_lock_waits", "off");
        all.put("log_checkpoints", "off");
        all.putAll(more);
        return all;
    }

    // Repeated at every start, so an interrupted first start leaves nothing to mend.
    private void createRoleAndDatabase() throws SQLException {
        try (Connection connection = superuserAccess(SUPERUSER).connect();
                Statement statement = connection.createStatement()) {
            createRole(statement);
            if (isMissing(statement, "SELECT 1 FROM pg_database WHERE datname = '" + SIGNET + "'")) {
                statement.execute("CREATE DATABASE " + SIGNET + " OWNER " + SIGNET);
            }
        }
    }

    /** Makes sure that the role `signet` exists and has the password of the superuser who runs the statement. */
    static void createRole(Statement statement) throws SQLException {
        if (isMissing(statement, "SELECT 1 FROM pg_roles WHERE rolname = '" + SIGNET + "'")) {
            statement.execute("CREATE ROLE " + SIGNET + " LOGIN");
        }
        // What the server stores for SCRAM is not bound to a name: copied inside, the password need not be sent.
        statement.execute("""
                DO $$ BEGIN
                    EXECUTE format('ALTER ROLE signet PASSWORD %L',
                        (SELECT rolpassword FROM pg_authid WHERE rolname = current_user));
                END $$""");
    }

    private static boolean isMissing(Statement statement, String query) throws SQLException {
        try (ResultSet result = statement.executeQuery(query)) {
            return !result.next();
        }
    }

    private void watch() {
        try {
            while (true) {
                int status = process().waitFor();
                if (isClosing()) {
                    return;
                }
                log.error("The embedded PostgreSQL ended by itself with status {}: starting it again", status);
                startAgain();
            }
        } catch (InterruptedException ignored) {
            // close() was called.
        }
    }

    // Until it runs: a killed server's last sessions may hold on for a moment, a full disk until it is mended.
    private void startAgain() throws InterruptedException {
        while (true) {
            try {
                long logStart = Files.size(server.logFile());
                synchronized (state) {
                    if (closing) {
                        return;
                    }
                    server.stopLeftover();
                    process = server.spawn(port);
                }
                if (server.awaitReady(process())) {
                    log.info("The embedded PostgreSQL runs again");
                    return;
                }
                log.error("The embedded PostgreSQL does not start: {}", server.whatItSaid(logStart));
            } catch (IOException e) {
                log.error("The embedded PostgreSQL cannot be started: {}", e.toString());
            }
            Thread.sleep(PAUSE_BEFORE_RETRY);
        }
    }

    private boolean isClosing() {
        synchronized (state) {
            return closing;
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
            return socket.getLocalPort();
        }
    }
}
