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
import org.slf4j.LoggerFactory;

import static org.assertj.core.api.Assertions.assertThat;

@Timeout(60)
class WireLoggingTest {

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
