package im.signet.kit.web;

import java.time.Duration;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ApplicationListener;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.core.Ordered;

/**
 * Puts a while between "not ready any more", which Boot says as soon as the server is told to stop, and the end of its ports.
 * Meanwhile it serves as before, but asks clients to come with a new connection next time: a request on a kept one that
 * arrives just when the ports end would fail. Safe to use from many threads.
 */
final class Drain implements ApplicationListener<ContextClosedEvent>, Ordered {

    private static final Logger log = LoggerFactory.getLogger(Drain.class);

    private final ApplicationContext context;
    private final Duration time;
    private volatile boolean underWay;

    Drain(ApplicationContext context, Duration time) {
        this.context = context;
        this.time = time;
    }

    /** Returns whether the server was told to stop. */
    boolean isUnderWay() {
        return underWay;
    }

    /** Waits; what else ends with the context, such as the management port, ends afterwards. */
    @Override
    public void onApplicationEvent(ContextClosedEvent event) {
        if (!event.getApplicationContext().equals(context)) {
            return;
        }
        underWay = true;
        if (time.isPositive()) {
            log.info("Told to stop: not ready any more, and serving on for {} s", time.toSeconds());
            try {
                Thread.sleep(time);
            } catch (InterruptedException hurried) {
                Thread.currentThread().interrupt();
            }
        }
    }

    @Override
    public int getOrder() {
        return HIGHEST_PRECEDENCE;
    }
}
