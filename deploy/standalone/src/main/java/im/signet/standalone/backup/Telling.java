package im.signet.standalone.backup;

import im.signet.kit.settings.UnusableSettingException;
import im.signet.standalone.command.Exit;

import java.io.IOException;
import java.io.PrintWriter;
import java.sql.SQLException;

/** Tells the operator why a command did not do what it was called for. */
final class Telling {

    private Telling() {}

    /** What a command does. */
    interface Work {
        /** Does it. Where it has changed something, and is not through, it throws nothing but {@link Unfinished}. */
        Exit run() throws IOException, SQLException, Refusal, Unfinished;
    }

    /** Runs it; says on {@code err} why it failed, and how to mend that. */
    static Exit run(PrintWriter err, Work work) {
        try {
            return work.run();
        } catch (Refusal refusal) {
            err.println("signet: " + refusal.why());
            return switch (refusal.kind()) {
                case CALL -> Exit.USAGE;
                case FILE -> Exit.DATA;
                case UNAVAILABLE -> Exit.UNAVAILABLE;
            };
        } catch (Unfinished unfinished) {
            err.println("signet: " + unfinished.what());
            return Exit.UNAVAILABLE;
        } catch (UnusableSettingException unusable) {
            err.println("signet: " + unusable.getMessage() + " " + unusable.mend());
            return Exit.UNAVAILABLE;
        } catch (SQLException failed) {
            // Its message may quote a row.
            err.println("signet: the database failed (SQLSTATE " + failed.getSQLState() + "); nothing was changed."
                    + (String.valueOf(failed.getSQLState()).equals("42501")
                            ? " The role lacks a right: it has to own the schemas and may create others"
                                    + " (GRANT CREATE ON DATABASE)."
                            : " Its log says more."));
            return Exit.UNAVAILABLE;
        } catch (IOException failed) {
            err.println(
                    "signet: " + failed + "; nothing was changed. Is the disk full, or may this user not write there?");
            return Exit.UNAVAILABLE;
        }
    }
}
