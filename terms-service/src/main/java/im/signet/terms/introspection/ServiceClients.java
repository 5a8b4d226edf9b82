package im.signet.terms.introspection;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Optional;

import jakarta.servlet.http.HttpServletRequest;
import org.springframework.security.authentication.BadCredentialsException;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.security.web.authentication.www.BasicAuthenticationConverter;
import org.springframework.stereotype.Component;

/** Tells which of the operator's services sends a request, by HTTP's Basic scheme (RFC 6749, section 2.3.1). */
@Component
final class ServiceClients {

    private final IntrospectionProperties settings;
    private final BasicAuthenticationConverter basic = new BasicAuthenticationConverter(_ -> "");

    ServiceClients(IntrospectionProperties settings) {
        this.settings = settings;
    }

    /** Returns the name of the service; empty when it is none of ours, or did not prove it. */
    Optional<String> authenticate(HttpServletRequest request) {
        UsernamePasswordAuthenticationToken shown;
        try {
            shown = basic.convert(request);
        } catch (BadCredentialsException unreadable) {
            return Optional.empty();
        }
        if (shown == null) {
            return Optional.empty();
        }
        IntrospectionProperties.Client client = settings.clients().get(shown.getName());
        return client != null && equal(client.secret(), String.valueOf(shown.getCredentials()))
                ? Optional.of(shown.getName())
                : Optional.empty();
    }

    private static boolean equal(String one, String other) {
        return MessageDigest.isEqual(one.getBytes(StandardCharsets.UTF_8), other.getBytes(StandardCharsets.UTF_8));
    }
}
