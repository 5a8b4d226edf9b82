package im.signet.identity.lookup;

import im.signet.kit.database.TestDatabase;
import im.signet.protocol.hash.LookupHash;
import im.signet.protocol.hash.Pepper;
import im.signet.protocol.identifier.Medium;
import im.signet.protocol.json.JsonArray;
import im.signet.protocol.json.JsonObject;
import im.signet.protocol.json.StrictJson;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Two servers on one database, behind a proxy. Each test is of a homeserver and an address block of its own. What a sketch
 * counts errs by a percent: the tests ask for a fifth more or less.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LookupBudgetOverHttpTest {

    private static final String FRIEND = "friend@example.org";

    private final MovableClock clock = MovableClock.ticking();
    private final AtomicInteger count = new AtomicInteger();
    private LookupServer one;
    private LookupServer other;

    @BeforeAll
    void start(@TempDir Path dataDir) {
        TestDatabase database = TestDatabase.fresh();
        String[] settings = {"signet.trusted-proxies=127.0.0.1", "signet.lookup.algorithms=sha256,none",
            "signet.limits.lookups-per-account=1000 then 1 per 1m",
            "signet.limits.lookups-per-homeserver=3000 then 0 per 1h",
            "signet.limits.lookups-per-network=3000 then 0 per 1h"};
        one = new LookupServer(database, dataDir, clock, settings);
        other = new LookupServer(database, dataDir, clock, settings);
        one.bind(Medium.EMAIL, FRIEND, "@friend:example.org");
    }

    @AfterAll
    void stop() {
        one.close();
        other.close();
    }

    private String user(String homeserver) {
        return "@user" + count.incrementAndGet() + ":" + homeserver;
    }

    private String homeserver() {
        return "hs" + count.incrementAndGet() + ".example.org";
    }

    private String ip() {
        int number = count.incrementAndGet();
        return "203.0." + number / 256 + "." + number % 256;
    }

    private List<String> addresses(int howMany) {
        return IntStream.range(0, howMany).mapToObj(_ -> "a" + count.incrementAndGet() + "@example.org").toList();
    }

    private static String hash(String address, Pepper pepper) {
        return LookupHash.of(Medium.EMAIL, address, pepper).value();
    }

    private static String hex(String address, Pepper pepper) {
        return java.util.HexFormat.of().formatHex(LookupHash.of(Medium.EMAIL, address, pepper).toBytes());
    }

    private static String body(String algorithm, Pepper pepper, Stream<String> sent) {
        return StrictJson.write(JsonObject.builder()
                .put("algorithm", algorithm)
                .put("pepper", pepper.value())
                .put("addresses", JsonArray.ofStrings(sent.toList()))
                .build());
    }

    private String hashed(List<String> addresses) {
        Pepper pepper = one.pepper();
        return body("sha256", pepper, addresses.stream().map(address -> hash(address, pepper)));
    }

    private static void assertRefused(LookupServer.Reply reply) {
        assertThat(reply.status()).isEqualTo(429);
        assertThat(reply.text("errcode")).isEqualTo("M_LIMIT_EXCEEDED");
        assertThat(reply.body().get("mappings")).isEmpty();
        long millis = reply.body().integer("retry_after_ms").orElseThrow();
        assertThat(millis).isBetween(1_000L, Duration.ofDays(31).toMillis());
        long seconds = Long.parseLong(reply.headers().firstValue("Retry-After").orElseThrow());
        assertThat(seconds).isBetween(millis / 1_000, millis / 1_000 + 1);
    }

    @Test
    void answersSoManyAddressesAndThenNoneOfARequest() {
        String user = user(homeserver());
        String ip = ip();
        assertThat(one.lookupFrom(ip, user, hashed(addresses(800))).status()).isEqualTo(200);
        List<String> more = Stream.concat(addresses(400).stream(), Stream.of(FRIEND)).toList();
        assertRefused(one.lookupFrom(ip, user, hashed(more)));
        assertRefused(other.lookupFrom(ip, user, hashed(more)));
        LookupServer.Reply found = other.lookupFrom(ip, user, hashed(List.of(FRIEND)));
        assertThat(found.mappings()).hasSize(1);
    }

    @Test
    void repeatsAreFreeHoweverTheyAreSpelled() {
        String user = user(homeserver());
        String ip = ip();
        Pepper pepper = one.pepper();
        List<String> known = Stream.concat(addresses(800).stream(), Stream.of(FRIEND)).toList();
        for (int i = 0; i < 5; i++) {
            LookupServer server = i % 2 == 0 ? one : other;
            assertThat(server.lookupFrom(ip, user, hashed(known)).mappings()).hasSize(1);
            assertThat(server.lookupFrom(ip, user,
                    body("sha256", pepper, known.stream().map(address -> hex(address, pepper)))).mappings()).hasSize(1);
            assertThat(server.lookupFrom(ip, user,
                    body("none", pepper, known.stream().map(address -> address + " email"))).mappings()).hasSize(1);
        }
        assertRefused(one.lookupFrom(ip, user, hashed(addresses(400))));
        assertThat(one.lookupFrom(ip, user, hashed(known)).mappings()).hasSize(1);
    }

    @Test
    void plainAddressesCountAsHashesDo() {
        String user = user(homeserver());
        String ip = ip();
        String plain = body("none", one.pepper(), addresses(800).stream().map(address -> address + " email"));
        assertThat(one.lookupFrom(ip, user, plain).status()).isEqualTo(200);
        assertRefused(one.lookupFrom(ip, user, hashed(addresses(400))));
    }

    @Test
    void entriesThatAreOfNoAddressCountForNothing() {
        String user = user(homeserver());
        String ip = ip();
        String noise = body("sha256", one.pepper(), IntStream.range(0, 3_000).mapToObj(i -> "noise" + i));
        assertThat(one.lookupFrom(ip, user, noise).status()).isEqualTo(200);
        assertThat(one.lookupFrom(ip, user, hashed(addresses(800))).status()).isEqualTo(200);
    }

    @Test
    void tenThousandAddressesInACallAreRefusedAtOnce() {
        String user = user(homeserver());
        String ip = ip();
        assertRefused(one.lookupFrom(ip, user, hashed(addresses(10_000))));
        assertThat(one.lookupFrom(ip, user, hashed(addresses(800))).status()).as("and count for nothing")
                .isEqualTo(200);
    }

    @Test
    void allUsersOfAHomeserverHaveOneBudgetWhateverItsPort() {
        String homeserver = homeserver();
        List<String> names = List.of(homeserver, homeserver + ":8448", homeserver + ":1234",
                homeserver.replace("hs", "HS"));
        for (int i = 0; i < 3; i++) {
            assertThat(one.lookupFrom(ip(), user(names.get(i)), hashed(addresses(800))).status()).isEqualTo(200);
        }
        assertRefused(one.lookupFrom(ip(), user(names.get(3)), hashed(addresses(990))));
        assertThat(one.lookupFrom(ip(), user(homeserver()), hashed(addresses(800))).status())
                .as("another homeserver")
                .isEqualTo(200);
    }

    @Test
    void allWhoComeFromAnIpAddressHaveOneBudget() {
        String ip = ip();
        for (int i = 0; i < 3; i++) {
            assertThat(one.lookupFrom(ip, user(homeserver()), hashed(addresses(800))).status()).isEqualTo(200);
        }
        assertRefused(one.lookupFrom("198.51.100.7, " + ip, user(homeserver()), hashed(addresses(990))));
        assertThat(one.lookupFrom(ip(), user(homeserver()), hashed(addresses(800))).status()).isEqualTo(200);
    }

    @Test
    void aBlockOfIpv6IsOneClient() {
        String block = "2001:db8:0:" + Integer.toHexString(count.incrementAndGet());
        for (int i = 0; i < 3; i++) {
            assertThat(one.lookupFrom(block + "::" + (i + 1), user(homeserver()), hashed(addresses(800))).status())
                    .isEqualTo(200);
        }
        assertRefused(one.lookupFrom(block + ":ffff::9", user(homeserver()), hashed(addresses(990))));
        String next = "2001:db8:1:" + Integer.toHexString(count.incrementAndGet());
        assertThat(one.lookupFrom(next + "::1", user(homeserver()), hashed(addresses(800))).status()).isEqualTo(200);
    }

    @Test
    void isRefilledAndBeginsAnewWithThePepper() {
        String user = user(homeserver());
        String ip = ip();
        assertThat(one.lookupFrom(ip, user, hashed(addresses(800))).status()).isEqualTo(200);
        List<String> more = addresses(700);
        LookupServer.Reply refused = one.lookupFrom(ip, user, hashed(more));
        assertRefused(refused);
        Duration wait = Duration.ofMillis(refused.body().integer("retry_after_ms").orElseThrow());
        assertThat(wait).isBetween(Duration.ofHours(4), Duration.ofHours(14));
        clock.advance(wait.plusHours(1));
        assertThat(other.lookupFrom(ip, user, hashed(more)).status()).isEqualTo(200);
        assertRefused(one.lookupFrom(ip, user, hashed(addresses(900))));
        Pepper former = one.pepper();
        clock.advance(Duration.ofDays(30));
        await().atMost(Duration.ofSeconds(60)).until(() -> !one.pepper().equals(former));
        assertThat(one.lookupFrom(ip, user, hashed(addresses(800))).status()).isEqualTo(200);
    }
}
