package im.signet.cli;

import im.signet.cli.Outcome.Style;

import java.io.Console;
import java.io.PrintStream;
import java.nio.charset.Charset;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

import org.jspecify.annotations.Nullable;

/** The terminal that the process runs in, or the files in its place. */
final class ConsoleTerminal implements Terminal {

    private static final String RESET = "\u001b[0m";

    private final PrintStream out;
    private final PrintStream err;
    private final @Nullable Console console;
    private final boolean colours;

    private ConsoleTerminal(PrintStream out, PrintStream err, @Nullable Console console, boolean colours) {
        this.out = out;
        this.err = err;
        this.console = console;
        this.colours = colours;
    }

    /**
     * Returns the process's own.
     *
     * @param colour {@code always}, {@code never}, or else colours where a terminal takes them and {@code NO_COLOR} is not set
     */
    @SuppressWarnings("SystemConsoleNull") // It is null where input or output is no terminal.
    static ConsoleTerminal ofProcess(String colour, Map<String, String> environment) {
        @Nullable
        Console console = System.console();
        boolean terminal = console != null && console.isTerminal();
        boolean taken = terminal && environment.getOrDefault("NO_COLOR", "").isEmpty()
                && !"dumb".equals(environment.get("TERM"));
        return new ConsoleTerminal(System.out, System.err, terminal ? console : null,
                colour.equalsIgnoreCase("always") || (!colour.equalsIgnoreCase("never") && taken));
    }

    @Override
    public void print(Style style, String text) {
        out.println(styled(style, text));
    }

    @Override
    public void printRaw(String text) {
        out.println(text);
    }

    @Override
    public void tell(Style style, String text) {
        // Where somebody is asked, they see what they are asked about, wherever the error output goes.
        if (console != null) {
            console.writer().println(styled(style, text));
            console.flush();
        } else {
            err.println(styled(style, text));
        }
    }

    @Override
    public boolean isInteractive() {
        return console != null;
    }

    @Override
    public Optional<String> ask(String question) {
        if (console == null) {
            return Optional.empty();
        }
        err.flush();
        return Optional.ofNullable(console.readLine("%s ", Shown.text(question)));
    }

    @Override
    public Optional<char[]> askSecret(String question) {
        if (console == null) {
            return Optional.empty();
        }
        err.flush();
        return Optional.ofNullable(console.readPassword("%s ", Shown.text(question)));
    }

    @Override
    public boolean hasColours() {
        return colours;
    }

    @Override
    public boolean hasBlocks() {
        Charset charset = out.charset();
        return charset.canEncode() && charset.newEncoder().canEncode("\u2580\u2584\u2588");
    }

    private String styled(Style style, String text) {
        // One line in, one line out: what comes from elsewhere adds none.
        String shown = Shown.line(text);
        String code = switch (style) {
            case PLAIN -> "";
            case GOOD -> "\u001b[32m";
            case CAREFUL -> "\u001b[33m";
            case BAD -> "\u001b[1;31m";
            case FAINT -> "\u001b[2m";
            case BOLD -> "\u001b[1m";
        };
        return colours && !code.isEmpty() ? code + shown + RESET : shown;
    }

    /** Returns whether {@code when} is a value of the option for colours. */
    static boolean isWhen(String when) {
        return Arrays.asList("auto", "always", "never").contains(when.toLowerCase(Locale.ROOT));
    }
}
