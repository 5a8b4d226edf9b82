package im.signet.terms.account;

import im.signet.protocol.identifier.UserId;

import java.time.Clock;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Service;

/** The live access tokens of a user, listed and ended. */
@Service
public class Tokens {

    // Another hash than the one that finds a token, cut short: it names one and opens nothing.
    private static final String ID = "encode(substring(sha256('token id'::bytea || token_hash) FROM 1 FOR 12), 'hex')";

    private final JdbcClient jdbc;
    private final AccountProperties settings;
    private final Clock clock;

    Tokens(JdbcClient jdbc, AccountProperties settings, Clock clock) {
        this.jdbc = jdbc;
        this.settings = settings;
        this.clock = clock;
    }

    /** Returns the live tokens of a user, the newest first. */
    public List<TokenInfo> tokensOf(UserId user) {
        return jdbc.sql("SELECT " + ID + ", created_at, expires_at FROM terms.access_token"
                + " WHERE user_id = :user AND expires_at > :now ORDER BY created_at DESC, token_hash")
                .param("user", user.value())
                .param("now", clock.instant().atOffset(ZoneOffset.UTC))
                .query((row, _) -> {
                    Instant createdAt = row.getObject(2, OffsetDateTime.class).toInstant();
                    Instant expiresAt = row.getObject(3, OffsetDateTime.class).toInstant();
                    return new TokenInfo(row.getString(1), createdAt, expiresAt.minus(settings.tokenLifetime()),
                            expiresAt);
                })
                .list();
    }

    /** Returns the id of the token that has this hash; empty when there is none. */
    public String idOf(byte[] tokenHash) {
        return jdbc.sql("SELECT " + ID + " FROM terms.access_token WHERE token_hash = :hash")
                .param("hash", tokenHash)
                .query(String.class)
                .optional()
                .orElse("");
    }

    /** Ends a token, for good and at once; returns whether the user had one of that id. */
    public boolean end(UserId user, String id) {
        return jdbc.sql("DELETE FROM terms.access_token WHERE user_id = :user AND " + ID + " = :id")
                .param("user", user.value())
                .param("id", id)
                .update() > 0;
    }

    /** Ends all tokens of a user, for good and at once; returns how many. */
    public int endAll(UserId user) {
        return jdbc.sql("DELETE FROM terms.access_token WHERE user_id = :user").param("user", user.value()).update();
    }
}
