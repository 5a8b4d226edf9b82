package im.signet.names.registration;

import im.signet.protocol.signature.UnpaddedBase64;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Clock;
import java.time.ZoneOffset;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * Codes that let somebody register one handle. The operator makes them from the command line, where the server's keys need
 * not be at hand: a code is 160 random bits, so that its bare hash tells nobody anything.
 */
@Component
public final class InviteCodes {

    static final int MAX_LENGTH = 64;
    private static final int CODE_BYTES = 20;

    private final JdbcClient jdbc;
    private final Clock clock;

    InviteCodes(JdbcClient jdbc, Clock clock) {
        this.jdbc = jdbc;
        this.clock = clock;
    }

    /**
     * Returns a new code, which can be used once, within thirty days.
     *
     * @param database a connection that commits by itself
     */
    public static String create(Connection database, SecureRandom random) throws SQLException {
        byte[] bytes = new byte[CODE_BYTES];
        random.nextBytes(bytes);
        String code = UnpaddedBase64.encodeUrl(bytes);
        try (PreparedStatement insert = database.prepareStatement(
                "INSERT INTO names.invite (code_hash, expires_at) VALUES (?, now() + interval '30 days')")) {
            insert.setBytes(1, hash(code));
            insert.executeUpdate();
        }
        return code;
    }

    /** Returns whether the code can be used. */
    boolean isOpen(String code) {
        return jdbc.sql("SELECT EXISTS (SELECT FROM names.invite WHERE code_hash = :hash AND expires_at > :now)")
                .param("hash", hash(code))
                .param("now", clock.instant().atOffset(ZoneOffset.UTC))
                .query(Boolean.class)
                .single();
    }

    /** Uses a code up, as part of the running transaction; returns whether it could be used. */
    boolean use(String code) {
        return jdbc.sql("DELETE FROM names.invite WHERE code_hash = :hash AND expires_at > :now")
                .param("hash", hash(code))
                .param("now", clock.instant().atOffset(ZoneOffset.UTC))
                .update() > 0;
    }

    /** Forgets the codes that nobody used. */
    public void deleteExpired() {
        jdbc.sql("DELETE FROM names.invite WHERE expires_at <= :now")
                .param("now", clock.instant().atOffset(ZoneOffset.UTC))
                .update();
    }

    private static byte[] hash(String code) {
        try {
            return MessageDigest.getInstance("SHA-256")
                    .digest(("signet-invite/v1\0" + code).getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
