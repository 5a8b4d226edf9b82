package im.signet.standalone.backup;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What becomes of the rows of a table. Each table of ours is named here, with the reason where its rows are left out:
 * {@code docs/howto/backup.md} tells it to operators, and a test finds tables that nobody named.
 *
 * @param schema the schema, or {@link #EVERY} for what each service has
 * @param table  the table
 * @param rows   which rows are in a backup
 * @param where  the condition for {@link Rows#SOME}
 */
record TableRule(String schema, String table, Rows rows, String where) {

    /** Stands for each service's schema. */
    static final String EVERY = "*";

    /** The schemas of the services, in the order in which they are read. */
    static final List<String> SCHEMAS = List.of("terms", "identity", "names");

    /** Which rows are in a backup. */
    enum Rows {
        /** All. */
        ALL,
        /** None: what stands there must not come back, or is worth nothing after minutes. */
        NONE,
        /** Those of a condition. */
        SOME,
        /** None, as migrations write them. */
        MADE_ANEW
    }

    private static final List<TableRule> RULES = List.of(
            madeAnew(EVERY, "flyway_schema_history"),
            all(EVERY, "key_in_use"),
            all(EVERY, "operator_action"),
            all(EVERY, "homeserver_block"),
            all(EVERY, "restore"),
            all(EVERY, "revocation_journal"),
            // Duties to others, which are carried out twice without harm. Mails and SMS waited for minutes at most, and
            // what they carry has ended; the server makes its recurring jobs itself.
            some(EVERY, "scheduled_tasks", "task_name IN ('end-holdings', 'onbind')"),
            // Full again within a day, and a list of who was active.
            none(EVERY, "limit_bucket"),
            // A token that was revoked since would live again: nobody's does.
            none("terms", "access_token"),
            none("terms", "overview_secret"),
            all("terms", "used_openid_token"),
            all("terms", "policy_text"),
            all("terms", "acceptance"),
            all("terms", "withdrawal"),
            all("terms", "receipt"),
            all("identity", "association"),
            // One that was disowned since ("that was not me") could bind again.
            none("identity", "validation_session"),
            none("identity", "validation_token"),
            all("identity", "pepper"),
            all("identity", "pepper_rotation_request"),
            all("identity", "lookup_entry"),
            all("identity", "lookup_budget"),
            all("identity", "unbound_address"),
            all("identity", "invitation"),
            all("identity", "ephemeral_key"),
            all("identity", "unwilling_address"),
            all("identity", "blocked_address"),
            all("identity", "blocked_range"),
            all("names", "identity"),
            all("names", "operation"),
            all("names", "binding"),
            all("names", "quarantine"),
            // Minutes old, and one that was used since could be used again.
            none("names", "challenge"),
            // A code that was used since would work a second time.
            none("names", "invite"));

    /** Returns what becomes of a table; empty for one that is not ours. */
    static Optional<TableRule> of(String schema, String table) {
        return RULES.stream()
                .filter(rule -> rule.table.equals(table) && (rule.schema.equals(schema) || rule.schema.equals(EVERY)))
                .findFirst();
    }

    /** Returns the tables that a schema has, by these rules. */
    static Stream<String> tablesOf(String schema) {
        return RULES.stream()
                .filter(rule -> rule.schema.equals(schema) || rule.schema.equals(EVERY))
                .map(TableRule::table);
    }

    private static TableRule all(String schema, String table) {
        return new TableRule(schema, table, Rows.ALL, "true");
    }

    private static TableRule some(String schema, String table, String where) {
        return new TableRule(schema, table, Rows.SOME, where);
    }

    private static TableRule none(String schema, String table) {
        return new TableRule(schema, table, Rows.NONE, "false");
    }

    private static TableRule madeAnew(String schema, String table) {
        return new TableRule(schema, table, Rows.MADE_ANEW, "false");
    }
}
