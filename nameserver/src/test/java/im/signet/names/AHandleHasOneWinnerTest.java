package im.signet.names;

import im.signet.protocol.handle.Jws;
import im.signet.protocol.handle.JwsSigner;
import im.signet.protocol.json.JsonObject;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

import static im.signet.names.NamesServer.BINDINGS;
import static im.signet.names.NamesServer.HANDLES;
import static org.assertj.core.api.Assertions.assertThat;

/** 64 requests at once, to two servers on one database: one winner, no 500, and the same answer to the same request. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AHandleHasOneWinnerTest {

    private static final int AT_ONCE = 64;

    private NamesScene scene;
    private List<NamesServer> servers;

    @BeforeAll
    void start() {
        scene = new NamesScene();
        servers = List.of(scene.start(), scene.start());
    }

    @AfterAll
    void stop() {
        scene.close();
    }

    private NamesServer server(int i) {
        return servers.get(i % servers.size());
    }

    private Owner owner(String name) {
        return new Owner("@" + name + ":hs.example.org", scene.clock());
    }

    private static List<Answer> atOnce(List<Callable<Answer>> requests) throws Exception {
        List<Answer> answers = new ArrayList<>();
        try (ExecutorService executor = Executors.newFixedThreadPool(AT_ONCE)) {
            for (Future<Answer> answer : executor.invokeAll(requests)) {
                answers.add(answer.get());
            }
        }
        return answers;
    }

    private static Map<Integer, Long> statuses(List<Answer> answers) {
        return answers.stream().collect(Collectors.groupingBy(Answer::status, Collectors.counting()));
    }

    @Test
    void amongManyWhoWantIt() throws Exception {
        List<Callable<Answer>> requests = new ArrayList<>();
        for (int i = 0; i < AT_ONCE; i++) {
            Owner owner = owner("wanting" + i);
            NamesServer server = server(i);
            JsonObject body = owner.registration(server, owner.first("wanted@example.org"));
            requests.add(() -> server.post(BINDINGS, owner.token(), body));
        }
        List<Answer> answers = atOnce(requests);
        assertThat(statuses(answers)).isEqualTo(Map.of(201, 1L, 409, AT_ONCE - 1L));
        assertThat(answers).filteredOn(answer -> answer.status() == 409)
                .allSatisfy(answer -> answer.refuses(409, "HANDLE_TAKEN"));
    }

    /** Released handles, and those of others, are not taken for each other: confusables. */
    @Test
    void amongThoseThatLookAlike() throws Exception {
        List<String> alike = List.of("modern.oil", "modern-oil", "modern_oil", "rnodern.oil", "m0dern.oil",
                "modern.o1l",
                "modern.oll", "rnodern_0ll");
        List<Callable<Answer>> requests = new ArrayList<>();
        for (int i = 0; i < AT_ONCE; i++) {
            Owner owner = owner("alike" + i);
            NamesServer server = server(i);
            JsonObject body = owner.registration(server, owner.first(alike.get(i % 8) + "@example.org"));
            requests.add(() -> server.post(BINDINGS, owner.token(), body));
        }
        List<Answer> answers = atOnce(requests);
        assertThat(statuses(answers)).isEqualTo(Map.of(201, 1L, 409, AT_ONCE - 1L));
        assertThat(answers).filteredOn(answer -> answer.status() == 409)
                .allSatisfy(answer -> assertThat(answer.json().string("code").orElseThrow())
                        .isIn("HANDLE_TAKEN", "HANDLE_CONFUSABLE"))
                .noneSatisfy(answer -> assertThat(answer.body()).contains("oil"));
    }

    @Test
    void ifTheSameRequestComesOftenWithTheSameAnswer() throws Exception {
        Owner owner = owner("repeater");
        JsonObject body = owner.registration(server(0), owner.first("repeater@example.org"));
        List<Callable<Answer>> requests = new ArrayList<>();
        for (int i = 0; i < AT_ONCE; i++) {
            NamesServer server = server(i);
            requests.add(() -> server.post(BINDINGS, owner.token(), body));
        }
        List<Answer> answers = atOnce(requests);
        assertThat(statuses(answers)).isEqualTo(Map.of(201, 1L, 200, AT_ONCE - 1L));
        assertThat(answers.stream().map(Answer::body).distinct()).hasSize(1);
        // The answer was lost, and the nonce has long run out.
        scene.clock().move(java.time.Duration.ofMinutes(20));
        assertThat(server(1).post(BINDINGS, owner.token(), body).is(200))
                .isEqualTo(server(0).get(HANDLES + "repeater@example.org").is(200));
    }

    @Test
    void forEachSeqOfAChain() throws Exception {
        Owner owner = owner("racer");
        owner.registered(server(0), "racer@example.org");
        List<Callable<Answer>> requests = new ArrayList<>();
        for (int i = 0; i < AT_ONCE; i++) {
            NamesServer server = server(i);
            JwsSigner device = Owner.key();
            Jws operation = owner.operation(id -> id.addDevice(device.key(), owner.now()), owner.phone, device);
            requests.add(() -> owner.putOperation(server, operation));
        }
        List<Answer> answers = atOnce(requests);
        assertThat(statuses(answers)).isEqualTo(Map.of(201, 1L, 409, AT_ONCE - 1L));
        assertThat(answers).filteredOn(answer -> answer.status() == 409).allSatisfy(answer -> {
            answer.refuses(409, "STALE");
            assertThat(answer.json().integer("seq")).contains(1L);
        });
    }

    @Test
    void forEachSeqOfABinding() throws Exception {
        Owner owner = owner("renewer");
        Jws first = owner.registered(server(0), "renewer@example.org");
        List<Callable<Answer>> requests = new ArrayList<>();
        for (int i = 0; i < AT_ONCE; i++) {
            NamesServer server = server(i);
            Jws renewal = owner.signed(first).renew(owner.identity(), owner.now(), Owner.rnd()).sign(owner.phone);
            requests.add(() -> owner.putBinding(server, renewal));
        }
        assertThat(statuses(atOnce(requests))).isEqualTo(Map.of(201, 1L, 409, AT_ONCE - 1L));
    }

    @Test
    void whenItIsReleasedAndRenewedAtOnce() throws Exception {
        Owner owner = owner("wavering");
        Jws first = owner.registered(server(0), "wavering@example.org");
        Jws release = owner.signed(first).release(owner.identity(), owner.now(), Owner.rnd()).sign(owner.recovery);
        Jws renewal = owner.signed(first).renew(owner.identity(), owner.now(), Owner.rnd()).sign(owner.phone);
        List<Callable<Answer>> requests = new ArrayList<>();
        for (int i = 0; i < AT_ONCE; i++) {
            NamesServer server = server(i / 2);
            Jws binding = i % 2 == 0 ? release : renewal;
            requests.add(() -> owner.putBinding(server, binding));
        }
        Map<Integer, Long> statuses = statuses(atOnce(requests));
        assertThat(statuses).containsEntry(201, 1L).containsEntry(200, 31L);
        assertThat(statuses.getOrDefault(409, 0L) + statuses.getOrDefault(410, 0L)).isEqualTo(32);
        assertThat(server(0).get(HANDLES + "wavering@example.org").status())
                .isEqualTo(statuses.containsKey(409) ? 200 : 410);
    }

    /** The last handle of an identity is released while another of the same identity is registered. */
    @Test
    void whateverBecomesOfItsIdentityMeanwhile() throws Exception {
        for (int round = 0; round < 8; round++) {
            Owner owner = owner("juggler" + round);
            Jws first = owner.registered(server(0), "from" + round + "@example.org");
            Jws release = owner.signed(first)
                    .release(owner.identity(), owner.now(), Owner.rnd())
                    .sign(owner.recovery);
            JsonObject body = owner.registration(server(1), owner.first("onto" + round + "@example.org"));
            List<Answer> answers = atOnce(List.of(() -> owner.putBinding(server(0), release),
                    () -> server(1).post(BINDINGS, owner.token(), body)));
            assertThat(statuses(answers)).isEqualTo(Map.of(201, 2L));
            assertThat(server(0).get(HANDLES + "onto" + round + "@example.org").status()).isEqualTo(200);
        }
    }

    @Test
    void amongTheManyThatAnAccountWants() throws Exception {
        Owner owner = owner("greedy");
        List<Callable<Answer>> requests = new ArrayList<>();
        for (int i = 0; i < AT_ONCE; i++) {
            Owner identity = new Owner(owner.user, scene.clock());
            NamesServer server = server(i);
            String handle = Character.toString('a' + i / 26) + Character.toString('a' + i % 26) + "greed@example.org";
            JsonObject body = identity.registration(server, identity.first(handle));
            requests.add(() -> server.post(BINDINGS, owner.token(), body));
        }
        List<Answer> answers = atOnce(requests);
        assertThat(answers.stream().filter(answer -> answer.status() == 201)).hasSize(5);
        assertThat(answers).filteredOn(answer -> answer.status() != 201)
                .allSatisfy(answer -> assertThat(answer.json().string("code").orElseThrow())
                        .isIn("TOO_MANY_HANDLES", "HANDLE_CONFUSABLE"));
    }
}
