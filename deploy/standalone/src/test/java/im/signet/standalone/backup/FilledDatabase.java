package im.signet.standalone.backup;

import im.signet.identity.address.AddressesAtRest;
import im.signet.kit.database.SchemaMigration;
import im.signet.kit.database.TestDatabase;
import im.signet.kit.key.KeyedHash;
import im.signet.kit.key.Keys;
import im.signet.kit.key.Sealing;
import im.signet.kit.outbox.Outbox;
import im.signet.protocol.identifier.Address;
import im.signet.protocol.identifier.Medium;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

import org.jspecify.annotations.Nullable;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** A database with rows in every table of ours, as odd as the tables allow, and the keys that they need. */
final class FilledDatabase {

    private static final List<String> ODD = List.of("", " ", "\\N", "\\.", "\\x00", "a\tb", "a\nb", "a\r\nb", "\\",
            "\"'`$$",
            "\u0001\u001f\u007f", "\ud83d\ude00\ud83c\udff3\ufe0f\u200d\ud83c\udf08", "\u202eRTL\u0301", "NULL", "null",
            "{}",
            "\u00e4\u00f6\u00fc\u00df", ",;|");
    private static final Instant EARLY = Instant.parse("0001-01-01T00:00:00Z");
    private static final Instant LATE = Instant.parse("9999-12-31T23:59:59.999999Z");

    final TestDatabase database = TestDatabase.fresh();
    final JdbcClient sql = JdbcClient.create(database.dataSource());
    final Path dataDir;
    private final SecureRandom secure = new SecureRandom();
    private final Random random;

    private FilledDatabase(Path dataDir, long seed) {
        this.dataDir = dataDir;
        this.random = new Random(seed);
    }

    static FilledDatabase migrated(Path dataDir, long seed) {
        FilledDatabase filled = new FilledDatabase(dataDir, seed);
        TableRule.SCHEMAS
                .forEach(schema -> new SchemaMigration(filled.database.dataSource(), schema, "classpath:db/kit",
                        "classpath:db/" + schema).migrate());
        return filled;
    }

    static FilledDatabase of(Path dataDir, long seed, int rows) {
        FilledDatabase filled = migrated(dataDir, seed);
        filled.fill(rows);
        return filled;
    }

    static StandardEnvironment settings(TestDatabase database, Path dataDir) {
        StandardEnvironment settings = new StandardEnvironment();
        settings.getPropertySources()
                .addFirst(new MapPropertySource("test", Map.of("signet.database.url", database.url(),
                        "signet.database.username", database.username(), "signet.database.password",
                        database.password(), "signet.data-dir", dataDir.toString())));
        return settings;
    }

    /** Returns arguments for a command on that database. */
    static List<String> arguments(TestDatabase database, Path dataDir) {
        return List.of("--signet.database.url=" + database.url(), "--signet.database.username=" + database.username(),
                "--signet.database.password=" + database.password(), "--signet.data-dir=" + dataDir);
    }

    private Keys keys(String schema) {
        return new Keys(dataDir.resolve("keys"), secure, sql,
                new TransactionTemplate(new DataSourceTransactionManager(database.dataSource())), schema);
    }

    private String odd() {
        return ODD.get(random.nextInt(ODD.size())) + random.nextInt(1_000_000_000);
    }

    private byte[] bytes(int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }

    private OffsetDateTime time() {
        Instant instant = switch (random.nextInt(8)) {
            case 0 -> EARLY;
            case 1 -> LATE;
            default -> Instant.ofEpochSecond(random.nextLong(4_000_000_000L), random.nextInt(1_000_000) * 1_000L);
        };
        return instant.atOffset(ZoneOffset.UTC);
    }

    private <T> @Nullable T maybe(T value) {
        return random.nextBoolean() ? value : null;
    }

