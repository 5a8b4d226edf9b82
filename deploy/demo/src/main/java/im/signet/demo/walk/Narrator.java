package im.signet.demo.walk;

import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/** Tells on a terminal what happens: each step, and below it what went over the wire, with the secrets shortened. */
final class Narrator {

    private static final int LONGEST = 420;
    // The values of members and query parameters that open something.
    private static final Pattern SECRET = Pattern
            .compile(
                    "(\"(?:id_access_token|access_token|token|client_secret)\":\"|(?:token|client_secret)=)([^\"&]{4})[^\"&]*");

    private final PrintStream out;
    private int steps;

    Narrator(PrintStream out) {
        this.out = out;
    }

    void say(String text) {
        out.println(text);
    }

    void step(String text) {
        steps++;
        out.println();
        out.println(steps + ". " + text);
    }

    void note(String text) {
        out.println("     " + text);
    }

    void held(String text) {
        out.println("   ok " + text);
    }

    void wire(String direction, String line) {
        String shown = SECRET.matcher(line).replaceAll("$1$2...");
        out.println(
                "     " + direction + " " + (shown.length() > LONGEST ? shown.substring(0, LONGEST) + " ..." : shown));
    }

    void wire(String direction, String start, byte[] body) {
        String text = new String(body, StandardCharsets.UTF_8).strip();
        boolean html = text.startsWith("<");
        wire(direction, start + (text.isEmpty() ? "" : html ? " (a page)" : " " + text));
    }

    int steps() {
        return steps;
    }
}
