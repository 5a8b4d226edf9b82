package im.signet.kit.log;

import java.io.IOException;

import org.springframework.boot.logging.StackTracePrinter;

/** Writes exceptions into structured logs as {@link FailureTrace} does into others: without their messages. */
public final class TracePrinter implements StackTracePrinter {

    /** Boot makes one, by the name in the settings. */
    public TracePrinter() {}

    @Override
    public void printStackTrace(Throwable throwable, Appendable out) throws IOException {
        out.append(FailureTrace.of(throwable));
    }
}
