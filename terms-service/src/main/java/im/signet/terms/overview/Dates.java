package im.signet.terms.overview;

import im.signet.kit.page.Audience;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.FormatStyle;

/** Writes times as people of a language do. Nobody knows in which time zone they are. */
final class Dates {

    private Dates() {}

    /** Returns the time to the minute, in UTC. */
    static String of(Instant instant, Audience audience) {
        return DateTimeFormatter.ofLocalizedDateTime(FormatStyle.LONG, FormatStyle.SHORT)
                .withLocale(audience.language())
                .format(instant.atOffset(ZoneOffset.UTC)) + " UTC";
    }
}
