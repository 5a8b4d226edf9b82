package im.signet.standalone.admin;

import im.signet.kit.audit.OperatorActions;
import im.signet.kit.audit.Subject;
import im.signet.kit.journal.JournalFolder;
import im.signet.kit.journal.JournalProperties;
import im.signet.kit.key.KeyFiles;
import im.signet.kit.key.KeyedHash;
import im.signet.kit.settings.UnusableSettingException;
import im.signet.standalone.command.Exit;
import im.signet.standalone.command.Operator;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.core.env.Environment;

/** Where a command works: the database of a configured server, its key files, and the operator who called. */
final class Desk {

    private final Connection database;
    private final Environment settings;
    private final KeyFiles keys;
    private final Set<Service> services;
    private final PrintWriter out;
    private final Operator operator;
    private final boolean yes;
    private final Optional<String> reason;
    private final SecureRandom random = new SecureRandom();

    private Desk(Connection database, Environment settings, KeyFiles keys, Set<Service> services, PrintWriter out,
            Operator operator, boolean yes, Optional<String> reason) {
        this.database = database;
        this.settings = settings;
        this.keys = keys;
        this.services = services;
        this.out = out;
        this.operator = operator;
        this.yes = yes;
        this.reason = reason;
    }

    /**
     * Opens one.
     *
     * @param database a connection that commits by itself
     * @param settings the settings of the server
     * @param yes      whether the operator has agreed beforehand
     * @param reason   what the operator gives as the reason, for the line that is kept
     * @throws Refusal when no server of this version has set the database up
     */
    static Desk open(Connection database, Environment settings, PrintWriter out, Operator operator, boolean yes,
            Optional<String> reason) throws SQLException {
        Set<Service> services = EnumSet.noneOf(Service.class);
        for (Service service : Service.all()) {
            try (PreparedStatement select = database.prepareStatement("SELECT to_regclass(?) IS NOT NULL")) {
                select.setString(1, service.schema() + ".operator_action");
                try (ResultSet row = select.executeQuery()) {
                    row.next();
                    if (row.getBoolean(1)) {
                        services.add(service);
                    }
                }
            }
        }
        if (services.isEmpty()) {
            throw new Refusal(Exit.UNAVAILABLE,
                    "no server of this version has set up that database. Start one on it first.");
        }
        KeyFiles keys = new KeyFiles(Path.of(settings.getProperty("signet.data-dir", "./data"), "keys"),
                new SecureRandom());
        return new Desk(database, settings, keys, services, out, operator, yes, reason);
    }

    /** Opens the journal of the data folder, where servers note what they end. */
    JournalFolder journal() {
        JournalProperties journal = Binder.get(settings).bindOrCreate("signet.journal", JournalProperties.class);
        Path dataDir = Path.of(settings.getProperty("signet.data-dir", "./data"));
        return JournalFolder.open(journal.folderIn(dataDir), journal.keep(), clock(), random);
    }

    Connection database() {
        return database;
    }

    KeyFiles keys() {
        return keys;
    }

    PrintWriter out() {
        return out;
    }

    SecureRandom random() {
        return random;
    }

    Clock clock() {
        return Clock.systemUTC();
    }

    Optional<String> reason() {
        return reason;
    }

    /** Returns the services whose schemas this database has. */
    List<Service> services() {
        return List.copyOf(services);
    }

    boolean has(Service service) {
        return services.contains(service);
    }

    /** Goes on only where the database has what a service keeps. */
    void need(Service service) {
        if (!has(service)) {
            throw new Refusal(Exit.UNAVAILABLE, "that database has no " + service.title() + ": where services run"
                    + " apart, give the configuration of the " + service.title() + " (--config)");
        }
    }

    /** Goes on only where the operator agrees. */
    void agree(String question) {
        if (yes) {
            return;
        }
        Optional<String> answer = operator.ask(question + " Type 'yes': ");
        if (answer.isEmpty()) {
            throw Refusal.misuse("there is nobody to ask whether to go on; '--yes' says so. The question was: "
                    + question);
        }
        if (!answer.get().strip().equals("yes")) {
            throw Refusal.misuse("nothing was done");
        }
    }

    /** Something that is done on the connection. */
    @FunctionalInterface
    interface Work<T> {

        T run() throws SQLException;
    }

    /** Does something in one transaction, or not at all. */
    <T> T together(Work<T> work) throws SQLException {
        database.setAutoCommit(false);
        try {
            T result = work.run();
            database.commit();
            return result;
        } catch (SQLException | RuntimeException failed) {
            database.rollback();
            throw failed;
        } finally {
            database.setAutoCommit(true);
        }
    }

    /**
     * Writes down what is done, as part of the running transaction, and says so when it is done.
     *
     * @param command the words of the command
     * @param outcome what came of it; names nobody
     * @return a line for the operator, to be printed after the transaction
     */
    String note(Service service, String command, Subject subject, String outcome) throws SQLException {
        String who = Caller.name();
        Optional<KeyedHash> hash = subject instanceof Subject.Personal ? auditHash() : Optional.empty();
        long number = new OperatorActions(service.schema()).write(database, who, command, subject, hash, reason,
                outcome);
        boolean about = !(subject instanceof Subject.Personal) || hash.isPresent();
        return "Noted as " + service.schema() + "/" + number + ", by " + who
                + (about ? "." : ", but not about whom: " + keys.fileOf(OperatorActions.PURPOSE) + " is not at hand.");
    }

    /**
     * Does a change and writes it down, in one transaction, and says both when it is done.
     *
     * @param services whose schemas the line is kept in
     * @param command  the words of the command
     * @param work     changes, and returns what came of it in words that name nobody; empty where there was nothing to change
     * @return whether anything was changed
     */
    boolean change(List<Service> services, String command, Subject subject, Work<Optional<String>> work)
            throws SQLException {
        return change(services, command, subject, work, () -> {});
    }

    /**
     * As the other one, where something changes that no transaction takes back.
     *
     * @param last changes that, once all else is written down and before it is committed; not called where there was nothing to
     *             change
     */
    boolean change(List<Service> services, String command, Subject subject, Work<Optional<String>> work, Runnable last)
            throws SQLException {
        List<String> said = together(() -> {
            List<String> lines = new ArrayList<>();
            Optional<String> outcome = work.run();
            if (outcome.isPresent()) {
                lines.add(outcome.get());
                for (Service service : services) {
                    lines.add(note(service, command, subject, outcome.get()));
                }
                last.run();
            }
            return lines;
        });
        said.forEach(out::println);
        return !said.isEmpty();
    }

    /** Returns what hashes whom a command was about; empty where the key files are not at hand. */
    Optional<KeyedHash> auditHash() {
        try {
            return keys.read(OperatorActions.PURPOSE).map(KeyedHash::new);
        } catch (UnusableSettingException unreadable) {
            return Optional.empty();
        }
    }
}
