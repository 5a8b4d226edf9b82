package im.signet.names.store;

import im.signet.protocol.handle.IdentityId;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * Lets requests that concern the same handle, identity or account pass one after the other, on all servers of a database;
 * others never wait. Locks are PostgreSQL's advisory ones, until the end of the transaction.
 */
@Component
public final class Locks {

    private final JdbcClient jdbc;

    Locks(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** Something to lock. */
    public record Subject(String kind, String name) {

        /** Returns all handles of a domain that look like one another. */
        public static Subject lookAlikes(String domain, String fold) {
            return new Subject("fold", domain + "\0" + fold);
        }

        /** Returns the chain of an identity. */
        public static Subject chain(IdentityId id) {
            return new Subject("id", id.value());
        }

        /** Returns the number of handles of an account. */
        public static Subject account(String user) {
            return new Subject("account", user);
        }

        private long number() {
            try {
                byte[] hash = MessageDigest.getInstance("SHA-256")
                        .digest(("signet.names\0" + kind + "\0" + name).getBytes(StandardCharsets.UTF_8));
                return ByteBuffer.wrap(hash).getLong();
            } catch (NoSuchAlgorithmException impossible) {
                throw new IllegalStateException(impossible);
            }
        }
    }

    /** Waits for all of them, once in a transaction, in an order that is the same for everybody. */
    public void take(Subject... subjects) {
        if (!TransactionSynchronizationManager.isActualTransactionActive()) {
            throw new IllegalStateException("these locks end with a transaction");
        }
        long[] inOrder = Arrays.stream(subjects).mapToLong(Subject::number).sorted().distinct().toArray();
        for (long number : inOrder) {
            jdbc.sql("SELECT pg_advisory_xact_lock(?)").param(number).query().singleRow();
        }
    }
}
