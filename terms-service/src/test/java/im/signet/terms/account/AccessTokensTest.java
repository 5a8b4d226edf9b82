package im.signet.terms.account;

import im.signet.kit.database.OnEveryDatabase;
import im.signet.kit.database.TestServer;
import im.signet.protocol.signature.UnpaddedBase64;
import im.signet.terms.Installation;
import im.signet.terms.TermsServer;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.dao.DataIntegrityViolationException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

@OnEveryDatabase
class AccessTokensTest {

    private static final Instant NOW = Instant.parse("2026-11-21T09:30:00.123456Z");
    private static final Instant LATER = NOW.plus(Duration.ofDays(1));
    private static final String ALICE = "@alice:example.org";

    private final Installation installation;
    private final TermsServer server;
    private final AccessTokens tokens;

    AccessTokensTest(TestServer database) {
        installation = Installation.on(database);
        server = installation.start();
        tokens = server.part(AccessTokens.class);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private static byte[] hash(int first) {
        byte[] hash = new byte[32];
        Arrays.fill(hash, (byte) 0xff);
        hash[0] = (byte) first;
        return hash;
    }

    private static byte[] id(int first) {
        return Arrays.copyOf(new byte[]{(byte) first}, 16);
    }

    // As they are when the migration comes, and as servers of the version before go on writing them beside this one.
    @Test
    void haveAnIdAlsoWhenTheyAreOfTheVersionBefore() {
        for (int i = 0; i < 2; i++) {
            installation.sql()
                    .sql("INSERT INTO terms.access_token (token_hash, user_id, created_at, expires_at) VALUES (?, ?, ?, ?)")
                    .params(hash(i), ALICE, NOW.atOffset(ZoneOffset.UTC), LATER.atOffset(ZoneOffset.UTC))
                    .update();
        }
        assertThat(tokens.findLiveOf(ALICE, NOW)).hasSize(2)
                .allMatch(found -> found.id().length == 16 && found.lastUsedAt().equals(NOW))
                .extracting(found -> UnpaddedBase64.encodeUrl(found.id()))
                .doesNotHaveDuplicates();
    }

    @Test
    void keepWhatWasAdded() {
        tokens.add(hash(0), id(0), ALICE, NOW, LATER);
        tokens.add(hash(1), id(1), "@bob:example.org", NOW, LATER);
        assertThat(tokens.findLive(hash(0), NOW)).hasValueSatisfying(found -> {
            assertThat(found.tokenHash()).isEqualTo(hash(0));
            assertThat(found.userId()).isEqualTo(ALICE);
            assertThat(found.id()).isEqualTo(id(0));
            assertThat(found.createdAt()).isEqualTo(NOW);
            assertThat(found.lastUsedAt()).isEqualTo(NOW);
            assertThat(found.expiresAt()).isEqualTo(LATER);
        });
        assertThat(tokens.findLive(hash(2), NOW)).isEmpty();
        assertThat(tokens.findLive(new byte[0], NOW)).isEmpty();
    }

    @Test
    void findOnlyWhatIsAlive() {
        tokens.add(hash(0), id(0), ALICE, NOW, LATER);
        assertThat(tokens.findLive(hash(0), LATER.minusNanos(1000))).isPresent();
        assertThat(tokens.findLive(hash(0), LATER)).isEmpty();
        assertThat(tokens.findLive(hash(0), LATER.plusNanos(1000))).isEmpty();
    }

    @Test
    void prolongTheOneOnly() {
        tokens.add(hash(0), id(0), ALICE, NOW, LATER);
        tokens.add(hash(1), id(1), ALICE, NOW, LATER);
        tokens.prolong(hash(0), NOW.plusSeconds(1), LATER.plusSeconds(1));
        tokens.prolong(hash(2), NOW, LATER);
        assertThat(tokens.findLive(hash(0), LATER)).hasValueSatisfying(
                found -> assertThat(found.lastUsedAt()).isEqualTo(NOW.plusSeconds(1)));
        assertThat(tokens.findLive(hash(1), LATER)).isEmpty();
        assertThat(installation.rows("access_token")).isEqualTo(2);
    }

    @Test
    void deleteTheOneOnly() {
        tokens.add(hash(0), id(0), ALICE, NOW, LATER);
        tokens.add(hash(1), id(1), ALICE, NOW, LATER);
        tokens.delete(hash(0));
        tokens.delete(hash(0));
        assertThat(tokens.findLive(hash(0), NOW)).isEmpty();
        assertThat(tokens.findLive(hash(1), NOW)).isPresent();
    }

    @Test
    void deleteAllThatExpired() {
        tokens.add(hash(0), id(0), ALICE, NOW, LATER);
        tokens.add(hash(1), id(1), ALICE, NOW, LATER.plusNanos(1000));
        tokens.add(hash(2), id(2), ALICE, NOW, NOW);
        assertThat(tokens.deleteExpiredBefore(LATER)).isEqualTo(2);
        assertThat(tokens.deleteExpiredBefore(LATER)).isZero();
        assertThat(tokens.findLive(hash(1), LATER)).isPresent();
    }

    @Test
    void refuseWhatIsNoHashAndWhatIsThereAlready() {
        tokens.add(hash(0), id(0), ALICE, NOW, LATER);
        assertThatThrownBy(() -> tokens.add(hash(0), id(0), "@bob:example.org", NOW, LATER))
                .isInstanceOf(DataIntegrityViolationException.class);
        assertThatThrownBy(() -> tokens.add("a token in the clear".getBytes(StandardCharsets.UTF_8),
                id(1), ALICE, NOW, LATER)).isInstanceOf(DataIntegrityViolationException.class);
        assertThatThrownBy(() -> tokens.add(hash(1), id(1), "@" + "a".repeat(255), NOW, LATER))
                .isInstanceOf(DataIntegrityViolationException.class);
        assertThat(installation.rows("access_token")).isEqualTo(1);
    }
}
