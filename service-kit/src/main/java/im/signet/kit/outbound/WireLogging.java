package im.signet.kit.outbound;

import java.util.List;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.turbo.TurboFilter;
import ch.qos.logback.core.spi.FilterReply;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;
import org.slf4j.Marker;

/**
 * Keeps the HTTP client and the HTTP server from logging what goes over the wire, at whatever level anybody sets their
 * loggers: request lines and headers hold tokens. A level could be set anew at any time, this cannot.
 */
public final class WireLogging {

    private static final List<String> LOGGERS = List.of("org.apache.hc.", "org.apache.coyote.", "org.apache.tomcat.",
            "org.apache.catalina.", "org.springframework.security.");

    private WireLogging() {}

    /** Silences them, if that is not done yet; logging may have been set up anew in between. */
    public static void silence() {
        if (LoggerFactory.getILoggerFactory() instanceof LoggerContext context
                && context.getTurboFilterList().stream().noneMatch(Silencer.class::isInstance)) {
            context.addTurboFilter(new Silencer());
        }
    }

    private static final class Silencer extends TurboFilter {

        @Override
        public FilterReply decide(@Nullable Marker marker, Logger logger, Level level, @Nullable String format,
                Object @Nullable [] params, @Nullable Throwable thrown) {
            return level.toInt() < Level.INFO_INT && LOGGERS.stream().anyMatch(logger.getName()::startsWith)
                    ? FilterReply.DENY
                    : FilterReply.NEUTRAL;
        }
    }
}
