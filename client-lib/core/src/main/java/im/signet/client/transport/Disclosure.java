package im.signet.client.transport;

import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;

/**
 * What a request tells the server. Every request also shows the network address that it comes from, which is said only
 * where it is news.
 *
 * @param inWords  one or two English sentences for the user; an address is shortened in them, a secret never appears
 * @param subjects the same for a program to decide on; empty when the server learns nothing new
 */
public record Disclosure(String inWords, Set<Subject> subjects) {
    /** What can be told to an identity server, a nameserver or a homeserver. */
    public enum Subject {
        /** That somebody at this network address takes an interest in this server. */
        INTEREST,
        /** Which Matrix account it is. */
        ACCOUNT,
        /** Which policies the user accepts. */
        ACCEPTANCE,
        /** That the user is about to look contacts up, or to publish an address. */
        INTENTION,
        /** Hashes of the addresses of the user's contacts, from which addresses can be guessed. */
        CONTACT_HASHES,
        /** Addresses of the user's contacts, as they are. */
        CONTACT_ADDRESSES,
        /** An address of the user's own. */
        OWN_ADDRESS,
        /** The token of the session at the identity server, by which whoever has it can act as the user there. */
        SESSION_TOKEN,
        /** That an address belongs to the Matrix account, for anybody who asks. */
        PUBLICATION,
        /** Which handle the user looks for. */
        SOUGHT_HANDLE,
        /** A handle or the keys of the user's own, for anybody who asks. */
        OWN_IDENTITY
    }

    /** Keeps a copy of {@code subjects} that cannot be changed. */
    public Disclosure {
        subjects = subjects.isEmpty() ? Set.of() : Collections.unmodifiableSet(EnumSet.copyOf(subjects));
    }

    /** Returns the disclosure of these subjects in these words. */
    public static Disclosure of(String inWords, Subject... subjects) {
        return new Disclosure(inWords, Set.of(subjects));
    }
}
