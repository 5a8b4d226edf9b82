package im.signet.client;

import im.signet.client.contact.AddressBook;
import im.signet.client.contact.DiscoveredContact;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * What came of bringing an address book up to date.
 *
 * @param known    what is known by now, whatever came of the lookup; store it
 * @param contacts who of the address book was found, now or earlier, in its order, all unvalidated; the list cannot be
 *                 changed
 * @param asked    the entries that were new or out of date, and which the server was to be asked for
 * @param lookup   what came of asking for these; found, and nobody, when there were none
 */
public record ContactUpdate(KnownContacts known, List<DiscoveredContact> contacts, AddressBook asked, Lookup lookup) {
    /** Keeps a copy of {@code contacts}. */
    public ContactUpdate {
        contacts = Collections.unmodifiableList(new ArrayList<>(contacts));
    }
}
