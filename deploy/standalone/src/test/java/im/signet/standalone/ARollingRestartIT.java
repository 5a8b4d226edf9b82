package im.signet.standalone;

import im.signet.protocol.handle.Handle;
import im.signet.protocol.hash.LookupHash;
import im.signet.protocol.hash.Pepper;
import im.signet.protocol.identifier.Address;
import im.signet.protocol.identifier.Medium;
import im.signet.protocol.identifier.UserId;
import im.signet.protocol.json.JsonArray;
import im.signet.protocol.json.JsonObject;
import im.signet.protocol.json.StrictJson;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.condition.EnabledIf;

import static org.assertj.core.api.Assertions.assertThat;

/** Two replicas behind HAProxy are restarted in turn, several times, and of the people who use them nobody notices. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@EnabledIf(value = "im.signet.standalone.ReverseProxy#isHaproxyInstalled", disabledReason = "needs haproxy")
class ARollingRestartIT {

    private static final String V2 = "/_matrix/identity/v2";
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int ROUNDS = 3;
    private static final int PEOPLE_AT_ONCE = 6;
    private static final long PAUSE_MILLIS = 10;

    private final AtomicInteger numbers = new AtomicInteger();
    private final AtomicLong requests = new AtomicLong();
    private final Queue<String> failures = new ConcurrentLinkedQueue<>();
    // What was acknowledged: it must be there for good.
    private final Map<String, UserId> owners = new ConcurrentHashMap<>();
    private final Map<String, UserId> addresses = new ConcurrentHashMap<>();
    private final Queue<Handle> handles = new ConcurrentLinkedQueue<>();
    private final Queue<String> ended = new ConcurrentLinkedQueue<>();
    private final Queue<String> invited = new ConcurrentLinkedQueue<>();
    private Town town;
    private volatile boolean over;

    @BeforeAll
    void start() {
        town = Town.startBehind(ReverseProxy.Shipped.HAPROXY, 2, Map.of("signet.drain-time", "5s",
                "signet.trusted-proxies", "127.0.0.1", "signet.limits.enabled", "false", "signet.names.domains",
                "example.org", "signet.names.registration", "open", "signet.names.max-handles", "1000"));
    }

    @AfterAll
    void stop() {
        town.close();
    }

    private Town.Reply ok(String what, Town.Reply reply) {
        requests.incrementAndGet();
        assertThat(reply.status()).as(what + ": " + reply.body()).isEqualTo(200);
        return reply;
    }

    private Town.Reply get(String path, String token) {
        return ok(path, town.get(path, token));
    }

    private Town.Reply post(String path, String token, String json) {
        return ok(path, town.post(path, token, json));
    }

    /** Somebody with an account, who uses it in all ways there are. */
    private final class Person {

        private final String name = "person" + numbers.incrementAndGet();
        private final UserId user = town.homeserver.register(name);
        private final Random random = new Random(name.hashCode());
        private String token = register();

        private String register() {
            String registered = post(V2 + "/account/register", "", StrictJson.write(town.homeserver.openId(user)))
                    .json()
                    .string("token")
                    .orElseThrow();
            post(V2 + "/terms", registered, "{\"user_accepts\":[\"https://id.example.org/privacy/1/fr\"]}");
            owners.put(registered, user);
            return registered;
        }

        void doSomething() throws InterruptedException {
            switch (random.nextInt(10)) {
                case 0 -> logOutAndInAgain();
                case 1 -> publish();
                case 2 -> takeAHandle();
                case 3 -> invite();
                case 4, 5 -> assertThat(get(V2 + "/account", token).json().string("user_id"))
                        .contains(user.value());
                case 6 -> readAHandle();
                case 7 -> get("/_signet/terms/receipts", token);
                default -> lookUp();
            }
            Thread.sleep(PAUSE_MILLIS);
        }

        private void logOutAndInAgain() {
            String old = token;
            token = register();
            owners.remove(old);
            post(V2 + "/account/logout", old, "{}");
            ended.add(old);
        }

        private void publish() throws InterruptedException {
            String email = name + "." + numbers.incrementAndGet() + "@example.org";
            String secret = "secret" + numbers.incrementAndGet();
            String sid = post(V2 + "/validate/email/requestToken", token,
                    "{\"client_secret\":\"" + secret + "\",\"email\":\"" + email + "\",\"send_attempt\":1}").json()
                    .string("sid")
                    .orElseThrow();
            ok("confirm", town.confirm(town.mailbox.awaitMailTo(email, PATIENCE).links().getFirst()));
            post(V2 + "/3pid/bind", token, "{\"client_secret\":\"" + secret + "\",\"sid\":\"" + sid
                    + "\",\"mxid\":\"" + user + "\"}");
            addresses.put(email, user);
        }

        private void takeAHandle() {
            Handle handle = Handle.of(name + "-" + numbers.incrementAndGet() + "@example.org");
            TownHandle.register(town, name + "-" + handle.domain() + numbers.incrementAndGet(), handle);
            handles.add(handle);
        }

        private void readAHandle() {
            for (Handle handle : handles.stream().limit(1).toList()) {
                get("/_signet/ns/v1/handles/" + handle, "");
            }
        }

        private void invite() {
            String email = "friend" + numbers.incrementAndGet() + "@example.org";
            post(V2 + "/store-invite", token, "{\"medium\":\"email\",\"address\":\"" + email
                    + "\",\"room_id\":\"!room:example.org\",\"sender\":\"" + user + "\"}");
            invited.add(email);
        }

        private void lookUp() {
            Map<String, UserId> some = Map.copyOf(addresses);
            assertThat(found(token, some)).isEqualTo(some.size());
        }
    }

    /** Returns how many of the addresses are found, and whose they are said to be is right. */
    private int found(String token, Map<String, UserId> some) {
        JsonObject details = get(V2 + "/hash_details?access_token=" + token, "").json();
        Pepper pepper = Pepper.of(details.string("lookup_pepper").orElseThrow());
        Map<String, UserId> hashed = new ConcurrentHashMap<>();
        some.forEach((email, owner) -> hashed
                .put(LookupHash.of(Address.of(Medium.EMAIL, email), pepper).value(), owner));
        JsonObject mappings = post(V2 + "/lookup", token, StrictJson.write(JsonObject.builder()
                .put("algorithm", "sha256")
                .put("pepper", pepper.value())
                .put("addresses", JsonArray.ofStrings(List.copyOf(hashed.keySet())))
                .build())).json().object("mappings").orElseThrow();
        hashed.forEach((hash, owner) -> assertThat(mappings.string(hash)).contains(owner.value()));
        return mappings.members().size();
    }

    private void live() {
        try {
            Person person = new Person();
            while (!over) {
                person.doSomething();
            }
        } catch (RuntimeException | AssertionError | InterruptedException failed) {
            failures.add(String.valueOf(failed));
            over = true;
        }
    }

    @Test
    void failsNobodysRequest() throws Exception {
        long fewest = Long.MAX_VALUE;
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> people = new ArrayList<>();
            for (int i = 0; i < PEOPLE_AT_ONCE; i++) {
                people.add(threads.submit(this::live));
            }
            for (int restart = 0; restart < 2 * ROUNDS && !over; restart++) {
                long before = requests.get();
                town.restart(restart % 2);
                fewest = Math.min(fewest, requests.get() - before);
            }
            over = true;
            for (Future<?> person : people) {
                person.get();
            }
        }
        assertThat(failures).as(town.proxyLog() + town.complaints()).isEmpty();
        assertThat(fewest).as("requests in each restart").isGreaterThan(50);
        assertThat(town.proxyLog()).as("HAProxy turned from each").contains("signet/one is DOWN", "signet/two is DOWN");
        everythingAcknowledgedIsThere();
        System.out.printf("%d requests in %d restarts: %d accounts, %d addresses, %d handles, %d invitations%n",
                requests.get(), 2 * ROUNDS, owners.size(), addresses.size(), handles.size(), invited.size());
    }

    private void everythingAcknowledgedIsThere() throws InterruptedException {
        assertThat(addresses).isNotEmpty();
        assertThat(handles).isNotEmpty();
        assertThat(invited).isNotEmpty();
        assertThat(ended).isNotEmpty();
        owners.forEach((token, user) -> assertThat(get(V2 + "/account", token).json().string("user_id"))
                .contains(user.value()));
        ended.forEach(token -> assertThat(town.get(V2 + "/account", token).status()).isEqualTo(401));
        assertThat(found(owners.keySet().iterator().next(), addresses)).isEqualTo(addresses.size());
        handles.forEach(handle -> get("/_signet/ns/v1/handles/" + handle, ""));
        for (String email : invited) {
            assertThat(town.mailbox.awaitMailTo(email, PATIENCE)).isNotNull();
        }
    }
}
