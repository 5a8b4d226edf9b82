package im.signet.kit.token.remote;

import im.signet.kit.peer.PeerCredentials;

/** The terms-service in another process, as the one that may ask us, too. */
public final class TermsService {

    private final String issuer;
    private final String name;
    private final String secret;

    /**
     * Takes what both know.
     *
     * @param issuer its public URL, without a slash at the end
     * @param name   the name under which we ask it, and it asks us
     * @param secret what proves that name, either way
     */
    public TermsService(String issuer, String name, String secret) {
        this.issuer = issuer;
        this.name = name;
        this.secret = secret;
    }

    /** Returns its public URL, without a slash at the end. */
    public String issuer() {
        return issuer;
    }

    /** Returns whether these are its credentials. */
    public boolean knows(PeerCredentials credentials) {
        return credentials.name().equals(name) && credentials.show(secret);
    }

    @Override
    public String toString() {
        return "TermsService[" + issuer + ", hidden]";
    }
}
