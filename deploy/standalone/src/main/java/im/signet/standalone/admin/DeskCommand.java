package im.signet.standalone.admin;

import im.signet.kit.database.ServerDatabase;
import im.signet.kit.settings.UnusableSettingException;
import im.signet.standalone.command.Exit;
import im.signet.standalone.command.Operator;
import im.signet.standalone.command.Output;
import im.signet.standalone.command.SettingsArguments;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;
import java.util.concurrent.Callable;

import org.springframework.boot.logging.LogLevel;
import org.springframework.boot.logging.LoggingSystem;
import org.springframework.context.ConfigurableApplicationContext;
import picocli.CommandLine.Mixin;

/** A command on the database of a configured server; it needs no server, and disturbs none that runs. */
abstract class DeskCommand implements Callable<Exit> {

    private static final String DATABASE_NOT_SET_UP = "42P01";
    private static final String SCHEMA_MISSING = "3F000";
    private static final String LOCK_NOT_AVAILABLE = "55P03";

    private final Operator operator;

    @Mixin
    private final SettingsArguments settings = new SettingsArguments();

    @Mixin
    private final Output output = new Output();

    DeskCommand(Operator operator) {
        this.operator = operator;
    }

    /** Does it. */
    abstract Exit run(Desk desk) throws SQLException;

    /** Returns whether the operator has agreed beforehand. */
    boolean yes() {
        return false;
    }

    /** Returns what the operator gives as the reason. */
    Optional<String> reason() {
        return Optional.empty();
    }

    @Override
    public final Exit call() {
        Optional<String> reason;
        try {
            reason = reason();
        } catch (Refusal refusal) {
            return explain(refusal);
        }
        try (ConfigurableApplicationContext read = settings.read();
                Connection database = ServerDatabase.connect(read.getEnvironment())) {
            // What it tells of its start stands where results do.
            LoggingSystem.get(getClass().getClassLoader()).setLogLevel("org.springframework.data", LogLevel.WARN);
            return run(Desk.open(database, read.getEnvironment(), output.out(), operator, yes(), reason));
        } catch (Refusal refusal) {
            return explain(refusal);
        } catch (UnusableSettingException unusable) {
            output.err().println("signet: " + unusable.getMessage() + " " + unusable.mend());
            return Exit.UNAVAILABLE;
        } catch (SQLException failed) {
            return explain(failed);
        }
    }

    private Exit explain(Refusal refusal) {
        output.err().println("signet: " + refusal.getMessage());
        return refusal.exit();
    }

    private Exit explain(SQLException failed) {
        String state = String.valueOf(failed.getSQLState());
        return switch (state) {
            case DATABASE_NOT_SET_UP, SCHEMA_MISSING -> {
                output.err()
                        .println("signet: no server of this version has set up that database. Start one on it first.");
                yield Exit.UNAVAILABLE;
            }
            case LOCK_NOT_AVAILABLE -> {
                output.err().println("signet: servers are busy with the same; try again in a moment");
                yield Exit.TEMPORARY;
            }
            default -> {
                output.err().println("signet: the database failed (SQLSTATE " + state + ")");
                yield Exit.INTERNAL;
            }
        };
    }
}
