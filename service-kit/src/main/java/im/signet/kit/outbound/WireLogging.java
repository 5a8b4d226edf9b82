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
import org.springframework.boot.context.event.ApplicationEnvironmentPreparedEvent;
import org.springframework.boot.context.logging.LoggingApplicationListener;
import org.springframework.context.ApplicationListener;
import org.springframework.core.Ordered;

/**
 * Keeps libraries from logging what people send, at whatever level anybody sets their loggers: request lines, headers,
 * values of statements and texts of mails hold tokens and addresses. A level could be set anew at any time, this cannot.
 *
 * <p>It names those that may speak, not those that may not: a library that is added is quiet until somebody has looked at
 * what it says.
 */
public final class WireLogging implements ApplicationListener<ApplicationEnvironmentPreparedEvent>, Ordered {

    /** May log at any level: ourselves, and what tells why a connection to the database or a migration fails. */
    private static final List<String> OUTSPOKEN = List.of("im.signet.", "com.zaxxer.hikari.", "org.flywaydb.");

    /** May log warnings and errors only: it quotes requests that it cannot parse. */
    private static final List<String> CURT = List.of("org.apache.");

    /** May log nothing: it quotes the path of every request that nobody serves. */
    private static final String MUTE = "org.springframework.web.servlet.PageNotFound";

    /** Spring makes one before any bean. */
    public WireLogging() {}

    /** Silences them, if that is not done yet; logging may have been set up anew in between. */
    public static void silence() {
        if (LoggerFactory.getILoggerFactory() instanceof LoggerContext context
                && context.getTurboFilterList().stream().noneMatch(Silencer.class::isInstance)) {
            context.addTurboFilter(new Silencer());
        }
    }

    @Override
    public void onApplicationEvent(ApplicationEnvironmentPreparedEvent event) {
        silence();
    }

    /** Returns the place right after that which sets the operator's levels. */
    @Override
    public int getOrder() {
        return LoggingApplicationListener.DEFAULT_ORDER + 1;
    }

    private static final class Silencer extends TurboFilter {

        @Override
        public FilterReply decide(@Nullable Marker marker, Logger logger, Level level, @Nullable String format,
                Object @Nullable [] params, @Nullable Throwable thrown) {
            return level.toInt() < leastOf(logger.getName()) ? FilterReply.DENY : FilterReply.NEUTRAL;
        }

        private static int leastOf(String logger) {
            if (OUTSPOKEN.stream().anyMatch(logger::startsWith)) {
                return Level.ALL_INT;
            }
            if (logger.equals(MUTE)) {
                return Level.OFF_INT;
            }
            return CURT.stream().anyMatch(logger::startsWith) ? Level.WARN_INT : Level.INFO_INT;
        }
    }
}
