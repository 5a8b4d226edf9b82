package im.signet.terms.account;

import im.signet.kit.key.KeyedHash;

import java.time.Instant;
import java.time.ZoneOffset;

import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** The OpenID tokens that were exchanged, by their keyed hashes. Safe for use by many threads, and by many servers. */
@Component
final class UsedOpenIdTokens {

    private final JdbcClient jdbc;
    private final KeyedHash hash;

    UsedOpenIdTokens(JdbcClient jdbc, @Qualifier("openIdTokenHash") KeyedHash hash) {
        this.jdbc = jdbc;
        this.hash = hash;
    }

    /** Returns whether the token was used. */
    boolean has(OpenIdToken token) {
        return jdbc.sql("SELECT EXISTS (SELECT FROM terms.used_openid_token WHERE hash IN (:hashes))")
                .param("hashes", hash.underEachKey(token.identity()))
                .query(Boolean.class)
                .single();
    }

    /**
     * Notes that the token is used; returns false when it was already. Of several uses at once, one is told true and the
     * others wait for the end of its transaction.
     */
    boolean add(OpenIdToken token, Instant until) {
        // Under each key: servers that have come to know a new key, and those that have not yet, share the older ones.
        for (byte[] each : hash.underEachKey(token.identity())) {
            int added = jdbc.sql("""
                    INSERT INTO terms.used_openid_token (hash, expires_at) VALUES (:hash, :until)
                    ON CONFLICT DO NOTHING""")
                    .param("hash", each)
                    .param("until", until.atOffset(ZoneOffset.UTC))
                    .update();
            if (added == 0) {
                return false;
            }
        }
        return true;
    }

    /** Deletes those that their homeservers no longer know; returns how many. */
    int deleteExpiredBefore(Instant now) {
        return jdbc.sql("DELETE FROM terms.used_openid_token WHERE expires_at <= :now")
                .param("now", now.atOffset(ZoneOffset.UTC))
                .update();
    }
}
