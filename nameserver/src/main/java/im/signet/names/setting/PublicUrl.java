package im.signet.names.setting;

import im.signet.kit.settings.SignetProperties;

import java.net.URI;

import org.springframework.stereotype.Component;

/** Where the nameserver is reached, as it names itself. */
@Component
public final class PublicUrl {

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

    /** Returns the base URL of the identity server beside it. */
    public String identityServer() {
        return identityServer;
    }
}
