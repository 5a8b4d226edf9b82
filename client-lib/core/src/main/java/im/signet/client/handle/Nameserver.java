package im.signet.client.handle;

import im.signet.protocol.handle.HandleDomain;
import im.signet.protocol.handle.JwsKey;

import java.net.URI;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * Where the handles of a domain are kept, as the domain says itself at {@code https://DOMAIN/.well-known/signet}.
 *
 * @param domain         the domain
 * @param url            the base URL of its nameserver, without a slash at the end
 * @param statusKeys     the keys that sign what it says of handles, at least one; the list cannot be changed
 * @param identityServer the base URL of the identity server beside it, with whose account a handle is registered
 */
public record Nameserver(HandleDomain domain, URI url, List<JwsKey> statusKeys, Optional<URI> identityServer) {
    /** Keeps a copy of {@code statusKeys}. */
    public Nameserver {
        statusKeys = Collections.unmodifiableList(new ArrayList<>(statusKeys));
    }

    /** Returns whether this is the other one as far as can be told: the same URL, and a status key in common. */
    boolean continues(Nameserver before) {
        return url.equals(before.url) && !Collections.disjoint(statusKeys, before.statusKeys);
    }
}
