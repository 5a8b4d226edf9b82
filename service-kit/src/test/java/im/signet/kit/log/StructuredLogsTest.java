package im.signet.kit.log;

import im.signet.protocol.json.JsonObject;
import im.signet.protocol.json.StrictJson;

import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.Map;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.LoggingEvent;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.MDC;
import org.springframework.boot.logging.logback.StructuredLogEncoder;
import org.springframework.core.env.Environment;
import org.springframework.mock.env.MockEnvironment;

import static org.assertj.core.api.Assertions.assertThat;

/** What a line is in the formats that Boot knows, with the settings that the server has by default. */
class StructuredLogsTest {

    private static final String CANARY = "canary@example.org";

    private static String encoded(String format, String logger, String template, Throwable thrown, Object... values) {
        MockEnvironment settings = new MockEnvironment()
                .withProperty("logging.structured.json.exclude", "error.message,_error_message")
                .withProperty("logging.structured.json.stacktrace.printer", TracePrinter.class.getName())
                .withProperty("logging.structured.json.customizer", TemplateMember.class.getName());
        LoggerContext context = new LoggerContext();
        context.setMDCAdapter(MDC.getMDCAdapter());
        context.putObject(Environment.class.getName(), settings);
        StructuredLogEncoder encoder = new StructuredLogEncoder();
        encoder.setContext(context);
        encoder.setFormat(format);
        encoder.start();
        Logger ours = context.getLogger(logger);
        return new String(encoder.encode(new LoggingEvent("x", ours, Level.ERROR, template, thrown, values)),
                StandardCharsets.UTF_8);
    }

    @ParameterizedTest
    @ValueSource(strings = {"ecs", "logstash", "gelf"})
    void leavesMessagesOfExceptionsOut(String format) {
        Exception failure = new IllegalStateException("about " + CANARY,
                new SQLException("Key (address)=(" + CANARY + ") exists", "23505"));
        String line = encoded(format, "com.zaxxer.hikari.pool.PoolBase", "it failed", failure);
        assertThat(line).doesNotContain(CANARY)
                .contains("java.lang.IllegalStateException", "[SQLSTATE 23505]", "StructuredLogsTest");
        assertThat(line.strip().lines()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"ecs", "logstash", "gelf"})
    void namesEachLineOfOursAndItsRequest(String format) {
        MDC.put(RequestId.KEY, "0123456789abcdef0123456789abcdef");
        try {
            JsonObject line = StrictJson.parseObject(encoded(format, "im.signet.kit.outbox.Outbox", "gave {} up",
                    new IllegalStateException(), "mail")).orElseThrow();
            assertThat(line.string("event_template")).contains("gave {} up");
            assertThat(StrictJson.write(line)).contains("gave mail up")
                    .contains("request_id\":\"0123456789abcdef0123456789abcdef\"");
        } finally {
            MDC.remove(RequestId.KEY);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"ecs", "logstash", "gelf"})
    void saysNoTemplateOfALibrary(String format) {
        assertThat(encoded(format, "org.example.Library", "text", new IllegalStateException(), Map.of()))
                .doesNotContain("event_template");
    }
}
