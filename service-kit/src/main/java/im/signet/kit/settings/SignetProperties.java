package im.signet.kit.settings;

import im.signet.protocol.identifier.ServerName;

import java.net.URI;
import java.nio.file.Path;
import java.util.List;

import jakarta.validation.constraints.AssertTrue;
import jakarta.validation.constraints.NotNull;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * What this server is called and where it keeps its files.
 *
 * @param serverName the name that signs, such as {@code id.example.org}
 * @param publicUrl  the base of every link that leaves the server, such as {@code https://id.example.org}
 * @param dataDir    the folder of the generated keys and, where no database is given, of the embedded PostgreSQL
 */
@Validated
@ConfigurationProperties("signet")
public record SignetProperties(@NotNull ServerName serverName, @NotNull URI publicUrl,
        @DefaultValue("./data") Path dataDir) {

    @AssertTrue(message = "public-url must be an absolute http or https URL without query and fragment")
    boolean isPublicUrlUsable() {
        return publicUrl == null || (publicUrl.getHost() != null && publicUrl.getUserInfo() == null
                && List.of("http", "https").contains(publicUrl.getScheme()) && publicUrl.getQuery() == null
                && publicUrl.getFragment() == null);
    }

    /** Returns the public URL of a path of this server; the path begins with a slash. */
    public String publicUrlOf(String path) {
        String base = publicUrl.toString();
        return (base.endsWith("/") ? base.substring(0, base.length() - 1) : base) + path;
    }
}
