package im.signet.bench.faults;

import im.signet.bench.faults.Key.Kind;
import im.signet.protocol.handle.Identity;
import im.signet.protocol.handle.Jws;
import im.signet.protocol.handle.SignedBinding;
import im.signet.protocol.handle.Verdict;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** What a database holds, in the words of a {@link Ledger}, read in one transaction. */
final class Snapshot {

    /** Tables whose rows the checker explains one by one, or that say how often something is done, not what. */
    private static final Set<String> EXPLAINED = Set.of("terms.access_token", "terms.acceptance", "terms.receipt",
            "terms.withdrawal", "terms.used_openid_token", "terms.overview_secret", "identity.association",
            "identity.lookup_entry", "identity.validation_session", "identity.validation_token", "identity.invitation",
            "identity.ephemeral_key", "identity.unbound_address", "identity.lookup_budget", "names.identity",
            "names.operation", "names.binding", "names.quarantine", "names.challenge", "terms.limit_bucket",
            "identity.limit_bucket", "names.limit_bucket", "terms.scheduled_tasks", "identity.scheduled_tasks",
            "names.scheduled_tasks");

    private final Map<Key, String> things = new LinkedHashMap<>();
    private final Map<Key, String> groups = new HashMap<>();
    private final List<String> halves = new ArrayList<>();
    private final Set<String> publicKeys = new LinkedHashSet<>();
    private final Map<String, Long> otherTables = new TreeMap<>();
    private final Map<String, Long> letters = new TreeMap<>();
    private final Set<String> unboundAddresses = new HashSet<>();
    private int usedOpenIdTokens;

    private Snapshot() {}

    /**
     * Reads it.
     *
     * @param addresses the addresses that rows can be about; one that is about another is named by its hash
     * @param handles   the same, of handles
     */
    static Snapshot read(Connection connection, Hashes hashes, Set<String> addresses, Set<String> handles)
            throws SQLException {
        boolean autoCommit = connection.getAutoCommit();
        connection.setAutoCommit(false);
        connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
        try (Statement statement = connection.createStatement()) {
            Map<String, String> addressOf = new HashMap<>();
            addresses.forEach(address -> addressOf.put(hashes.ofAddress(address), address));
            Snapshot snapshot = new Snapshot();
            snapshot.readTerms(statement);
            snapshot.readIdentity(statement, addressOf);
            snapshot.readNames(statement, hashes, handles);
            snapshot.readLetters(statement);
            snapshot.readOthers(statement);
            return snapshot;
        } finally {
            connection.rollback();
            connection.setAutoCommit(autoCommit);
        }
    }

    private interface Row {
        void read(ResultSet row) throws SQLException;
    }

    private static void each(Statement statement, String sql, Row reader) throws SQLException {
        try (ResultSet rows = statement.executeQuery(sql)) {
            while (rows.next()) {
                reader.read(rows);
            }
        }
    }

    private static String text(ResultSet row, int column) throws SQLException {
        return String.valueOf(row.getString(column));
    }

    private void readTerms(Statement statement) throws SQLException {
        each(statement, "SELECT encode(token_hash, 'hex'), user_id FROM terms.access_token", row -> {
            Key key = new Key(Kind.TOKEN, text(row, 1));
            things.put(key, text(row, 2));
            groups.put(key, text(row, 2));
        });
        each(statement, """
                SELECT user_id, count(*) FILTER (WHERE withdrawal_id IS NULL) FROM terms.acceptance
                GROUP BY user_id""", row -> {
            long current = row.getLong(2);
            things.put(new Key(Kind.ACCEPTANCE, text(row, 1)),
                    current == 0 ? "withdrawn" : current == 1 ? "accepted" : "accepted " + current + " times");
        });
        half(statement, "an acceptance of %s without its receipt", """
                SELECT user_id FROM terms.acceptance a
                WHERE NOT EXISTS (SELECT FROM terms.receipt r WHERE r.acceptance_id = a.id)""");
        half(statement, "a withdrawal of %s that ended nothing", """
                SELECT user_id FROM terms.withdrawal w
                WHERE NOT EXISTS (SELECT FROM terms.acceptance a WHERE a.withdrawal_id = w.id)""");
        each(statement, "SELECT count(*) FROM terms.used_openid_token", row -> usedOpenIdTokens = row.getInt(1));
    }

