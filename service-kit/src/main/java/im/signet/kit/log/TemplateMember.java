package im.signet.kit.log;

import ch.qos.logback.classic.spi.ILoggingEvent;
import org.springframework.boot.json.JsonWriter;
import org.springframework.boot.logging.structured.StructuredLoggingJsonMembersCustomizer;

/**
 * Puts into each line of a structured log what docs/reference/log-events.md lists it under: its text before the values went
 * in. It stays the same whatever the values are, so that it can be searched and counted by.
 */
public final class TemplateMember implements StructuredLoggingJsonMembersCustomizer<ILoggingEvent> {

    private static final String OURS = "im.signet.";

    /** Boot makes one, by the name in the settings. */
    public TemplateMember() {}

    @Override
    public void customize(JsonWriter.Members<ILoggingEvent> members) {
        members.add("event_template", TemplateMember::template).whenHasLength();
    }

    // Of libraries, which put their texts together themselves, there is none.
    private static String template(ILoggingEvent event) {
        return event.getLoggerName().startsWith(OURS) ? event.getMessage() : "";
    }
}
