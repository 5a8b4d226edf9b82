package im.signet.kit.web;

import java.io.IOException;

import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ErrorReportValve;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes the errors that Tomcat finds before any filter sees the request (a request line it cannot parse, say): Tomcat's
 * own are HTML.
 */
public final class ErrorValve extends ErrorReportValve {

    private static final Logger log = LoggerFactory.getLogger(ErrorValve.class);

    @Override
    protected void report(Request request, Response response, @Nullable Throwable throwable) {
        int status = response.getStatus();
        if (status < 400 || response.getContentWritten() > 0 || !response.setErrorReported()) {
            return;
        }
        try {
            ResponseHeaders.putOn(response);
            Errors.write(response, Errors.ofStatus(status));
        } catch (IOException | IllegalStateException gone) {
            log.debug("could not send an error, the connection is gone");
        }
    }
}
