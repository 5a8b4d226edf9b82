package im.signet.client.transport;

import java.io.IOException;

/**
 * Carries one HTTP request to a server and brings its answer back; the application chooses or writes it, for example to
 * put a proxy between. An implementation
 * <ul>
 * <li>adds nothing that identifies the user: no cookies, no headers beyond what HTTP needs,</li>
 * <li>never follows a redirect: it returns the 3xx answer as it is,</li>
 * <li>checks the server's certificate, and limits the time and the size of the answer,</li>
 * <li>does not retry by itself, and writes neither URL, headers nor bodies to a log.</li>
 * </ul>
 * It may be called by several threads at once.
 */
@FunctionalInterface
public interface Transport {
    /**
     * Returns the server's answer, whatever its status. Throws an {@link IOException} when there is none: the server was
     * not reached, its certificate was refused, the time was up ({@link java.io.InterruptedIOException}), or the answer
     * was too large.
     */
    Response send(Request request) throws IOException;
}
