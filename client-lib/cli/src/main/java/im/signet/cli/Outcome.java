package im.signet.cli;

import im.signet.protocol.json.Json;
import im.signet.protocol.json.JsonArray;
import im.signet.protocol.json.JsonObject;
import im.signet.protocol.json.JsonString;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What a command came to, as lines for people and as JSON for programs.
 *
 * @param exit  how it ended
 * @param lines what a person reads
 * @param json  what a program reads with {@code --json}, beside {@code outcome} and, when it is not done, {@code reason}
 */
record Outcome(Exit exit, List<Line> lines, JsonObject json) {

    /**
     * A line for people.
     *
     * @param style how it is to be seen
     * @param text  its text, which may come from anywhere
     */
    record Line(Style style, String text) {}

    /** How text is to be seen, where there are colours. */
    enum Style {
        PLAIN, GOOD, CAREFUL, BAD, FAINT, BOLD
    }

    static Outcome done(String... lines) {
        return new Outcome(Exit.DONE, Arrays.stream(lines).map(text -> new Line(Style.PLAIN, text)).toList(),
                JsonObject.of());
    }

    static Outcome not(Exit exit, String reason) {
        return new Outcome(exit, List.of(new Line(exit == Exit.ALARM ? Style.BAD : Style.CAREFUL, reason)),
                JsonObject.builder().put("reason", reason).build());
    }

    /** Returns this as an alarm, where there are any; what was found stays readable. */
    Outcome alarmed(List<String> alarms) {
        if (alarms.isEmpty()) {
            return this;
        }
        Outcome alarmed = new Outcome(Exit.ALARM, lines, json.with("reason", alarms.getFirst()));
        for (String alarm : alarms) {
            alarmed = alarmed.and(Style.BAD, "Alarm: " + alarm + ".");
        }
        return alarmed.with("alarms", JsonArray.ofStrings(alarms));
    }

    Outcome and(String text) {
        return and(Style.PLAIN, text);
    }

    Outcome and(Style style, String text) {
        List<Line> more = new ArrayList<>(lines);
        more.add(new Line(style, text));
        return new Outcome(exit, List.copyOf(more), json);
    }

    Outcome with(String member, String value) {
        return with(member, new JsonString(value));
    }

    Outcome with(String member, Json value) {
        return new Outcome(exit, lines, json.with(member, value));
    }
}
