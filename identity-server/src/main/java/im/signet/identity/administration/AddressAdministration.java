package im.signet.identity.administration;

import im.signet.identity.address.AddressesAtRest;
import im.signet.identity.association.Association;
import im.signet.identity.association.Associations;
import im.signet.identity.block.AddressRange;
import im.signet.kit.journal.JournalFolder;
import im.signet.kit.journal.JournalInUse;
import im.signet.kit.journal.RevocationJournal;
import im.signet.kit.key.KeyFiles;
import im.signet.kit.key.KeyedHash;
import im.signet.kit.key.Sealing;
import im.signet.protocol.identifier.Address;
import im.signet.protocol.identifier.UserId;

import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import javax.sql.DataSource;

import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;
import org.springframework.util.function.SingletonSupplier;

/** The addresses of an identity-server, for its operator: whose they are, and taking that back as the API does. */
public final class AddressAdministration implements AutoCloseable {

    private static final int BATCH = 1_000;

    private final AnnotationConfigApplicationContext context;
    private final AddressesAtRest atRest;
    private final Associations associations;
    private final TransactionTemplate together;

    private AddressAdministration(AnnotationConfigApplicationContext context, AddressesAtRest atRest) {
        this.context = context;
        this.atRest = atRest;
        this.associations = context.getBean(Associations.class);
        this.together = new TransactionTemplate(context.getBean(PlatformTransactionManager.class));
    }

    /**
     * Opens them on a connection that commits by itself, which stays open.
     *
     * @param journal where it is noted what is ended; asked for once, when something is
     * @throws im.signet.kit.settings.UnusableSettingException when the key files are not there
     */
    public static AddressAdministration open(Connection database, KeyFiles files, Supplier<JournalFolder> journal,
            Clock clock, SecureRandom random) throws SQLException {
        AddressesAtRest atRest = atRest(database, files, random);
        KeyedHash hash = new KeyedHash(files.open(database, "identity", "journal"));
        DataSource borrowed = new Borrowed(database);
        SingletonSupplier<JournalFolder> folder = SingletonSupplier.of(journal);
        AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext();
        context.registerBean(DataSource.class, () -> borrowed);
        context.registerBean("identityJournal", RevocationJournal.class, () -> new RevocationJournal(() -> {
            JournalFolder opened = folder.obtain();
            // Once a transaction: of one that fails, nothing stays.
            JournalInUse.note(opened, JdbcClient.create(borrowed), "identity");
            return opened;
        }, "identity", hash, clock));
        context.registerBean(Clock.class, () -> clock);
        context.registerBean(AddressesAtRest.class, () -> atRest);
        context.register(AdministrationBeans.class);
        context.refresh();
        return new AddressAdministration(context, atRest);
    }

    /**
     * Returns what hashes and opens addresses as the servers of a database do.
     *
     * @throws im.signet.kit.settings.UnusableSettingException when the key files are not there
     */
    public static AddressesAtRest atRest(Connection database, KeyFiles files, SecureRandom random)
            throws SQLException {
        return new AddressesAtRest(new Sealing(files.open(database, "identity", "address"), random),
                new KeyedHash(files.open(database, "identity", "address-hash")));
    }

    /** A connection that is not ours to close. */
    private static final class Borrowed extends SingleConnectionDataSource {

        Borrowed(Connection database) {
            super(database, true);
        }

        @Override
        public void destroy() {
            // whoever lent it closes it
        }

        @Override
        public void close() {
            // the same
        }
    }

    /** Something to be done on the connection. */
    @FunctionalInterface
    public interface Work<T> {

        /** Does it, within a transaction, and returns what came of it. */
        T run() throws SQLException;
    }

    /** Does something in one transaction, or not at all. */
    public <T> T together(Work<T> work) throws SQLException {
        SQLException[] failed = new SQLException[1];
        Optional<T> result = together.execute(status -> {
            try {
                return Optional.of(work.run());
            } catch (SQLException e) {
                failed[0] = e;
                status.setRollbackOnly();
                return Optional.empty();
            }
        });
        if (failed[0] != null) {
            throw failed[0];
        }
        return Optional.ofNullable(result).flatMap(value -> value).orElseThrow();
    }

    /** Returns what hashes addresses. */
    public AddressesAtRest atRest() {
        return atRest;
    }

    /** Returns the association of an address; empty when it is bound to nobody. */
    public Optional<Association> current(Address address) {
        return associations.current(address);
    }

    /** Returns what is bound to a user. */
    public List<Association> of(UserId user) {
        return associations.of(user);
    }

    /** Returns what is bound and in a range. Opens every address there is. */
    public List<Association> in(Connection database, AddressRange range) throws SQLException {
        List<Association> found = new ArrayList<>();
        long after = 0;
        boolean more = true;
        while (more) {
            more = false;
            try (PreparedStatement select = database.prepareStatement("""
                    SELECT id, address_sealed FROM identity.association WHERE id > ? ORDER BY id LIMIT ?""")) {
                select.setLong(1, after);
                select.setInt(2, BATCH);
                try (ResultSet row = select.executeQuery()) {
                    while (row.next()) {
                        more = true;
                        after = row.getLong(1);
                        Address address = atRest.open(row.getBytes(2));
                        if (range.contains(address)) {
                            associations.current(address).ifPresent(found::add);
                        }
                    }
                }
            }
        }
        return found;
    }

    /**
     * Unbinds an address from a user, with all that follows.
     *
     * @return whether it was bound to that user
     */
    public boolean unbind(Address address, UserId user) {
        return associations.remove(address, user).isPresent();
    }

    @Override
    public void close() {
        context.close();
    }
}
