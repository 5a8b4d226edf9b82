package im.signet.standalone.admin;

import im.signet.standalone.command.Operator;

import java.util.Optional;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** A command that changes something, asks first where it takes something away, and leaves a line. */
abstract class ChangingCommand extends DeskCommand {

    private static final int MAX_REASON = 200;
    private static final Pattern NAMES_SOMEBODY = Pattern.compile("@|\\d[\\d ()/.-]{5,}\\d");

    @Option(names = "--yes", description = "go on without asking")
    private boolean yes;

    @Option(names = "--reason", paramLabel = "TEXT", description = "why, for the line that is kept; it names nobody")
    private @Nullable String reason;

    ChangingCommand(Operator operator) {
        super(operator);
    }

    @Override
    final boolean yes() {
        return yes;
    }

    @Override
    final Optional<String> reason() {
        if (reason == null) {
            return Optional.empty();
        }
        if (reason.isBlank() || reason.length() > MAX_REASON || !Shown.of(reason).equals(reason)) {
            throw Refusal.misuse("a reason is one line of at most " + MAX_REASON + " characters");
        }
        if (NAMES_SOMEBODY.matcher(reason).find()) {
            throw Refusal.misuse("a reason is kept as it is, so it must name nobody: no '@' and no telephone number");
        }
        return Optional.of(reason);
    }
}
