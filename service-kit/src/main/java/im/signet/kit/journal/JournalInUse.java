package im.signet.kit.journal;

import org.springframework.jdbc.core.simple.JdbcClient;

/** Tells the database which journals its servers write, so that its backups say which a restore has to be given. */
public final class JournalInUse {

    private JournalInUse() {}

    /** Notes that a server begins to write that journal. */
    public static void note(JournalFolder journal, JdbcClient jdbc, String schema) {
        jdbc.sql("INSERT INTO " + schema + ".revocation_journal (id) VALUES (?)"
                + " ON CONFLICT (id) DO UPDATE SET started_at = now()")
                .param(journal.id())
                .update();
    }
}
