package im.signet.identity.association;

import java.time.Instant;

import org.jspecify.annotations.Nullable;
import org.springframework.data.annotation.Id;
import org.springframework.data.relational.core.mapping.Table;

/** An association as the database holds it: the address sealed and hashed. */
@Table(schema = "identity", name = "association")
@SuppressWarnings("ArrayRecordComponent") // never compared
record AssociationRow(@Id @Nullable Long id, byte[] addressSealed, byte[] addressHash, String addressKey, String userId,
        Instant provenAt, Instant boundAt, @Nullable Instant heldSince, boolean discoverable,
        byte @Nullable [] spellingsSealed) {}
