package im.signet.client;

import im.signet.client.contact.AddressBook;
import im.signet.client.contact.DiscoveredContact;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** What came of looking an address book up. */
public sealed interface Lookup permits Lookup.Found, Lookup.Interrupted, Lookup.NoHashing, Failure {
    /**
     * The server answered for every address. Contacts that it does not know, or that do not want to be found, are missing.
     *
     * @param contacts who was found, in the order of the address book, all unvalidated; the list cannot be changed
     * @param asked    how many addresses the server answered for; of each it received a hash
     * @param ignored  how many entries of its answers were dropped, as nobody had asked for them or they name no user
     */
    record Found(List<DiscoveredContact> contacts, int asked, int ignored) implements Lookup {
        /** Keeps a copy of {@code contacts}. */
        public Found {
            contacts = Collections.unmodifiableList(new ArrayList<>(contacts));
        }
    }

    /**
     * The server answered for a part of the address book before something failed.
     *
     * @param soFar     the answer for that part
     * @param remaining the entries without an answer, to look up later
     * @param why       what failed
     */
    record Interrupted(Found soFar, AddressBook remaining, Failure why) implements Lookup {}

    /**
     * The server cannot look up hashes, and addresses in the clear it cannot look up either, or the user has not consented to
     * send them. So none were.
     *
     * @param offered the algorithms that it offers; the list cannot be changed
     */
    record NoHashing(List<String> offered) implements Lookup {
        /** Keeps a copy of {@code offered}. */
        public NoHashing {
            offered = Collections.unmodifiableList(new ArrayList<>(offered));
        }
    }
}