    private void readIdentity(Statement statement, Map<String, String> addressOf) throws SQLException {
        each(statement, "SELECT encode(address_hash, 'hex'), user_id FROM identity.association", row -> {
            Key key = new Key(Kind.BINDING, addressOf.getOrDefault(text(row, 1), "with the hash " + text(row, 1)));
            if (things.put(key, text(row, 2)) != null) {
                halves.add("two associations of " + key.name());
            }
        });
        half(statement, "an association of %s without a lookup entry of each pepper", """
                SELECT a.user_id FROM identity.association a CROSS JOIN identity.pepper p
                WHERE a.discoverable AND p.current_since IS NOT NULL AND NOT EXISTS (
                    SELECT FROM identity.lookup_entry e WHERE e.association_id = a.id AND e.pepper_id = p.id)""");
        half(statement, "a lookup entry that says %s, where its association says otherwise or is not there", """
                SELECT e.user_id FROM identity.lookup_entry e LEFT JOIN identity.association a ON a.id = e.association_id
                WHERE a.user_id IS DISTINCT FROM e.user_id""");
        each(statement, "SELECT encode(address_hash, 'hex') FROM identity.unbound_address",
                row -> unboundAddresses.add(addressOf.getOrDefault(text(row, 1), "with the hash " + text(row, 1))));
        each(statement, """
                SELECT sid, user_id, encode(address_hash, 'hex'), validated_at IS NOT NULL
                FROM identity.validation_session""", row -> {
            Key key = new Key(Kind.SESSION, text(row, 1));
            String of = text(row, 2) + " " + addressOf.getOrDefault(text(row, 3), "with the hash " + text(row, 3));
            things.put(key, of + (row.getBoolean(4) ? " proven" : " open"));
            groups.put(key, of);
        });
        half(statement, "a session %s without a token", """
                SELECT sid FROM identity.validation_session s
                WHERE NOT EXISTS (SELECT FROM identity.validation_token t WHERE t.sid = s.sid)""");
        List<String> handed = new ArrayList<>();
        each(statement, "SELECT token, encode(address_hash, 'hex'), assigned_to FROM identity.invitation", row -> {
            Key key = new Key(Kind.INVITATION, text(row, 1));
            boolean waits = row.getString(3) == null;
            things.put(key, waits ? "waits" : "handed");
            groups.put(key, addressOf.getOrDefault(text(row, 2), "with the hash " + text(row, 2)));
            if (!waits) {
                handed.add(key.name());
            }
        });
        each(statement, """
                SELECT (SELECT count(DISTINCT delivery) FROM identity.invitation WHERE delivery IS NOT NULL),
                    (SELECT count(*) FROM identity.scheduled_tasks WHERE task_name = 'onbind')""", row -> {
            if (row.getLong(1) > row.getLong(2)) {
                halves.add("invitations " + handed + " are handed to their owners by " + row.getLong(1)
                        + " letters, of which " + row.getLong(2) + " are there");
            }
        });
        half(statement, "an invitation %s without its binding", """
                SELECT i.token FROM identity.invitation i WHERE i.assigned_to IS NOT NULL AND NOT EXISTS (
                    SELECT FROM identity.association a
                    WHERE a.address_hash = i.address_hash AND a.user_id = i.assigned_to)""");
        each(statement, "SELECT public_key FROM identity.ephemeral_key", row -> publicKeys.add(text(row, 1)));
    }

