package im.signet.identity.association;

import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

import org.springframework.data.jdbc.repository.query.Modifying;
import org.springframework.data.jdbc.repository.query.Query;
import org.springframework.data.repository.Repository;

/** The associations; an address has at most one. */
interface AssociationRepository extends Repository<AssociationRow, Long> {

    AssociationRow save(AssociationRow row);

    @Query("SELECT * FROM identity.association WHERE address_hash IN (:hashes)")
    Optional<AssociationRow> findByAddress(Collection<byte[]> hashes);

    @Query("SELECT * FROM identity.association WHERE user_id = :userId ORDER BY id")
    List<AssociationRow> findByUser(String userId);

    /** Locks what it returns until the transaction ends: none of it is deleted or changed meanwhile. */
    @Query("""
            SELECT * FROM identity.association WHERE id > :id AND discoverable
            ORDER BY id LIMIT :atMost FOR SHARE""")
    List<AssociationRow> lockDiscoverableAfter(long id, int atMost);

    @Modifying
    @Query("DELETE FROM identity.association WHERE id = :id")
    void deleteById(long id);

    @Query("SELECT proven_at FROM identity.unbound_address WHERE address_hash IN (:hashes)")
    List<Instant> findProofsOfUnbound(Collection<byte[]> hashes);

    @Modifying
    @Query("""
            INSERT INTO identity.unbound_address (address_hash, proven_at) VALUES (:hash, :provenAt)
            ON CONFLICT (address_hash) DO UPDATE
            SET proven_at = greatest(unbound_address.proven_at, excluded.proven_at)""")
    void saveUnbound(byte[] hash, Instant provenAt);

    @Modifying
    @Query("DELETE FROM identity.unbound_address WHERE address_hash IN (:hashes)")
    void deleteUnbound(Collection<byte[]> hashes);

    @Modifying
    @Query("DELETE FROM identity.unbound_address WHERE proven_at < :instant")
    void deleteUnboundProvenBefore(Instant instant);

    /** Waits until no other transaction binds or unbinds the same address. The key is seen by nobody outside the database's memory. */
    @Query("SELECT true FROM (SELECT pg_advisory_xact_lock(:key)) AS locked")
    boolean lock(long key);
}
