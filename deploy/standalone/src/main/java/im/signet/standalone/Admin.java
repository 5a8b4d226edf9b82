package im.signet.standalone;

import im.signet.kit.database.ServerDatabase;
import im.signet.kit.settings.UnusableSettingException;
import im.signet.standalone.command.Exit;
import im.signet.standalone.command.Operator;
import im.signet.standalone.command.SettingsArguments;

import java.io.PrintWriter;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

import org.springframework.context.ConfigurableApplicationContext;

/// `admin WORDS... [--config FILE]`: the commands of the operator. They read the server's settings as it does, and need
/// its
/// database but not the server: what a running one is to do, they leave in the database.
final class Admin {

    private static final String DATABASE_NOT_SET_UP = "42P01";
    private static final String SCHEMA_MISSING = "3F000";

    private final List<AdminCommand> commands;
    private final PrintWriter out;
    private final PrintWriter err;
    private final Operator operator;

    Admin(List<AdminCommand> commands, PrintWriter out, PrintWriter err, Operator operator) {
        this.operator = operator;
        this.commands = List.copyOf(commands);
        this.out = out;
        this.err = err;
    }

    /** Returns the commands that there are. */
    static List<AdminCommand> commands() {
        return List.of(new RotatePepper(Duration.ofMinutes(1)), new WithdrawInvitation(), new RevokeTokens(),
                new RevokeAllTokens(), new InviteToAHandle(), SuspendHandle.suspend(), SuspendHandle.unsuspend());
    }

    /** Returns a line about each command, as help shows it. */
    static String help(List<AdminCommand> commands) {
        return commands.stream()
                .map(command -> "  %-53s %s%n".formatted("signet admin " + usage(command) + " [--config FILE]",
                        command.summary()))
                .collect(Collectors.joining());
    }

    /** Runs the command that the words call; says on the error stream why it could not. */
    Exit run(List<String> words, SettingsArguments settings, boolean yes) {
        Optional<AdminCommand> called = commands.stream()
                .filter(command -> words.size() >= command.words().size()
                        && words.subList(0, command.words().size()).equals(command.words()))
                .findFirst();
        if (called.isEmpty()) {
            err.print("signet: there is no such command; there is\n" + help(commands));
            return Exit.USAGE;
        }
        AdminCommand command = called.get();
        List<String> arguments = words.subList(command.words().size(), words.size());
        if (arguments.size() != command.arguments().size()) {
            err.println("signet: it is 'signet admin " + usage(command) + " [--config FILE]'");
            return Exit.USAGE;
        }
        if (yes && command.question().isEmpty()) {
            err.println("signet: '--yes' answers nothing here");
            return Exit.USAGE;
        }
        if (!yes && !agrees(command)) {
            return Exit.USAGE;
        }
        try (ConfigurableApplicationContext read = settings.read();
                Connection database = ServerDatabase.connect(read.getEnvironment())) {
            return command.run(arguments, database, out);
        } catch (UnusableSettingException unusable) {
            err.println("signet: " + unusable.getMessage() + " " + unusable.mend());
            return Exit.UNAVAILABLE;
        } catch (SQLException failed) {
            return explain(failed);
        }
    }

    private boolean agrees(AdminCommand command) {
        Optional<String> question = command.question();
        if (question.isEmpty()) {
            return true;
        }
        Optional<String> answer = operator.ask(question.get() + " Type 'yes': ");
        if (answer.isEmpty()) {
            err.println("signet: there is nobody to ask whether to go on; '--yes' says so");
            return false;
        }
        boolean agreed = answer.get().strip().equals("yes");
        if (!agreed) {
            err.println("signet: nothing was done");
        }
        return agreed;
    }

    private Exit explain(SQLException failed) {
        String state = String.valueOf(failed.getSQLState());
        if (state.equals(DATABASE_NOT_SET_UP) || state.equals(SCHEMA_MISSING)) {
            err.println("signet: no server of this version has set up that database. Start one on it first.");
            return Exit.UNAVAILABLE;
        }
        err.println("signet: the database failed (SQLSTATE " + state + ")");
        return Exit.INTERNAL;
    }

    private static String usage(AdminCommand command) {
        List<String> words = new ArrayList<>(command.words());
        words.addAll(command.arguments());
        command.question().ifPresent(_ -> words.add("[--yes]"));
        return String.join(" ", words);
    }
}
