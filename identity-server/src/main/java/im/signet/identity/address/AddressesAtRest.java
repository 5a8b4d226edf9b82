package im.signet.identity.address;

import im.signet.kit.journal.Revocation;
import im.signet.kit.key.KeyedHash;
import im.signet.kit.key.Sealing;
import im.signet.protocol.identifier.Address;
import im.signet.protocol.identifier.Medium;

import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * How addresses are stored: sealed, so that only this server reads them, beside a keyed hash to find them by. Whoever has
 * the database and not the keys can neither read nor try addresses. Safe to use from many threads.
 */
public final class AddressesAtRest {

    private static final String CONTEXT = "address";

    private final Sealing sealing;
    private final KeyedHash hash;

    public AddressesAtRest(Sealing sealing, KeyedHash hash) {
        this.sealing = sealing;
        this.hash = hash;
    }

    /**
     * An address as columns.
     *
     * @param sealed the envelope
     * @param hash   32 bytes to find it by
     * @param key    the id of the key of the hash
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    public record Columns(byte[] sealed, byte[] hash, String key) {}

    /** Returns what to store of an address. */
    public Columns store(Address address) {
        return new Columns(sealing.seal(plain(address), CONTEXT), hash.current(plain(address)), hash.currentKeyId());
    }

    /** Returns the key of the hashes that are stored now, as an entry of a journal names it. */
    public Revocation.Key key() {
        return Revocation.Key.of(hash);
    }

    /** Returns the hashes under which the address may have been stored, one for each live key. */
    public List<byte[]> hashesOf(Address address) {
        return hash.underEachKey(plain(address));
    }

    /** Returns a sealed address. */
    public Address open(byte[] sealed) {
        String plain = new String(sealing.open(sealed, CONTEXT), StandardCharsets.UTF_8);
        int separator = plain.indexOf('\0');
        return new Address(Medium.parse(plain.substring(0, separator)).orElseThrow(), plain.substring(separator + 1));
    }

    /** Seals another spelling of an address, which is not found by a hash. */
    public byte[] sealSpelling(String spelling) {
        return sealing.seal(spelling.getBytes(StandardCharsets.UTF_8), CONTEXT + ".spelling");
    }

    /** Returns a sealed spelling. */
    public String openSpelling(byte[] sealed) {
        return new String(sealing.open(sealed, CONTEXT + ".spelling"), StandardCharsets.UTF_8);
    }

    private static byte[] plain(Address address) {
        return (address.medium().wireName() + "\0" + address.value()).getBytes(StandardCharsets.UTF_8);
    }
}
