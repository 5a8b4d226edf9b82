package im.signet.bench.place;

import im.signet.kit.database.DatabaseAccess;
import im.signet.kit.database.EmbeddedPostgres;

import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

/**
 * A PostgreSQL with settings that keep what it acknowledges, and with a supervisor that starts it again on the same data
 * and port. Safe for use by several threads.
 */
public final class Database implements AutoCloseable {

    private static final Duration POLL = Duration.ofMillis(20);

    private final EmbeddedPostgres postgres;
    private final List<Runnable> whenBack = new CopyOnWriteArrayList<>();
    private final List<Duration> recoveries = new CopyOnWriteArrayList<>();

    private Database(EmbeddedPostgres postgres) {
        this.postgres = postgres;
    }

    static Database start(Path folder) {
        return new Database(EmbeddedPostgres.start(folder.resolve("database"), folder.resolve("postgres-bin"),
                Map.of("max_connections", "100"), new SecureRandom()));
    }

    /** Returns how the servers log in. */
    DatabaseAccess access() {
        return postgres.access();
    }

    /** Opens a connection that the caller closes. */
    public Connection connect() throws SQLException {
        return postgres.access().connect();
    }

    /** Returns its version, such as `18.6`. */
    public String version() {
        try (Connection connection = connect();
                Statement statement = connection.createStatement();
                ResultSet version = statement.executeQuery("SHOW server_version")) {
            version.next();
            return String.valueOf(version.getString(1));
        } catch (SQLException e) {
            throw new IllegalStateException("the database does not answer", e);
        }
    }

    void whenBack(Runnable listener) {
        whenBack.add(listener);
    }

    /** Returns how long it took, after each kill, until it accepted a connection again. */
    public List<Duration> recoveries() {
        return List.copyOf(recoveries);
    }

    /** Kills its first process as SIGKILL does; its others end when they notice, and its supervisor starts it again. */
    public void kill() {
        Process process = postgres.process();
        long since = System.nanoTime();
        process.destroyForcibly();
        awaitBack(since, process);
    }

    /** Kills one session of a server; PostgreSQL then ends all others and recovers as after a crash. */
    public void killSession() {
        try (Connection connection = connect();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("""
                        SELECT pid FROM pg_stat_activity
                        WHERE datname = current_database() AND pid <> pg_backend_pid()
                        ORDER BY state = 'idle', random() LIMIT 1""")) {
            if (row.next()) {
                long since = System.nanoTime();
                Signal.KILL.send(List.of(row.getLong(1)));
                awaitBack(since, null);
            }
        } catch (SQLException ended) {
            // Another fault was first.
        }
    }

    /** Keeps all its processes from running. */
    public void pause() {
        Signal.STOP.send(processes());
    }

    /** Has its processes run again. */
    public void resume() {
        Signal.CONT.send(processes());
        whenBack.forEach(Runnable::run);
    }

    /** Waits until it accepts connections. */
    public void awaitUp() throws InterruptedException {
        while (!isUp()) {
            Thread.sleep(POLL);
        }
    }

    private List<Long> processes() {
        ProcessHandle first = postgres.process().toHandle();
        return Stream.concat(Stream.of(first), first.descendants()).map(ProcessHandle::pid).toList();
    }

    private void awaitBack(long since, @Nullable Process killed) {
        try {
            // Before its first process has noticed, it would still let us in.
            if (killed == null) {
                Thread.sleep(POLL);
            }
            while (postgres.process().equals(killed) || !isUp()) {
                Thread.sleep(POLL);
            }
            recoveries.add(Duration.ofNanos(System.nanoTime() - since));
            whenBack.forEach(Runnable::run);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean isUp() {
        try (Connection connection = connect()) {
            return connection.isValid(2);
        } catch (SQLException notYet) {
            return false;
        }
    }

    @Override
    public void close() {
        Signal.CONT.send(processes());
        postgres.close();
    }
}
