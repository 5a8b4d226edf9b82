package im.signet.names.handle;

import im.signet.kit.journal.Revocation;
import im.signet.kit.journal.RevocationJournal;
import im.signet.names.identity.IdentityChain;
import im.signet.names.identity.IdentityChains;
import im.signet.names.setting.NamesProperties;
import im.signet.names.store.Locks;
import im.signet.names.store.NameHashes;
import im.signet.protocol.handle.Binding;
import im.signet.protocol.handle.Handle;
import im.signet.protocol.handle.Identity;
import im.signet.protocol.handle.IdentityId;
import im.signet.protocol.handle.Jws;
import im.signet.protocol.handle.OpId;
import im.signet.protocol.handle.SignedBinding;
import im.signet.protocol.identifier.UserId;

import java.security.SecureRandom;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** The handles of this server and those in quarantine. What writes is called in a transaction that has {@linkplain #lock locked} them. */
@Component
public final class Handles {

    static final String ACCOUNT = "account";
    static final String HANDLE = "quarantine-handle";
    private static final String FOLD = "quarantine-fold";
    private static final String COLUMNS = """
            SELECT handle, id, seq, op_id, jws, state, expires_at, registered_at, agreed_at, reclaimed, suspended,
                withdrawn
            FROM names.binding\s""";

    private final JdbcClient jdbc;
    private final NameHashes hashes;
    private final IdentityChains chains;
    private final Locks locks;
    private final NamesProperties names;
    private final RevocationJournal journal;
    private final SecureRandom random;

    Handles(JdbcClient jdbc, NameHashes hashes, IdentityChains chains, Locks locks, NamesProperties names,
            @Qualifier("namesJournal") RevocationJournal journal, SecureRandom random) {
        this.jdbc = jdbc;
        this.hashes = hashes;
        this.chains = chains;
        this.locks = locks;
        this.names = names;
        this.journal = journal;
        this.random = random;
    }

    /**
     * Waits, once in a transaction, for a handle and those that look like it, for the chain of whoever has it, which goes with
     * it when it is over, and for the others.
     */
    public void lock(Handle handle, Locks.Subject... others) {
        lock(List.of(handle), others);
    }

    /** As {@link #lock(Handle, Locks.Subject...)}, for several handles. */
    public void lock(Collection<Handle> several, Locks.Subject... others) {
        List<Locks.Subject> subjects = new ArrayList<>(List.of(others));
        for (Handle handle : several) {
            subjects.add(Locks.Subject.lookAlikes(handle.domain().value(), Fold.of(handle).value()));
            // Read before it is locked: whoever gets the handle in between has a binding that is not over.
            find(handle).map(RegisteredHandle::id).map(Locks.Subject::chain).ifPresent(subjects::add);
        }
        locks.take(subjects.toArray(Locks.Subject[]::new));
    }

    /** Returns a handle that somebody has, or had until it was {@linkplain RegisteredHandle.Life#OVER over}. */
    public Optional<RegisteredHandle> find(Handle handle) {
        return jdbc.sql(COLUMNS + "WHERE handle = :handle")
                .param("handle", handle.toString())
                .query(Handles::registered)
                .optional();
    }

    /**
     * Returns a handle that somebody has now; one that is over goes into quarantine. What came from a backup waits for its owner
     * first, for as long as nobody else could get it.
     */
    public Optional<RegisteredHandle> findSettled(Handle handle, Instant now) {
        Optional<RegisteredHandle> found = jdbc.sql(COLUMNS + "WHERE handle = :handle FOR UPDATE")
                .param("handle", handle.toString())
                .query(Handles::registered)
                .optional();
        if (found.isPresent() && found.get().lifeAt(now) == RegisteredHandle.Life.OVER
                && (!found.get().endOfQuarantine().isAfter(now) || !chains.isRestored(found.get().id()))) {
            RegisteredHandle over = found.get();
            quarantine(over, over.seq(), over.opId(), over.active(), over.expiresAt().plus(RegisteredHandle.LAPSED),
                    over.endOfQuarantine(), true, now);
            return Optional.empty();
        }
        return found;
    }

    /** Returns what is known of a handle that is in quarantine now. */
    public Optional<Quarantined> findQuarantined(Handle handle, Instant now) {
        return jdbc.sql("""
                SELECT id_hash, last_hash, chain_hash, was_active, began_at FROM names.quarantine
                WHERE handle_hash IN (:hashes) AND (ends_at IS NULL OR ends_at > :now)""")
                .param("hashes", hashes.find(HANDLE, handle.toString()))
                .param("now", at(now))
                .query((row, _) -> new Quarantined(hashes, handle, row.getBytes(1), row.getBytes(2), row.getBytes(3),
                        row.getBoolean(4), instant(row, "began_at")))
                .optional();
    }

    /** Returns whether another handle, that somebody has or that is in quarantine, looks like this one. */
    public boolean isConfusable(Handle handle, Instant now) {
        Fold fold = Fold.of(handle);
        return jdbc.sql("""
                SELECT EXISTS (SELECT FROM names.binding
                        WHERE domain = :domain AND fold = :fold AND handle <> :handle)
                    OR EXISTS (SELECT FROM names.quarantine
                        WHERE fold_hash IN (:foldHashes) AND handle_hash NOT IN (:handleHashes)
                            AND (ends_at IS NULL OR ends_at > :now))""")
                .param("domain", handle.domain().value())
                .param("fold", fold.value())
                .param("handle", handle.toString())
                .param("foldHashes", hashes.find(FOLD, handle.domain().value(), fold.value()))
                .param("handleHashes", hashes.find(HANDLE, handle.toString()))
                .param("now", at(now))
                .query(Boolean.class)
                .single();
    }

    /** Returns how many handles an account has, those in quarantine included, but for the one. */
    public long countOf(UserId account, Handle butFor, Instant now) {
        return jdbc.sql("""
                SELECT (SELECT count(*) FROM names.binding WHERE account_hash IN (:accounts) AND handle <> :handle)
                    + (SELECT count(*) FROM names.quarantine WHERE account_hash IN (:accounts)
                        AND handle_hash NOT IN (:handleHashes) AND (ends_at IS NULL OR ends_at > :now))""")
                .param("accounts", hashes.find(ACCOUNT, account.value()))
                .param("handle", butFor.toString())
                .param("handleHashes", hashes.find(HANDLE, butFor.toString()))
                .param("now", at(now))
                .query(Long.class)
                .single();
    }

    /** Keeps a handle that nobody has; what was known of its quarantine is forgotten. */
    public void add(SignedBinding signed, UserId account, boolean reclaimed, Instant now) {
        Binding binding = signed.binding();
        Handle handle = binding.handle();
        forgetQuarantineOf(handle);
        jdbc.sql("""
                INSERT INTO names.binding (handle, domain, fold, fold_version, id, seq, op_id, jws, state, expires_at,
                    account_hash, registered_at, agreed_at, reclaimed)
                VALUES (:handle, :domain, :fold, :version, :id, :seq, :op, :jws, :state, :expires, :account, :now, :now,
                    :reclaimed)""")
                .param("handle", handle.toString())
                .param("domain", handle.domain().value())
                .param("fold", Fold.of(handle).value())
                .param("version", Fold.VERSION)
                .param("id", binding.id().value())
                .param("seq", binding.seq())
                .param("op", signed.opId().value())
                .param("jws", signed.jws().toText())
                .param("state", binding.state().wireName())
                .param("expires", at(Instant.ofEpochSecond(binding.exp())))
                .param("account", hashes.store(ACCOUNT, account.value()))
                .param("now", at(now))
                .param("reclaimed", reclaimed)
                .update();
    }

    /**
     * Puts a binding in the place of the one before.
     *
     * @param agreed whether the account that registered the handle has, by this, agreed to its being kept
     */
    public void replace(SignedBinding signed, boolean agreed, Instant now) {
        Binding binding = signed.binding();
        jdbc.sql("""
                UPDATE names.binding SET seq = :seq, op_id = :op, jws = :jws, state = :state, expires_at = :expires,
                    agreed_at = CASE WHEN :agreed THEN :now ELSE agreed_at END, withdrawn = withdrawn AND NOT :agreed
                WHERE handle = :handle""")
                .param("handle", binding.handle().toString())
                .param("seq", binding.seq())
                .param("op", signed.opId().value())
                .param("jws", signed.jws().toText())
                .param("state", binding.state().wireName())
                .param("expires", at(Instant.ofEpochSecond(binding.exp())))
                .param("agreed", agreed)
                .param("now", at(now))
                .update();
    }

    /** Returns whether that account registered the handle. */
    public boolean isOf(UserId account, Handle handle) {
        return jdbc
                .sql("SELECT EXISTS (SELECT FROM names.binding WHERE handle = :handle AND account_hash IN (:accounts))")
                .param("handle", handle.toString())
                .param("accounts", hashes.find(ACCOUNT, account.value()))
                .query(Boolean.class)
                .single();
    }

    /** Puts a handle into quarantine whose owner gives it up by that binding. */
    public void release(RegisteredHandle handle, SignedBinding release, Instant now) {
        quarantine(handle, release.binding().seq(), release.opId(), false, now, handle.endOfQuarantine(now), true, now);
    }

    /** Puts a handle into quarantine whose owner is to be forgotten. */
    void erase(RegisteredHandle handle, Instant now) {
        quarantine(handle, handle.seq(), handle.opId(), handle.active(), now, handle.endOfQuarantine(now), false, now);
    }

    /** Forgets whose the handles were that have been in quarantine since before that instant. */
    void forgetAccount(UserId account, Instant before) {
        jdbc.sql("""
                UPDATE names.quarantine SET account_hash = NULL
                WHERE account_hash IN (:accounts) AND began_at < :before""")
                .param("accounts", hashes.find(ACCOUNT, account.value()))
                .param("before", at(before))
                .update();
        journal.add(RestoredHandles.FORGOTTEN, Optional.empty(), Stream.concat(Stream.of(Revocation.part(before)),
                hashes.find(ACCOUNT, account.value()).stream().map(Revocation::part)).toList());
    }

    /** Keeps a handle from resolving whose owner has taken their consent back. */
    void withdraw(RegisteredHandle handle) {
        jdbc.sql("UPDATE names.binding SET withdrawn = true WHERE handle = :handle")
                .param("handle", handle.handle().toString())
                .update();
        journal.add(RestoredHandles.WITHDRAWN, Optional.of(hashes.key()),
                List.of(Revocation.part(hashes.store(HANDLE, handle.handle().toString()))));
    }

    /** Returns the handles of an account that it agreed to last before that instant. */
    List<RegisteredHandle> of(UserId account, Instant agreedBefore) {
        return jdbc.sql(COLUMNS + "WHERE account_hash IN (:accounts) AND agreed_at < :before ORDER BY handle")
                .param("accounts", hashes.find(ACCOUNT, account.value()))
                .param("before", at(agreedBefore))
                .query(Handles::registered)
                .list();
    }

    /** Returns handles whose bindings ended before that instant, and that are not suspended, less those that wait for their owners. */
    List<RegisteredHandle> endedBefore(Instant instant, int limit) {
        return jdbc.sql(COLUMNS + """
                WHERE expires_at <= :instant AND NOT suspended AND (expires_at <= :free OR NOT EXISTS (
                    SELECT FROM names.identity i WHERE i.id = binding.id AND i.restored_in IS NOT NULL))
                ORDER BY expires_at LIMIT :limit""")
                .param("instant", at(instant))
                .param("free", at(instant.minus(RegisteredHandle.QUARANTINE)))
                .param("limit", limit)
                .query(Handles::registered)
                .list();
    }

    /** Forgets quarantines that are over. */
    void forgetQuarantines(Instant now) {
        jdbc.sql("DELETE FROM names.quarantine WHERE ends_at <= :now").param("now", at(now)).update();
    }

    /** Makes folds of an older version anew. Owners of handles that have come to look alike both keep theirs. */
    void refold() {
        List<String> old = jdbc.sql("SELECT handle FROM names.binding WHERE fold_version < :version")
                .param("version", Fold.VERSION)
                .query((row, _) -> row.getString(1))
                .list();
        for (String handle : old) {
            jdbc.sql("""
                    UPDATE names.binding SET fold = :fold, fold_version = :version
                    WHERE handle = :handle AND fold_version < :version""")
                    .param("fold", Fold.of(Handle.of(handle)).value())
                    .param("version", Fold.VERSION)
                    .param("handle", handle)
                    .update();
        }
    }

    private void quarantine(RegisteredHandle over, long seq, OpId opId, boolean wasActive, Instant began,
            Instant ends, boolean keepsAccount, Instant now) {
        Handle handle = over.handle();
        Identity identity = chains.find(over.id()).map(IdentityChain::identity).orElseThrow();
        // A device that was thrown out since the backup counts again in the restored chain: it takes a recovery key.
        boolean deviceTakesBack = wasActive && !chains.isRestored(over.id());
        // Whoever gave a suspended handle up could take it back unsuspended: nobody can take it back.
        byte[] idHash = over.suspended() ? noHash() : Quarantined.idHash(hashes, handle, over.id());
        @Nullable
        OffsetDateTime end = names.reuse() ? at(ends) : null;
        if (end == null || ends.isAfter(now)) {
            forgetQuarantineOf(handle);
            Quarantine row = jdbc.sql("""
                    INSERT INTO names.quarantine (handle_hash, fold_hash, id_hash, last_hash, chain_hash, account_hash,
                        was_active, began_at, ends_at)
                    SELECT :handleHash, :fold, :id, :last, :chain, CASE WHEN :keeps THEN account_hash END, :active, :began,
                        :ends
                    FROM names.binding WHERE handle = :handle
                    RETURNING handle_hash, fold_hash, id_hash, last_hash, chain_hash, account_hash, was_active,
                        began_at, ends_at""")
                    .param("handleHash", hashes.store(HANDLE, handle.toString()))
                    .param("fold", hashes.store(FOLD, handle.domain().value(), Fold.of(handle).value()))
                    .param("id", idHash)
                    .param("last", Quarantined.lastHash(hashes, handle, over.id(), seq, opId))
                    .param("chain",
                            Quarantined.chainHash(hashes, handle, over.id(), identity.seq(), identity.head()))
                    .param("keeps", keepsAccount)
                    .param("active", deviceTakesBack)
                    .param("began", at(began))
                    .param("ends", end, java.sql.Types.TIMESTAMP_WITH_TIMEZONE)
                    .param("handle", handle.toString())
                    .query(Quarantine::read)
                    .single();
            journal.add(RestoredHandles.ENDED, Optional.of(hashes.key()), row.parts());
        }
        jdbc.sql("DELETE FROM names.binding WHERE handle = :handle").param("handle", handle.toString()).update();
        chains.deleteIfUnused(over.id());
    }

    private byte[] noHash() {
        byte[] bytes = new byte[32];
        random.nextBytes(bytes);
        return bytes;
    }

    private void forgetQuarantineOf(Handle handle) {
        jdbc.sql("DELETE FROM names.quarantine WHERE handle_hash IN (:hashes)")
                .param("hashes", hashes.find(HANDLE, handle.toString()))
                .update();
    }

    private static RegisteredHandle registered(ResultSet row, int number) throws SQLException {
        return new RegisteredHandle(Handle.of(row.getString("handle")), new IdentityId(row.getString("id")),
                row.getLong("seq"), new OpId(row.getString("op_id")), Jws.parse(row.getString("jws")).orElseThrow(),
                row.getString("state").equals(Binding.State.ACTIVE.wireName()), instant(row, "expires_at"),
                instant(row, "registered_at"), instant(row, "agreed_at"), row.getBoolean("reclaimed"),
                row.getBoolean("suspended"),
                row.getBoolean("withdrawn"));
    }

    private static Instant instant(ResultSet row, String column) throws SQLException {
        return row.getObject(column, OffsetDateTime.class).toInstant();
    }

    private static OffsetDateTime at(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC);
    }
}
