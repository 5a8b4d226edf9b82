package im.signet.client.contact;

import im.signet.protocol.identifier.Address;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * The contacts to look for, as the user chose them. It stays on this device: what is sent are hashes of the addresses,
 * and of the labels nothing. Immutable; {@link #toString()} tells its size only.
 */
public final class AddressBook {
    private final List<Entry> entries;

    private AddressBook(List<Entry> entries) {
        this.entries = Collections.unmodifiableList(new ArrayList<>(entries));
    }

    /**
     * One address of one person. {@link #toString()} hides it.
     *
     * @param label   what the user calls the person; may be empty, never leaves the device
     * @param address how to reach them
     */
    public record Entry(String label, Address address) {
        @Override
        public String toString() {
            return "Entry[hidden]";
        }
    }

    /** Returns the address book of these entries, in their order; the same address may stand under several labels. */
    public static AddressBook of(List<Entry> entries) {
        return new AddressBook(entries);
    }

    /** Returns the address book without an entry, to be filled by {@link #with}. */
    public static AddressBook empty() {
        return new AddressBook(List.of());
    }

    /** Returns an address book that has one more entry, at the end. */
    public AddressBook with(String label, Address address) {
        List<Entry> more = new ArrayList<>(entries);
        more.add(new Entry(label, address));
        return new AddressBook(more);
    }

    /** Returns the entries, in their order; the list cannot be changed. */
    public List<Entry> entries() {
        return entries;
    }

    @Override
    public String toString() {
        return "AddressBook[" + entries.size() + " entries]";
    }
}
