package im.signet.kit.settings;

import im.signet.protocol.identifier.ServerName;

import java.net.URI;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

import jakarta.validation.constraints.AssertTrue;
import jakarta.validation.constraints.NotNull;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * What this server is called and where it keeps its files.
 *
 * @param serverName the name of this server, which signs and which homeservers know it by, such as {@code id.example.org}
 * @param publicUrl  the base of every link that leaves the server, such as {@code https://id.example.org}
 * @param alsoKnownAs further names that people's clients and homeservers know this server by, as they write its URL
 *                   without {@code https://}, such as {@code id.example.org:8448/path}; a homeserver that signs a request
 *                   for another name is refused
 * @param dataDir    the folder of the generated keys and, where no database is given, of the embedded PostgreSQL
 */
@Validated
@ConfigurationProperties("signet")
public record SignetProperties(@NotNull ServerName serverName, @NotNull URI publicUrl,
        @DefaultValue List<String> alsoKnownAs, @DefaultValue("./data") Path dataDir) {

    private static final Pattern NAME = Pattern.compile("[^/?#@\\s]+(/[!-~&&[^?#]]*)?");

    @AssertTrue(message = "public-url must be an absolute http or https URL without query and fragment")
    boolean isPublicUrlUsable() {
        return publicUrl == null || (publicUrl.getHost() != null && publicUrl.getUserInfo() == null
                && List.of("http", "https").contains(publicUrl.getScheme()) && publicUrl.getQuery() == null
                && publicUrl.getFragment() == null);
    }

    @AssertTrue(message = "also-known-as must be names such as id.example.org:8448/path, without https://")
    boolean isAlsoKnownAsUsable() {
        return alsoKnownAs.stream()
                .allMatch(name -> NAME.matcher(name).matches() && ServerName.parse(name.split("/", 2)[0]).isOk());
    }

    /** Returns every name of this server: its own, the public URL without its scheme, and those it is also known as. */
    public Set<String> names() {
        Set<String> names = new LinkedHashSet<>();
        names.add(serverName.value());
        names.add(publicUrlOf("").split("://", 2)[1]);
        names.addAll(alsoKnownAs);
        return names;
    }

    /** Returns the public URL of a path of this server; the path begins with a slash. */
    public String publicUrlOf(String path) {
        String base = publicUrl.toString();
        return (base.endsWith("/") ? base.substring(0, base.length() - 1) : base) + path;
    }
}
