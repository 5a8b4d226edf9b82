package im.signet.kit.token.remote;

import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

import jakarta.validation.constraints.AssertTrue;
import jakarta.validation.constraints.NotNull;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.validation.annotation.Validated;

/**
 * The terms-service, for a service that runs in a process of its own.
 *
 * @param url          where it is, as this process reaches it, such as {@code http://127.0.0.1:8091}: beside it, or by a
 *                     network that nobody else listens to; else by https
 * @param clientId     the name under which we ask; one of the terms-service's {@code introspection.clients}
 * @param clientSecret the secret of that name there: 32 to 128 letters, digits, {@code -} and {@code _}
 * @param issuer       the public URL of the terms-service, where it differs from {@code public-url}
 * @param caFile       a PEM file of certificates that its certificate may come from, besides the system's
 */
@Validated
@ConfigurationProperties("signet.terms-service")
record TermsServiceProperties(@NotNull URI url, @NotNull String clientId, @NotNull String clientSecret,
        @Nullable URI issuer, @Nullable Path caFile) {

    private static final Pattern ID = Pattern.compile("[A-Za-z0-9_-]{1,64}");
    private static final Pattern SECRET = Pattern.compile("[A-Za-z0-9_-]{32,128}");

    @AssertTrue(message = "terms-service.url must be an absolute http or https URL without query and fragment")
    boolean isUrlUsable() {
        return url == null || (url.getHost() != null && url.getScheme() != null && url.getUserInfo() == null
                && List.of("http", "https").contains(url.getScheme()) && url.getQuery() == null
                && url.getFragment() == null);
    }

    @AssertTrue(message = "terms-service.client-id must be letters, digits, '-' and '_'")
    boolean isClientIdUsable() {
        return clientId == null || ID.matcher(clientId).matches();
    }

    @AssertTrue(message = "terms-service.client-secret must be 32 to 128 letters, digits, '-' and '_'")
    boolean isClientSecretUsable() {
        return clientSecret == null || SECRET.matcher(clientSecret).matches();
    }

    Optional<Path> authorities() {
        return Optional.ofNullable(caFile);
    }

    @Override
    public String toString() {
        return "TermsServiceProperties[" + url + ", " + clientId + ", hidden]";
    }
}
