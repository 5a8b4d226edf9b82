package im.signet.names.registration;

import im.signet.names.store.NameHashes;
import im.signet.protocol.handle.ProofOfPossession;
import im.signet.protocol.identifier.UserId;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** What registrations have to answer: each nonce is for one account, used once, and lives for five minutes. */
@Component
public final class Challenges {

    static final Duration LIFE = Duration.ofMinutes(5);
    private static final String ACCOUNT = "challenged-account";

    private final JdbcClient jdbc;
    private final NameHashes hashes;
    private final Clock clock;
    private final SecureRandom random;

    Challenges(JdbcClient jdbc, NameHashes hashes, Clock clock, SecureRandom random) {
        this.jdbc = jdbc;
        this.hashes = hashes;
        this.clock = clock;
        this.random = random;
    }

    /** Returns a new nonce for an account. */
    ProofOfPossession.Nonce make(UserId account) {
        ProofOfPossession.Nonce nonce = ProofOfPossession.Nonce.generate(random);
        jdbc.sql("INSERT INTO names.challenge (nonce_hash, account_hash, expires_at) VALUES (:nonce, :account, :end)")
                .param("nonce", hash(nonce))
                .param("account", hashes.store(ACCOUNT, account.value()))
                .param("end", clock.instant().plus(LIFE).atOffset(ZoneOffset.UTC))
                .update();
        return nonce;
    }

    /** Returns whether the account can still answer that nonce. */
    boolean isOpen(ProofOfPossession.Nonce nonce, UserId account) {
        return jdbc.sql("""
                SELECT EXISTS (SELECT FROM names.challenge
                    WHERE nonce_hash = :nonce AND account_hash IN (:accounts) AND expires_at > :now)""")
                .param("nonce", hash(nonce))
                .param("accounts", hashes.find(ACCOUNT, account.value()))
                .param("now", clock.instant().atOffset(ZoneOffset.UTC))
                .query(Boolean.class)
                .single();
    }

    /** Uses a nonce up, as part of the running transaction; returns whether it was open, which it is told once. */
    boolean use(ProofOfPossession.Nonce nonce, UserId account) {
        return jdbc.sql("""
                DELETE FROM names.challenge
                WHERE nonce_hash = :nonce AND account_hash IN (:accounts) AND expires_at > :now""")
                .param("nonce", hash(nonce))
                .param("accounts", hashes.find(ACCOUNT, account.value()))
                .param("now", clock.instant().atOffset(ZoneOffset.UTC))
                .update() > 0;
    }

    /** Forgets the nonces that nobody answered. */
    public void deleteExpired() {
        jdbc.sql("DELETE FROM names.challenge WHERE expires_at <= :now")
                .param("now", clock.instant().atOffset(ZoneOffset.UTC))
                .update();
    }

    private static byte[] hash(ProofOfPossession.Nonce nonce) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(nonce.value().getBytes(StandardCharsets.US_ASCII));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
