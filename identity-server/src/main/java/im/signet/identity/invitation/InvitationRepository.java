package im.signet.identity.invitation;

import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

import org.springframework.data.jdbc.repository.query.Modifying;
import org.springframework.data.jdbc.repository.query.Query;
import org.springframework.data.repository.Repository;

/** The invitations, the public halves of their keys, and the addresses whose owners want no mail about any. */
interface InvitationRepository extends Repository<StoredInvitation, String> {

    String COLUMNS = """
            SELECT token, address_sealed, payload_sealed, signing_key, assigned_to, delivery, refusals
            FROM identity.invitation
            """;

    @Modifying
    @Query("""
            INSERT INTO identity.invitation (token, address_sealed, address_hash, address_key, payload_sealed, signing_key,
                   inviter_hash, created_at, expires_at)
            VALUES (:token, :addressSealed, :addressHash, :addressKey, :payloadSealed, :signingKey, :inviterHash,
                   :createdAt, :expiresAt)
            """)
    @SuppressWarnings("TooManyParameters") // one parameter a column
    void add(String token, byte[] addressSealed, byte[] addressHash, String addressKey, byte[] payloadSealed,
            String signingKey, byte[] inviterHash, Instant createdAt, Instant expiresAt);

    @Modifying
    @Query("DELETE FROM identity.invitation WHERE inviter_hash IN (:inviterHashes) AND created_at < :before")
    void deleteSentBy(Collection<byte[]> inviterHashes, Instant before);

    @Query(COLUMNS + "WHERE token = :token AND expires_at > :now")
    Optional<StoredInvitation> findByToken(String token, Instant now);

    @Query(COLUMNS + "WHERE delivery = :delivery AND expires_at > :now ORDER BY created_at, token")
    List<StoredInvitation> findByDelivery(String delivery, Instant now);

    /** Gives every invitation of an address that nobody has yet to a user, and returns how many those were. */
    @Modifying
    @Query("""
            UPDATE identity.invitation SET assigned_to = :userId, delivery = :delivery
            WHERE address_hash IN (:addressHashes) AND assigned_to IS NULL AND expires_at > :now""")
    int assign(Collection<byte[]> addressHashes, String userId, String delivery, Instant now);

    @Modifying
    @Query("UPDATE identity.invitation SET refusals = refusals + 1 WHERE token IN (:tokens)")
    void countRefusal(Collection<String> tokens);

    /** Returns how many were deleted for having been refused so often. */
    @Modifying
    @Query("DELETE FROM identity.invitation WHERE delivery = :delivery AND refusals >= :refusals")
    int deleteRefused(String delivery, int refusals);

    /** Returns how many were deleted. */
    @Modifying
    @Query("DELETE FROM identity.invitation WHERE token IN (:tokens)")
    int delete(Collection<String> tokens);

    /** Returns how many were deleted. */
    @Modifying
    @Query("DELETE FROM identity.invitation WHERE address_hash IN (:addressHashes) AND assigned_to = :userId")
    int deleteAssigned(Collection<byte[]> addressHashes, String userId);

    @Modifying
    @Query("DELETE FROM identity.invitation WHERE expires_at <= :now")
    int deleteExpired(Instant now);

    @Modifying
    @Query("INSERT INTO identity.ephemeral_key (public_key) VALUES (:publicKey)")
    void addEphemeralKey(String publicKey);

    @Query("SELECT EXISTS (SELECT FROM identity.ephemeral_key WHERE public_key = :publicKey)")
    boolean hasEphemeralKey(String publicKey);

    @Modifying
    @Query("""
            INSERT INTO identity.unwilling_address (address_hash, since) VALUES (:addressHash, :now)
            ON CONFLICT DO NOTHING""")
    void addUnwilling(byte[] addressHash, Instant now);

    @Query("SELECT EXISTS (SELECT FROM identity.unwilling_address WHERE address_hash IN (:addressHashes))")
    boolean isUnwilling(Collection<byte[]> addressHashes);
}
