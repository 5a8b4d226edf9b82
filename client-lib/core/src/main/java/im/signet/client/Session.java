package im.signet.client;

import im.signet.client.handle.Nameserver;
import im.signet.protocol.identifier.UserId;

import java.net.URI;
import java.util.Objects;

/**
 * A user who is known to an identity server. What it can be used for, a consent decides: without one for discovery there is
 * no {@link Discovery}, and without one for publication no {@link Publication}. Safe for use by several threads.
 */
public final class Session {
    private final IdentityServer server;
    private final Access access;
    private final UserId userId;

    Session(IdentityServer server, Access access, UserId userId) {
        this.server = server;
        this.access = access;
        this.userId = userId;
    }

    /** Returns the server. */
    public IdentityServer server() {
        return server;
    }

    /** Returns whom the server takes the user for: a user of the homeserver that vouched. */
    public UserId userId() {
        return userId;
    }

    /**
     * Returns the token of the session, which a homeserver asks for when it shall invite on the user's behalf; for binding,
     * {@link Publication#bindThrough} gives it to the homeserver.
     */
    public AccessToken accessToken() {
        return access.token();
    }

    /**
     * Returns the way to look contacts up. Sends nothing; policies of {@code consent} that the server was not told of are
     * sent before the first lookup. Throws an {@link IllegalArgumentException} when the consent is for another server.
     */
    public Discovery discovery(Consent<Purpose.DiscoverContacts> consent) {
        requireFor(Purpose.DISCOVER_CONTACTS, consent);
        return new Discovery(access, consent, server.options());
    }

    /**
     * Returns the way to look contacts up that tells the server their addresses as they are, where it takes no hashes; where
     * it does, it is sent hashes. Sends nothing so far, like {@link #discovery}. Throws an {@link IllegalArgumentException}
     * when the consent is for another server.
     */
    public Discovery revealingDiscovery(Consent<Purpose.RevealContacts> consent) {
        requireFor(Purpose.REVEAL_CONTACTS, consent);
        return new Discovery(access, consent, server.options());
    }

    /**
     * Returns the way to publish the user's own addresses. Sends nothing; policies of {@code consent} that the server was
     * not told of are sent before the first request. Throws an {@link IllegalArgumentException} when the consent is for
     * another server.
     */
    public Publication publication(Consent<Purpose.PublishAddress> consent) {
        requireFor(Purpose.PUBLISH_ADDRESS, consent);
        return new Publication(access, consent, userId, server.options().random());
    }

    /**
     * Returns the way to register and keep handles of the user's own at {@code nameserver}. Sends nothing. The nameserver is
     * given the token of this session, by which it could act as the user at the identity server; so it must stand at the
     * address of the identity server, or be one that {@link ClientOptions#trustingNameserver} names, whatever a domain says.
     * Throws an {@link IllegalArgumentException} when it does not, or when the consent is for another server.
     */
    public OwnHandles ownHandles(Consent<Purpose.KeepHandle> consent, Nameserver nameserver) {
        requireFor(Purpose.keepHandle(nameserver.url()), consent);
        if (!mayHaveToken(nameserver.url())) {
            throw new IllegalArgumentException("the nameserver is not one that may be given the token");
        }
        return new OwnHandles(access, consent, nameserver, server.options());
    }

    /** Returns whether {@link #ownHandles} will give the token to the nameserver with that base URL. */
    public boolean mayHaveToken(URI nameserver) {
        URI own = server.baseUrl();
        boolean sameAddress = Objects.equals(own.getScheme(), nameserver.getScheme())
                && Objects.equals(own.getHost(), nameserver.getHost()) && own.getPort() == nameserver.getPort();
        return sameAddress || server.options().nameservers().contains(nameserver);
    }

    /** Returns whether the server knows that the user accepted the policies of {@code consent}; tells it of each once. */
    public Acceptance acceptTerms(Consent<?> consent) {
        return access.acceptTerms(consent);
    }

    /**
     * Returns a link to the page on which the user sees what the server keeps of them, and can withdraw their consent or have
     * all of it erased. It is for the user's browser, works once and for the time that it says, and opens all of that to
     * whoever has it. No terms need to be accepted for it.
     */
    public OverviewLink overviewLink() {
        return access.overviewLink();
    }

    /** Returns whether the server has forgotten the token. Afterwards nothing more is sent: all else is signed out. */
    public Logout logout() {
        return access.logout();
    }

    @Override
    public String toString() {
        return "Session[" + userId + " at " + server.baseUrl() + "]";
    }

    /** The types say the purpose already; this holds where a caller went round them with an unchecked cast. */
    private void requireFor(Purpose purpose, Consent<?> consent) {
        server.requireOwn(consent);
        if (!purpose.equals(consent.purpose())) {
            throw new IllegalArgumentException("the consent is for another purpose");
        }
    }
}
