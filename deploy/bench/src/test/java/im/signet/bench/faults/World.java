package im.signet.bench.faults;

import im.signet.bench.faults.Journal.Outcome;
import im.signet.kit.database.EmbeddedPostgres;
import im.signet.protocol.handle.Binding;
import im.signet.protocol.handle.Handle;
import im.signet.protocol.handle.Identity;
import im.signet.protocol.handle.Jws;
import im.signet.protocol.handle.JwsSigner;
import im.signet.protocol.handle.Operation;
import im.signet.protocol.handle.Rnd;
import im.signet.protocol.json.JsonObject;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

import org.flywaydb.core.Flyway;

/** A journal and a database that fit each other, until a test doctors one of them. The schemas are the real ones. */
final class World implements AutoCloseable {

    static final String ALICE = "@alice:example.org";
    static final String EMAIL = "alice@example.org";
    static final String HANDLE = "alice@example.org";
    private static final String TEMPLATE = "world";
    private static final AtomicInteger COUNT = new AtomicInteger();

    private final Path folder;
    final Journal journal;
    final Connection connection;
    final Hashes hashes = new Hashes(new byte[32], new byte[32]);
    final List<Mail> mails = new ArrayList<>();
    final Set<String> delivered = new java.util.HashSet<>();
    String firstOperation = "";
    private final SecureRandom random = new SecureRandom();
    private final Instant now = Instant.parse("2026-11-21T12:00:00Z");

    private World(Path folder, Journal journal, Connection connection) {
        this.folder = folder;
        this.journal = journal;
        this.connection = connection;
    }

    private static final class Shared {
        static final EmbeddedPostgres POSTGRES = start();

