package im.signet.names.setting;

import im.signet.kit.settings.SignetProperties;
import im.signet.protocol.handle.Handle;
import im.signet.protocol.identifier.ServerName;

import java.net.URI;
import java.util.Locale;
import java.util.Optional;

import org.springframework.stereotype.Component;

/** Where the nameserver is reached, as it names itself. */
@Component
public final class PublicUrl {

    /** What the path of every page about a handle begins with. */
    public static final String PAGES = "/h/";

    private static final String HTTPS = "https://";

    private final String base;
    private final String identityServer;

    PublicUrl(NamesProperties names, SignetProperties signet) {
        URI own = names.publicUrl();
        this.identityServer = signet.publicUrlOf("");
        this.base = own == null ? identityServer : withoutSlash(own.toASCIIString());
    }

    private static String withoutSlash(String url) {
        return url.endsWith("/") ? url.substring(0, url.length() - 1) : url;
    }

    /** Returns the base URL: the audience of proofs. */
    public String base() {
        return base;
    }

    /** Returns the URL of a path, which begins with a slash. */
    public String of(String path) {
        return base + path;
    }

    /** Returns the URL of the page about a handle. */
    public String ofPage(Handle handle) {
        return of(PAGES + handle);
    }

    /**
     * Returns the name that links of cards lead to; empty where the base URL is not {@code https}, or has a path, as such
     * links have neither.
     */
    public Optional<ServerName> ofCards() {
        return base.startsWith(HTTPS)
                ? ServerName.parse(base.substring(HTTPS.length()).toLowerCase(Locale.ROOT)).toOptional()
                : Optional.empty();
    }

    /** Returns the base URL of the identity server beside it. */
    public String identityServer() {
        return identityServer;
    }
}
