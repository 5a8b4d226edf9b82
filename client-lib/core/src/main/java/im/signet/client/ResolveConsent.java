package im.signet.client;

import im.signet.protocol.handle.Handle;
import im.signet.protocol.handle.HandleDomain;

import java.util.Optional;

/**
 * That the user wants a handle looked up, and who learns of it. A nameserver has no terms for those who ask, so nothing is
 * accepted; what there is to agree to is that it is told which handle somebody looks for. A consent is made for one domain,
 * and a move to another domain is never followed by it. Immutable.
 */
public final class ResolveConsent {
    private final HandleDomain domain;
    private final Optional<Handle> handle;

    private ResolveConsent(HandleDomain domain, Optional<Handle> handle) {
        this.domain = domain;
        this.handle = handle;
    }

    /** Returns the consent that a user gives by typing or tapping one handle. */
    public static ResolveConsent toFind(Handle handle) {
        return new ResolveConsent(handle.domain(), Optional.of(handle));
    }

    /**
     * Returns the consent to look all handles of {@code domain} up again, from time to time: ask the user for it, with
     * {@link #inWords}, before an application refreshes contacts by itself.
     */
    public static ResolveConsent toFollow(HandleDomain domain) {
        return new ResolveConsent(domain, Optional.empty());
    }

    /** Returns what the user agrees to, as a sentence to show to them. */
    public String inWords() {
        return handle.isPresent()
                ? "Ask the nameserver of " + domain + " what " + handle.get()
                        + " names. It learns that somebody at your "
                        + "network address looks for this handle."
                : "Ask the nameserver of " + domain
                        + " now and then what the handles of your contacts there name. It learns "
                        + "which of them somebody at your network address keeps.";
    }

    /** Throws an {@link IllegalArgumentException} when this is no consent to look {@code sought} up. */
    void requireFor(Handle sought) {
        if (!sought.domain().equals(domain) || !handle.map(sought::equals).orElse(true)) {
            throw new IllegalArgumentException("the consent is for another handle");
        }
    }

    @Override
    public String toString() {
        return "ResolveConsent[" + handle.map(Handle::toString).orElse(domain.value()) + "]";
    }
}
