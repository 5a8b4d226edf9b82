package im.signet.kit.peer;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Optional;

import jakarta.servlet.http.HttpServletRequest;
import org.springframework.security.authentication.BadCredentialsException;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.security.web.authentication.www.BasicAuthenticationConverter;

/** What a service says it is called, and the secret that it shows for it, by HTTP's Basic scheme (RFC 6749, section 2.3.1). */
public final class PeerCredentials {

    private static final BasicAuthenticationConverter BASIC = new BasicAuthenticationConverter(_ -> "");

    private final String name;
    private final String secret;

    private PeerCredentials(String name, String secret) {
        this.name = name;
        this.secret = secret;
    }

    /** Returns what a request shows; empty when it shows nothing that can be read. */
    public static Optional<PeerCredentials> of(HttpServletRequest request) {
        UsernamePasswordAuthenticationToken shown;
        try {
            shown = BASIC.convert(request);
        } catch (BadCredentialsException unreadable) {
            return Optional.empty();
        }
        return shown == null
                ? Optional.empty()
                : Optional.of(new PeerCredentials(shown.getName(), String.valueOf(shown.getCredentials())));
    }

    /** Returns the name; whether it is theirs only the secret tells. */
    public String name() {
        return name;
    }

    /** Returns whether this is the secret that they showed; takes as long for every wrong one of its length. */
    public boolean show(String expected) {
        return MessageDigest.isEqual(expected.getBytes(StandardCharsets.UTF_8),
                secret.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public String toString() {
        return "PeerCredentials[" + name + ", hidden]";
    }
}
