package im.signet.identity.lookup;

import im.signet.identity.address.AddressesAtRest;
import im.signet.kit.key.KeyedHash;
import im.signet.protocol.hash.LookupHash;
import im.signet.protocol.identifier.Address;

import java.time.Clock;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.Set;

import static org.assertj.core.api.Assertions.assertThat;

/** What lookup entries there must be, told by the associations alone. */
record DirectoryOracle(Replica replica, AddressesAtRest atRest, KeyedHash lookupHash, Clock clock) {

    /**
     * Asserts that every generation has the entries of every association that may be found, and no others. One that is
     * being cleared may lack some.
     */
    void assertInStep() {
        Set<String> expected = expected();
        Set<String> actual = actual();
        Set<String> lost = new HashSet<>(expected);
        lost.removeAll(actual);
        replica.generations()
                .read()
                .outlived(clock.instant())
                .ifPresent(
                        cleared -> lost.removeIf(entry -> entry.startsWith(cleared.id() + " ")));
        Set<String> stale = new HashSet<>(actual);
        stale.removeAll(expected);
        assertThat(lost).as("lost of %d entries", expected.size()).isEmpty();
        assertThat(stale).as("stale beside %d entries", expected.size()).isEmpty();
    }

    private Set<String> expected() {
        Set<String> entries = new HashSet<>();
        Generations generations = replica.generations().read();
        replica.jdbc()
                .sql("SELECT id, address_sealed, spellings_sealed, user_id FROM identity.association WHERE discoverable")
                .query(row -> {
                    Address address = atRest.open(row.getBytes(2));
                    Set<String> spellings = new HashSet<>(Set.of(address.value()));
                    byte[] others = row.getBytes(3);
                    if (others != null) {
                        spellings.add(atRest.openSpelling(others));
                    }
                    for (Generation generation : generations.all()) {
                        for (String spelling : spellings) {
                            LookupHash hash = LookupHash.of(address.medium(), spelling, generation.pepper());
                            entries.add(entry(generation.id(), lookupHash.current(hash.toBytes()), row.getLong(1),
                                    row.getString(4)));
                        }
                    }
                });
        return entries;
    }

    private Set<String> actual() {
        Set<String> entries = new HashSet<>();
        replica.jdbc()
                .sql("SELECT pepper_id, entry_hash, association_id, user_id FROM identity.lookup_entry")
                .query(row -> {
                    entries.add(entry(row.getLong(1), row.getBytes(2), row.getLong(3), row.getString(4)));
                });
        return entries;
    }

    private static String entry(long generation, byte[] hash, long association, String user) {
        return generation + " " + HexFormat.of().formatHex(hash) + " " + association + " " + user;
    }
}