    private void readNames(Statement statement, Hashes hashes, Set<String> handles) throws SQLException {
        Map<String, List<Jws>> chains = new LinkedHashMap<>();
        each(statement, "SELECT id, jws FROM names.operation ORDER BY id, seq",
                row -> chains.computeIfAbsent(text(row, 1), _ -> new ArrayList<>())
                        .add(Jws.parse(text(row, 2)).orElseThrow()));
        Map<String, Identity> identities = new HashMap<>();
        each(statement, "SELECT id, seq, head FROM names.identity", row -> {
            String id = text(row, 1);
            things.put(new Key(Kind.CHAIN, id), text(row, 3));
            List<Jws> chain = chains.getOrDefault(id, List.of());
            if (!(Identity.replay(chain) instanceof Verdict.Valid<Identity>(Identity identity))) {
                halves.add("the chain of " + id + " has operations missing: there are " + chain.size());
            } else if (identity.seq() != row.getLong(2) || !identity.head().value().equals(text(row, 3))) {
                halves.add("the chain of " + id + " ends with another operation than its identity says");
            } else {
                identities.put(id, identity);
            }
        });
        chains.keySet()
                .stream()
                .filter(id -> !things.containsKey(new Key(Kind.CHAIN, id)))
                .forEach(id -> halves.add("operations of " + id + " without their identity"));
        Set<String> named = new HashSet<>();
        each(statement, "SELECT handle, id, seq, op_id, jws FROM names.binding", row -> {
            things.put(new Key(Kind.HANDLE, text(row, 1)), text(row, 4));
            named.add(text(row, 2));
            Identity identity = identities.get(text(row, 2));
            if (identity == null
                    || !(SignedBinding.verify(Jws.parse(text(row, 5)).orElseThrow(),
                            identity) instanceof Verdict.Valid<SignedBinding>(SignedBinding signed))) {
                halves.add("the binding of " + text(row, 1) + " is not one of the chain that is kept");
            } else if (signed.binding().seq() != row.getLong(3) || !signed.opId().value().equals(text(row, 4))) {
                halves.add("the row of " + text(row, 1) + " says other than its binding");
            }
        });
        identities.keySet()
                .stream()
                .filter(id -> !named.contains(id))
                .forEach(id -> halves.add("the identity " + id + " is kept and no handle names it"));
        Map<String, String> released = new HashMap<>();
        handles.forEach(handle -> released.put(hashes.ofHandle(handle), handle));
        each(statement, "SELECT encode(handle_hash, 'hex') FROM names.quarantine", row -> {
            Key key = new Key(Kind.HANDLE, released.getOrDefault(text(row, 1), "with the hash " + text(row, 1)));
            if (things.put(key, "released") != null) {
                halves.add("the handle " + key.name() + " is somebody's and was given up as well");
            }
        });
    }

    private void readLetters(Statement statement) throws SQLException {
        for (String schema : List.of("terms", "identity", "names")) {
            each(statement,
                    "SELECT task_name, count(*), count(*) FILTER (WHERE task_data IS NOT NULL AND length(task_data) > 0),"
                            + " count(*) FILTER (WHERE consecutive_failures > 0 OR execution_time < created_at + interval '30 seconds'"
                            + " OR execution_time < now() - interval '5 seconds') FROM " + schema
                            + ".scheduled_tasks GROUP BY task_name",
                    row -> {
                        String name = schema + "." + text(row, 1);
                        if (row.getLong(3) > 0) {
                            // A letter that is told once more after a minute does not wait for anybody before it is overdue.
                            letters.put(text(row, 1),
                                    text(row, 1).equals("end-holdings") ? row.getLong(4) : row.getLong(2));
                        } else if (row.getLong(2) > 1) {
                            halves.add("the job " + name + " stands " + row.getLong(2) + " times in its table");
                        } else {
                            otherTables.put("job " + name, 1L);
                        }
                    });
        }
    }

    private void readOthers(Statement statement) throws SQLException {
        List<String> tables = new ArrayList<>();
        each(statement, """
                SELECT schemaname || '.' || tablename FROM pg_tables
                WHERE schemaname NOT IN ('pg_catalog', 'information_schema') ORDER BY 1""",
                row -> tables.add(text(row, 1)));
        for (String table : tables) {
            if (!EXPLAINED.contains(table)) {
                each(statement, "SELECT count(*) FROM " + table, row -> otherTables.put(table, row.getLong(1)));
            }
        }
    }

    private void half(Statement statement, String what, String sql) throws SQLException {
        each(statement, sql, row -> halves.add(what.formatted(text(row, 1))));
    }

    /** Returns the state of everything that is there. */
    Map<Key, String> things() {
        return things;
    }

    /** Returns what a thing is of whose name nobody may have been told; empty for other kinds. */
    String groupOf(Key key) {
        return groups.getOrDefault(key, "");
    }

    /** Returns what is there in part only, in words. */
    List<String> halves() {
        return halves;
    }

    /** Returns the public keys of invitations. */
    Set<String> publicKeys() {
        return publicKeys;
    }

    /** Returns how many OpenID tokens were exchanged. */
    int usedOpenIdTokens() {
        return usedOpenIdTokens;
    }

    /** Returns the addresses of which it is known that they were unbound. */
    Set<String> unboundAddresses() {
        return unboundAddresses;
    }

    /** Returns how many letters wait in each channel of the outbox. */
    Map<String, Long> letters() {
        return letters;
    }

    /** Returns how many rows tables have that no user writes to, and which jobs there are. */
    Map<String, Long> otherTables() {
        return otherTables;
    }
}