    private String letters(int length) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < length; i++) {
            text.append((char) ('a' + random.nextInt(26)));
        }
        return text.toString();
    }

    private void insert(String table, Map<String, @Nullable Object> values) {
        List<@Nullable Object> parameters = new ArrayList<>(values.values());
        sql.sql("INSERT INTO " + table + " (" + String.join(", ", values.keySet()) + ") VALUES ("
                + String.join(", ", values.keySet().stream().map(_ -> "?").toList()) + ")")
                .params(parameters)
                .update();
    }

    @SafeVarargs
    private static Map<String, @Nullable Object> row(Map.Entry<String, ? extends @Nullable Object>... values) {
        Map<String, @Nullable Object> row = new LinkedHashMap<>();
        for (Map.Entry<String, ? extends @Nullable Object> value : values) {
            row.put(value.getKey(), value.getValue());
        }
        return row;
    }

    private static Map.Entry<String, @Nullable Object> at(String column, @Nullable Object value) {
        return new java.util.AbstractMap.SimpleEntry<>(column, value);
    }

    private void fill(int rows) {
        Keys identityKeys = keys("identity");
        Sealing addressSealing = new Sealing(identityKeys.open("address", "a"), secure);
        KeyedHash addressHash = new KeyedHash(identityKeys.open("address-hash", "h"));
        AddressesAtRest addresses = new AddressesAtRest(addressSealing, addressHash);
        Sealing payloads = new Sealing(identityKeys.open("invitation", "i"), secure);
        Sealing letters = new Sealing(identityKeys.open("outbox", "o"), secure);
        for (String schema : TableRule.SCHEMAS) {
            keys(schema).open("journal", "j");
            keys(schema).open("outbox", "o");
            insert(schema + ".restore", row(at("snapshot_at", time()), at("restored_at", time())));
            insert(schema + ".operator_action",
                    row(at("operator", odd()), at("command", odd()), at("object", maybe(odd())),
                            at("object_hash", maybe(bytes(32))), at("reason", maybe(odd())), at("outcome", odd())));
            insert(schema + ".homeserver_block", row(at("pattern", odd()), at("reason", maybe(odd()))));
            insert(schema + ".revocation_journal", row(at("id", letters(22))));
            for (int i = 0; i < rows; i++) {
                insert(schema + ".limit_bucket", row(at("id", bytes(32)), at("state", maybe(bytes(9)))));
                insert(schema + ".scheduled_tasks", row(at("task_name", List.of("mail", "sms", "onbind", "end-holdings",
                        "delete-expired-tokens").get(i % 5)), at("task_instance", letters(12)),
                        at("task_data", letters.seal(odd().getBytes(StandardCharsets.UTF_8), Outbox.CONTEXT)),
                        at("execution_time", time()), at("picked", random.nextBoolean()), at("picked_by", maybe(odd())),
                        at("version", random.nextLong()), at("priority", maybe((short) 3))));
            }
        }
        keys("names").open("handle-hash", "n");
        for (int i = 0; i < rows; i++) {
            terms();
            identity(addresses, payloads);
            names();
        }
    }

    private void terms() {
        byte[] token = bytes(32);
        String user = "@" + odd() + ":example.org";
        insert("terms.access_token", row(at("token_hash", token), at("user_id", user), at("created_at", time()),
                at("expires_at", time()), at("used_at", maybe(time()))));
        insert("terms.overview_secret", row(at("secret_hash", bytes(32)), at("purpose", "LINK"), at("user_id", user),
                at("token_hash", token), at("created_at", time()), at("expires_at", time())));
        insert("terms.used_openid_token", row(at("hash", bytes(32)), at("expires_at", time())));
        insert("terms.policy_text", row(at("policy", odd()), at("version", odd()), at("language", odd()),
                at("name", odd()), at("content", odd().repeat(500)), at("published_at", time()), at("format", "HTML")));
        Long withdrawal = sql
                .sql("INSERT INTO terms.withdrawal (user_id, withdrawn_at) VALUES (?, ?) RETURNING id")
                .params(user, time())
                .query(Long.class)
                .single();
        Long acceptance = sql.sql("""
                INSERT INTO terms.acceptance (user_id, policy, version, language, url, accepted_at, withdrawal_id)
                VALUES (?, ?, ?, ?, ?, ?, ?) RETURNING id""")
                .params(java.util.Arrays.asList(user, odd(), odd(), odd(), odd(), time(), maybe(withdrawal)))
                .query(Long.class)
                .single();
        insert("terms.receipt", row(at("acceptance_id", acceptance), at("jws", odd())));
    }

    private void identity(AddressesAtRest addresses, Sealing payloads) {
        AddressesAtRest.Columns address = addresses.store(Address.of(Medium.EMAIL, letters(12) + "@example.org"));
        Long association = sql.sql("""
                INSERT INTO identity.association (address_sealed, address_hash, address_key, user_id, proven_at, bound_at,
                    discoverable, spellings_sealed, held_since) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id""")
                .params(java.util.Arrays.asList(address.sealed(), address.hash(), address.key(),
                        "@" + letters(6) + ":example.org", time(), time(), random.nextBoolean(),
                        maybe(addresses.sealSpelling(odd())), maybe(time())))
                .query(Long.class)
                .single();
        Long pepper = sql.sql(
                "INSERT INTO identity.pepper (value, created_at, current_since) VALUES (?, ?, ?) RETURNING id")
                .params(odd() + letters(9), time(), time())
                .query(Long.class)
                .single();
        insert("identity.lookup_entry", row(at("pepper_id", pepper), at("entry_hash", bytes(32)),
                at("entry_key", odd()), at("association_id", association), at("user_id", odd())));
        insert("identity.lookup_budget", row(at("pepper_id", pepper), at("subject", bytes(16)),
                at("sketch", bytes(random.nextBoolean() ? 0 : 4096)),
                at("charged", Math.abs(random.nextGaussian()) / 3)));
        insert("identity.pepper_rotation_request", row(at("pepper_id", maybe(pepper))));
        insert("identity.unbound_address", row(at("address_hash", bytes(32)), at("proven_at", time())));
        insert("identity.unwilling_address", row(at("address_hash", bytes(32)), at("since", time())));
        insert("identity.blocked_address", row(at("address_hash", bytes(32)), at("reason", maybe(odd()))));
        insert("identity.blocked_range", row(at("pattern", odd()), at("reason", maybe(odd()))));
        String token = letters(32);
        AddressesAtRest.Columns invited = addresses.store(Address.of(Medium.EMAIL, letters(12) + "@example.org"));
        boolean assigned = random.nextBoolean();
        insert("identity.invitation", row(at("token", token), at("address_sealed", invited.sealed()),
                at("address_hash", invited.hash()), at("address_key", invited.key()),
                at("payload_sealed", payloads.seal(bytes(60), token)), at("signing_key", odd()),
                at("created_at", time()), at("expires_at", time()), at("assigned_to", assigned ? odd() : null),
                at("delivery", assigned ? odd() : null), at("inviter_hash", maybe(bytes(32)))));
        insert("identity.ephemeral_key", row(at("public_key", letters(43))));
        String sid = odd() + letters(9);
        insert("identity.validation_session", row(at("sid", sid), at("user_id", odd()), at("secret_hash", bytes(32)),
                at("address_sealed", address.sealed()), at("address_hash", bytes(32)), at("address_key", odd()),
                at("send_attempt", random.nextLong()), at("discoverable", true), at("modified_at", time())));
        insert("identity.validation_token", row(at("sid", sid), at("token_hash", bytes(32)), at("sent_at", time()),
                at("expires_at", time())));
    }

    private void names() {
        String id = letters(54);
        insert("names.identity", row(at("id", id), at("seq", 3), at("head", letters(43))));
        insert("names.operation", row(at("id", id), at("seq", 0), at("jws", odd())));
        insert("names.operation", row(at("id", id), at("seq", 1), at("jws", odd())));
        insert("names.binding", row(at("handle", odd() + letters(8)), at("domain", odd()), at("fold", odd()),
                at("fold_version", 1), at("id", id), at("seq", random.nextLong()), at("op_id", letters(43)),
                at("jws", odd()), at("state", "moved"), at("expires_at", time()), at("account_hash", bytes(32)),
                at("registered_at", time()), at("agreed_at", time()), at("reclaimed", random.nextBoolean()),
                at("suspended", random.nextBoolean()), at("withdrawn", random.nextBoolean())));
        insert("names.quarantine", row(at("handle_hash", bytes(32)), at("fold_hash", bytes(32)),
                at("id_hash", bytes(32)), at("last_hash", bytes(32)), at("chain_hash", bytes(32)),
                at("account_hash", maybe(bytes(32))), at("was_active", random.nextBoolean()), at("began_at", time()),
                at("ends_at", maybe(time()))));
        insert("names.challenge", row(at("nonce_hash", bytes(32)), at("account_hash", bytes(32)),
                at("expires_at", time())));
        insert("names.invite", row(at("code_hash", bytes(32)), at("expires_at", time())));
    }
}
