package im.signet.terms.introspection;

import im.signet.kit.log.RequestId;
import im.signet.kit.peer.PeerCredentials;
import im.signet.kit.settings.UnusableSettingException;
import im.signet.kit.web.ServiceName;
import im.signet.terms.policy.Policies;
import im.signet.terms.policy.Policy;

import java.util.Arrays;
import java.util.Optional;

import jakarta.servlet.http.HttpServletRequest;
import org.springframework.stereotype.Component;

/** Tells which of the operator's services sends a request. */
@Component
final class ServiceClients {

    private final IntrospectionProperties settings;

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
        Optional<String> name = PeerCredentials.of(request).filter(this::areGood).map(PeerCredentials::name);
        if (name.isPresent()) {
            RequestId.adopt(request);
        }
        return name;
    }

    private boolean areGood(PeerCredentials credentials) {
        IntrospectionProperties.Client client = settings.clients().get(credentials.name());
        String secret = client == null ? null : client.secret();
        return secret != null && credentials.show(secret);
    }
}
