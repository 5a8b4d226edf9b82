package im.signet.terms.introspection;

import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Pattern;

import jakarta.validation.constraints.AssertTrue;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.ConfigurationPropertiesSource;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * Which services may ask whose a token is.
 *
 * @param clients the services that may ask whose a token is, by the name that each asks under, such as {@code identity}
 */
@Validated
@ConfigurationProperties("signet.introspection")
record IntrospectionProperties(@DefaultValue Map<String, Client> clients) {

    private static final Pattern ID = Pattern.compile("[A-Za-z0-9_-]{1,64}");
    // Characters that HTTP's Basic scheme, and OAuth's encoding inside it, leave as they are.
    private static final Pattern SECRET = Pattern.compile("[A-Za-z0-9_-]{32,128}");

    /**
     * A service that asks.
     *
     * @param secret what it proves itself with, and we to it: 32 to 128 letters, digits, {@code -} and {@code _}
     * @param url    where this process reaches it, for a service of ours that runs apart: its users see what it keeps of
     *               them, and can have it ended; empty for others
     * @param caFile a PEM file of certificates that its certificate may come from, besides the system's
     */
    @ConfigurationPropertiesSource
    record Client(@Nullable String secret, @Nullable URI url, @Nullable Path caFile) {

        @Override
        public String toString() {
            return "Client[hidden]";
        }
    }

    @AssertTrue(message = "the names of signet.introspection.clients must be letters, digits, '-' and '_'")
    boolean isNamed() {
        return clients.keySet().stream().allMatch(name -> ID.matcher(name).matches());
    }

    @AssertTrue(message = "each secret of signet.introspection.clients must be 32 to 128 letters, digits, '-' and '_'")
    boolean isSecret() {
        return clients.values()
                .stream()
                .allMatch(client -> client.secret() != null && SECRET.matcher(client.secret()).matches());
    }
}
