package im.signet.identity.invitation;

import im.signet.identity.address.AddressesAtRest;
import im.signet.kit.journal.Revocation;
import im.signet.kit.journal.RevocationJournal;
import im.signet.kit.key.KeyedHash;
import im.signet.protocol.Parsed;
import im.signet.protocol.identifier.Address;
import im.signet.protocol.signature.UnpaddedBase64;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

import org.springframework.transaction.support.TransactionOperations;

/**
 * Addresses whose owners want no more mail about invitations. Each mail has a link to say so: it carries the address's
 * keyed hash and a proof that we made it, so that it works for as long as the mail exists and nothing is kept of those who
 * do not use it.
 */
final class UnwillingAddresses {

    private static final int HASH_BYTES = 32;
    private static final int PROOF_BYTES = 16;

    private final InvitationRepository repository;
    private final AddressesAtRest atRest;
    private final KeyedHash proofs;
    private final RevocationJournal journal;
    private final TransactionOperations transactions;
    private final Clock clock;

    UnwillingAddresses(InvitationRepository repository, AddressesAtRest atRest, KeyedHash proofs,
            RevocationJournal journal, TransactionOperations transactions, Clock clock) {
        this.repository = repository;
        this.atRest = atRest;
        this.proofs = proofs;
        this.journal = journal;
        this.transactions = transactions;
        this.clock = clock;
    }

    /** Returns the word by which the owner of an address says that they want no more mail: 64 characters. */
    String word(Address address) {
        byte[] hash = atRest.store(address).hash();
        return UnpaddedBase64.encodeUrl(ByteBuffer.allocate(HASH_BYTES + PROOF_BYTES)
                .put(hash)
                .put(proofs.current(hash), 0, PROOF_BYTES)
                .array());
    }

    /** Returns whether this is such a word. */
    boolean isGenuine(String word) {
        return hashIn(word).isPresent();
    }

    /** Notes that the owner of the word's address wants no more mail; returns whether it is such a word. */
    boolean add(String word) {
        Optional<byte[]> hash = hashIn(word);
        hash.ifPresent(address -> transactions.executeWithoutResult(_ -> {
            Instant now = clock.instant();
            repository.addUnwilling(address, now);
            // Made with that key or an older one: a server that lacks it would not find the row that a restore makes of this.
            journal.add(RestoredInvitations.UNWILLING, Optional.of(atRest.key()),
                    List.of(Revocation.part(address), Revocation.part(now)));
        }));
        return hash.isPresent();
    }

    /** Returns whether the owner of the address wants no more mail. */
    boolean contains(Address address) {
        return repository.isUnwilling(atRest.hashesOf(address));
    }

    private Optional<byte[]> hashIn(String word) {
        if (UnpaddedBase64.decodeUrl(word) instanceof Parsed.Ok<byte[]>(byte[] bytes)
                && bytes.length == HASH_BYTES + PROOF_BYTES) {
            byte[] hash = Arrays.copyOf(bytes, HASH_BYTES);
            byte[] proof = Arrays.copyOfRange(bytes, HASH_BYTES, bytes.length);
            if (proofs.underEachKey(hash)
                    .stream()
                    .anyMatch(ours -> MessageDigest.isEqual(Arrays.copyOf(ours, PROOF_BYTES), proof))) {
                return Optional.of(hash);
            }
        }
        return Optional.empty();
    }
}
