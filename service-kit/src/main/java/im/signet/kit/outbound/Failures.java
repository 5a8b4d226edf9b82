package im.signet.kit.outbound;

import im.signet.kit.outbound.OutboundResult.Refused;
import im.signet.kit.outbound.OutboundResult.Unreachable;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertPathValidatorException.BasicReason;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLPeerUnverifiedException;

import org.apache.hc.core5.http.ConnectionRequestTimeoutException;
import org.apache.hc.core5.http.MessageConstraintException;
import org.jspecify.annotations.Nullable;

/** Says in our own words why an exchange failed: messages of libraries may repeat addresses, queries or bytes sent. */
final class Failures {

    private Failures() {}

    static OutboundResult outcome(Destination destination, IOException failure) {
        return switch (failure) {
            case MessageConstraintException _ -> new Refused(destination + " answers with too large a head");
            case ConnectionRequestTimeoutException _ ->
                new Unreachable("too many requests to " + destination + " are under way");
            case ConnectException _ -> new Unreachable(destination + " accepts no connection");
            case NoRouteToHostException _ -> new Unreachable("there is no route to " + destination);
            case SSLException _ -> new Unreachable(destination + " " + distrust(failure));
            case InterruptedIOException _ -> new Unreachable(destination + " did not answer in time");
            default -> new Unreachable(destination + " broke off or does not speak HTTP");
        };
    }

    private static String distrust(IOException failure) {
        for (@Nullable
        Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof CertificateExpiredException || hasReason(cause, BasicReason.EXPIRED)) {
                return "has a certificate that has expired";
            }
            if (cause instanceof CertificateNotYetValidException || hasReason(cause, BasicReason.NOT_YET_VALID)) {
                return "has a certificate that is not valid yet";
            }
            if (cause instanceof CertPathBuilderException || cause instanceof CertPathValidatorException) {
                return "has a certificate of an authority that is not trusted";
            }
            if (cause instanceof SSLPeerUnverifiedException
                    || (cause instanceof CertificateException && cause.getCause() == null)) {
                return "has a certificate for another name";
            }
        }
        return "failed at the TLS handshake";
    }

    private static boolean hasReason(Throwable cause, BasicReason reason) {
        return cause instanceof CertPathValidatorException path && path.getReason() == reason;
    }
}
