package im.signet.terms.introspection;

import im.signet.kit.settings.UnusableSettingException;
import im.signet.kit.web.ServiceName;
import im.signet.terms.policy.Policies;
import im.signet.terms.policy.Policy;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
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

    /**
     * Takes the operator's settings.
     *
     * @throws UnusableSettingException when a policy is required by a service that there is not
     */
    ServiceClients(IntrospectionProperties settings, Policies policies) {
        this.settings = settings;
        for (Policy policy : policies.inForce()) {
            policy.services().stream().filter(service -> !isService(service)).findFirst().ifPresent(unknown -> {
                throw new UnusableSettingException("The setting signet.terms.policies." + policy.id()
                        + ".services names a service that there is not: " + unknown + ".",
                        "Services are identity, names and those of signet.introspection.clients.");
            });
        }
    }

    /** Returns whether this is the name of one of our services, or of one that the operator named. */
    boolean isService(String name) {
        return settings.clients().containsKey(name)
                || Arrays.stream(ServiceName.values()).anyMatch(service -> service.value().equals(name));
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
