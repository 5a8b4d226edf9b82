package im.signet.kit.outbound;

import im.signet.kit.outbound.OutboundResult.Answered;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slf4j.LoggerFactory;

import static org.assertj.core.api.Assertions.assertThat;

@Timeout(60)
class WireLoggingTest {

    @ParameterizedTest
    @CsvSource({"org.apache.coyote.http11.Http11Processor, INFO, false",
        "org.apache.coyote.http11.Http11Processor, WARN, true", "org.apache.hc.client5.http.wire, DEBUG, false",
        "org.springframework.web.servlet.PageNotFound, WARN, false",
        "org.springframework.web.servlet.PageNotFound, ERROR, false",
        "org.springframework.jdbc.core.StatementCreatorUtils, TRACE, false",
        "org.springframework.security.web.FilterChainProxy, DEBUG, false",
        "org.springframework.boot.SpringApplication, INFO, true", "org.postgresql.core.v3, TRACE, false",
        "org.thymeleaf.TemplateEngine, TRACE, false", "org.eclipse.angus.mail.smtp, TRACE, false",
        "jdk.httpclient.HttpClient, DEBUG, false", "org.example.library.of.tomorrow, DEBUG, false",
        "com.zaxxer.hikari.HikariConfig, DEBUG, true", "im.signet.kit.outbox.Outbox, TRACE, true"})
    void letsThoseSpeakWhoQuoteNobody(String name, org.slf4j.event.Level level, boolean mayLog) {
        LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
        Logger logger = context.getLogger(name);
        Level before = logger.getLevel();
        try {
            logger.setLevel(Level.TRACE);
            WireLogging.silence();
            assertThat(logger.isEnabledForLevel(level)).isEqualTo(mayLog);
        } finally {
            logger.setLevel(before);
        }
    }

    @Test
    void logsNoTokenWhateverTheLevels() throws IOException {
        LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
        Logger root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        Level before = root.getLevel();
        List<Logger> loggers = Stream
                .of("org.apache.hc", "org.apache.hc.client5.http.wire", "org.apache.hc.client5.http.headers",
                        "org.apache.hc.client5.http.impl.classic.MainClientExec")
                .map(context::getLogger)
                .toList();
        ListAppender<ILoggingEvent> log = new ListAppender<>();
        log.start();
        try (TestInternet internet = new TestInternet()) {
            root.setLevel(Level.TRACE);
            loggers.forEach(logger -> logger.setLevel(Level.TRACE));
            internet.names().answer("example.org", "93.184.216.34");
            internet.site("93.184.216.34", 443, "example.org").answers("/", 200, "{\"secret\":\"answ3r\"}");
            GuardedHttpClient client = internet.client();
            root.addAppender(log);
            byte[] body = "{\"secret\":\"b0dy\"}".getBytes(StandardCharsets.UTF_8);
            assertThat(client.send(OutboundRequest.post(Destination.of("example.org", 443), "/?token=t0ken", body)))
                    .isInstanceOf(Answered.class);
            // Logging is set up anew, as by a second application in this process, and forgets filters.
            context.resetTurboFilterList();
            assertThat(client.send(OutboundRequest.post(Destination.of("example.org", 443), "/?token=t0ken", body)))
                    .isInstanceOf(Answered.class);
        } finally {
            root.detachAppender(log);
            root.setLevel(before);
            loggers.forEach(logger -> logger.setLevel(null));
        }
        // The JDK's test server logs what it receives; that is the other end of the wire.
        assertThat(log.list).filteredOn(event -> !event.getLoggerName().startsWith("com.sun.net.httpserver"))
                .noneMatch(event -> Stream.of("t0ken", "b0dy", "answ3r")
                        .anyMatch(secret -> (event.getFormattedMessage() + Arrays.toString(event.getArgumentArray()))
                                .contains(secret)));
        assertThat(log.list).noneMatch(event -> event.getLoggerName().startsWith("org.apache.hc."));
    }
}