        private static EmbeddedPostgres start() {
            try {
                Path folder = Files.createTempDirectory("signet-bench-test");
                EmbeddedPostgres postgres = EmbeddedPostgres.start(folder, Path.of("target", "postgres-bin"), Map.of(),
                        new SecureRandom());
                Runtime.getRuntime().addShutdownHook(new Thread(() -> {
                    postgres.close();
                    delete(folder);
                }));
                create(postgres, TEMPLATE, "template1");
                for (String schema : List.of("terms", "identity", "names")) {
                    Flyway.configure()
                            .dataSource(url(postgres, TEMPLATE), "postgres", postgres.access().password())
                            .schemas(schema)
                            .locations("classpath:db/kit", "classpath:db/" + schema)
                            .load()
                            .migrate();
                }
                return postgres;
            } catch (IOException | SQLException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    private static String url(EmbeddedPostgres postgres, String database) {
        return postgres.access().url().replace("/signet?", "/" + database + "?");
    }

    private static void create(EmbeddedPostgres postgres, String name, String template) throws SQLException {
        try (Connection connection = DriverManager.getConnection(url(postgres, "postgres"), "postgres",
                postgres.access().password()); Statement sql = connection.createStatement()) {
            sql.execute("CREATE DATABASE " + name + " TEMPLATE " + template);
        }
    }

    /** Returns one in which nothing has happened. */
    static World empty() throws IOException, SQLException {
        String name = "world_" + COUNT.incrementAndGet();
        create(Shared.POSTGRES, name, TEMPLATE);
        Path folder = Files.createTempDirectory("signet-bench-world");
        World world = new World(folder, Journal.create(folder.resolve("journal.jsonl"),
                Clock.fixed(Instant.parse("2026-11-21T12:00:00Z"), java.time.ZoneOffset.UTC)),
                DriverManager.getConnection(url(Shared.POSTGRES, name), "postgres",
                        Shared.POSTGRES.access().password()));
        world.sql("INSERT INTO identity.pepper (value, created_at, current_since) VALUES ('pepper', now(), now())");
        return world;
    }

    /** Returns one in which Alice did a little of everything, and all of it was acknowledged. */
    static World whole() throws IOException, SQLException {
        World world = empty();
        world.register("aa");
        world.accept();
        world.proof(EMAIL, "sid1");
        world.bind(EMAIL);
        world.invite("friend@example.org", "invitation1");
        world.handle();
        return world;
    }

    void sql(String statement) throws SQLException {
        try (Statement sql = connection.createStatement()) {
            sql.execute(statement);
        }
    }

    JsonObject.Builder alice() {
        return JsonObject.builder().put("user", ALICE);
    }

    void done(Op op, JsonObject intent, JsonObject told) {
        journal.outcome(journal.intent(op, intent), Outcome.DONE, 0, told);
    }

    void unknown(Op op, JsonObject intent) {
        journal.outcome(journal.intent(op, intent), Outcome.UNKNOWN, 1, JsonObject.of());
    }

    void register(String hash) throws SQLException {
        done(Op.REGISTER, alice().build(),
                JsonObject.builder().put("token", "t" + hash).put("hash", hash32(hash)).build());
        token(hash);
        sql("INSERT INTO terms.used_openid_token VALUES (decode('" + hash32(hash) + "', 'hex'), now())");
    }

    void token(String hash) throws SQLException {
        sql("INSERT INTO terms.access_token (token_hash, user_id, created_at, expires_at) VALUES (decode('"
                + hash32(hash) + "', 'hex'), '" + ALICE + "', now(), now())");
    }

    static String hash32(String digits) {
        return digits.repeat(32);
    }

    void accept() throws SQLException {
        done(Op.ACCEPT, alice().build(), JsonObject.of());
        sql("INSERT INTO terms.acceptance (user_id, policy, version, language, url, accepted_at)"
                + " VALUES ('" + ALICE + "', 'p', '1', 'en', 'https://example.org', now())");
        sql("INSERT INTO terms.receipt SELECT id, 'jws' FROM terms.acceptance");
    }

    /** A session whose mail came and whose token was submitted. */
    void proof(String email, String sid) throws SQLException {
        done(Op.REQUEST_TOKEN, alice().put("address", email).build(), JsonObject.builder().put("sid", sid).build());
        mail(email, "m-" + sid, 0);
        session(email, sid, "now()");
        done(Op.SUBMIT, alice().put("address", email).put("sid", sid).build(), JsonObject.of());
    }

    void session(String email, String sid, String validatedAt) throws SQLException {
        sql("INSERT INTO identity.validation_session (sid, user_id, secret_hash, address_sealed, address_hash, address_key,"
                + " send_attempt, discoverable, modified_at, validated_at) VALUES ('" + sid + "', '" + ALICE + "', "
                + hashOf("secret" + sid) + ", '', " + hashOf(email) + ", 'k', 1, true, now(), " + validatedAt + ")");
        sql("INSERT INTO identity.validation_token VALUES ('" + sid + "', " + hashOf(sid) + ", now(), now())");
    }

    void bind(String email) throws SQLException {
        done(Op.BIND, alice().put("address", email).build(), JsonObject.of());
        association(email);
    }

    void association(String email) throws SQLException {
        sql("INSERT INTO identity.association (address_sealed, address_hash, address_key, user_id, proven_at, bound_at,"
                + " discoverable) VALUES ('', " + hashOf(email) + ", 'k', '" + ALICE + "', now(), now(), true)");
        sql("INSERT INTO identity.lookup_entry SELECT p.id, a.address_hash, 'k', a.id, a.user_id"
                + " FROM identity.association a, identity.pepper p WHERE a.address_hash = " + hashOf(email));
    }

    void invite(String email, String token) throws SQLException {
        String key = (token + "0".repeat(43)).substring(0, 43);
        done(Op.INVITE, alice().put("address", email).build(),
                JsonObject.builder().put("invitation", token).put("public_key", key).build());
        invitation(email, token);
        sql("INSERT INTO identity.ephemeral_key VALUES ('" + key + "')");
        mail(email, "m-" + token, 0);
    }

    void invitation(String email, String token) throws SQLException {
        sql("INSERT INTO identity.invitation (token, address_sealed, address_hash, address_key, payload_sealed, signing_key,"
                + " created_at, expires_at) VALUES ('" + token + "', '', " + hashOf(email)
                + ", 'k', '', 'k', now(), now())");
    }

    /** A handle with a chain of two operations. */
    void handle() throws SQLException {
        Handle handle = Handle.of(HANDLE);
        JwsSigner phone = JwsSigner.generate(random);
        JwsSigner paper = JwsSigner.generate(random);
        Jws genesis = Operation.genesis(handle.domain(), List.of(paper.key()), phone.key(), Rnd.generate(random),
                now.getEpochSecond()).sign(phone, paper);
        Identity begun = Identity.genesis(genesis).orElseThrow();
        Jws binding = Binding.first(handle, begun, now.getEpochSecond(), Rnd.generate(random)).sign(phone);
        JwsSigner tablet = JwsSigner.generate(random);
        Jws second = begun.addDevice(tablet.key(), now.getEpochSecond()).sign(phone, tablet);
        Identity identity = begun.apply(second).orElseThrow();
        firstOperation = begun.head().value();
        done(Op.REGISTER_HANDLE, alice().put("handle", HANDLE)
                .put("binding", binding.opId().value())
                .put("identity", begun.id().value())
                .put("operation", begun.head().value())
                .build(), JsonObject.of());
        done(Op.EXTEND_CHAIN, alice().put("identity", identity.id().value())
                .put("operation", identity.head().value())
                .build(), JsonObject.of());
        sql("INSERT INTO names.identity (id, seq, head) VALUES ('" + identity.id() + "', " + identity.seq() + ", '"
                + identity.head().value() + "')");
        sql("INSERT INTO names.operation VALUES ('" + identity.id() + "', 0, '" + genesis.toText() + "')");
        sql("INSERT INTO names.operation VALUES ('" + identity.id() + "', 1, '" + second.toText() + "')");
        sql("INSERT INTO names.binding (handle, domain, fold, fold_version, id, seq, op_id, jws, state, expires_at,"
                + " account_hash, registered_at, agreed_at, reclaimed) VALUES ('" + HANDLE
                + "', 'example.org', 'alice', 1, '"
                + identity.id() + "', 0, '" + binding.opId().value() + "', '" + binding.toText()
                + "', 'active', now(), "
                + hashOf(EMAIL) + ", now(), now(), false)");
    }

    void mail(String to, String id, int secondsLater) {
        mails.add(new Mail(now.plusSeconds(secondsLater), to, id, List.of()));
    }

    private String hashOf(String email) {
        return email.contains("@")
                ? "decode('" + hashes.ofAddress(email) + "', 'hex')"
                : "sha256('" + email + "'::bytea)";
    }

    /** Returns what the checker says, long after everything. */
    Checker.Result check() throws SQLException {
        return check(later(), true);
    }

    Checker.Result check(Instant at, boolean over) throws SQLException {
        Ledger ledger = Ledger.of(journal.lines(), at);
        Snapshot snapshot = Snapshot.read(connection, hashes, ledger.addresses(), ledger.handles());
        return Checker.check(ledger, snapshot, new Checker.Outside(delivered, mails, over));
    }

    /** Returns the kinds of what is wrong. */
    List<Violation.What> wrong() throws SQLException {
        return check().violations().stream().map(Violation::what).distinct().sorted().toList();
    }

    Instant now() {
        return now;
    }

    /** When all that goes through the outbox is done. */
    Instant later() {
        return now.plus(Duration.ofHours(1));
    }

    @Override
    public void close() throws IOException, SQLException {
        connection.close();
        journal.close();
        delete(folder);
    }

    private static void delete(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException e) {
            System.err.println("could not delete " + folder + ": " + e);
        }
    }
}
