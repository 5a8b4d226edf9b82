package im.signet.terms.overview;

import im.signet.kit.journal.JournalReading;
import im.signet.kit.key.KeyRing;
import im.signet.kit.key.Sealing;
import im.signet.kit.outbox.WaitingLetters;
import im.signet.terms.acceptance.RestoredConsent;

import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;

/**
 * Has the services told of endings that came after a backup was made: the letters that had not reached them are lost with the
 * database. Those that did are written once more, which does no harm.
 */
public final class RestoredEndings {

    private final KeyRing journalKeys;
    private final Sealing letters;
    private final SecureRandom random;

    /**
     * Takes the keys.
     *
     * @param journalKeys those of the purpose {@code journal}
     * @param letters     with those of the purpose {@code outbox}
     */
    public RestoredEndings(KeyRing journalKeys, Sealing letters, SecureRandom random) {
        this.journalKeys = journalKeys;
        this.letters = letters;
        this.random = random;
    }

    /**
     * Ends in a restored schema the consent that the journals say was ended, and leaves a letter to all services about each.
     * What users gave them after that time stays: they had come back, which only the services know now.
     *
     * @param schema the schema's name
     * @param since  what was ended before is not in the backup
     * @return how many users that were
     */
    public long replay(Connection database, String schema, JournalReading journal, Instant since)
            throws SQLException {
        WaitingLetters outbox = new WaitingLetters(schema);
        return RestoredConsent.replay(database, schema, journal, journalKeys, since,
                (user, ending, at) -> outbox.put(database, EndHoldings.CHANNEL,
                        EndHoldings.letterToAll(user, ending, at), at, at.plus(Endings.FOREVER), letters, random));
    }
}
