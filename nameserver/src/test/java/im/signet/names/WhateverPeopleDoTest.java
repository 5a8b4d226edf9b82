package im.signet.names;

import im.signet.kit.holding.Ending;
import im.signet.kit.holding.Holdings;
import im.signet.names.NaiveNames.Account;
import im.signet.names.NaiveNames.Expected;
import im.signet.names.NaiveNames.Policy;
import im.signet.names.NaiveNames.Request;
import im.signet.names.NaiveNames.Signed;
import im.signet.names.NaiveNames.State;
import im.signet.names.handle.HandleLife;
import im.signet.names.handle.HandleSuspension;
import im.signet.names.registration.Challenges;
import im.signet.names.registration.InviteCodes;
import im.signet.protocol.handle.Binding;
import im.signet.protocol.handle.Handle;
import im.signet.protocol.handle.HandleDomain;
import im.signet.protocol.handle.IdentityId;
import im.signet.protocol.handle.Jws;
import im.signet.protocol.handle.JwsKey;
import im.signet.protocol.handle.JwsSigner;
import im.signet.protocol.handle.OpId;
import im.signet.protocol.handle.Operation;
import im.signet.protocol.handle.ProofOfPossession;
import im.signet.protocol.handle.Reach;
import im.signet.protocol.handle.Revocation;
import im.signet.protocol.handle.Rnd;
import im.signet.protocol.identifier.UserId;
import im.signet.protocol.json.Json;
import im.signet.protocol.json.JsonArray;
import im.signet.protocol.json.JsonObject;
import im.signet.protocol.json.JsonString;

import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

import static im.signet.names.NamesServer.BINDINGS;
import static im.signet.names.NamesServer.CHALLENGES;
import static im.signet.names.NamesServer.HANDLES;
import static im.signet.names.NamesServer.IDENTITIES;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Random histories of a few people, over HTTP, on four servers of one database: each answer is what {@link NaiveNames} says,
 * and after each history every handle resolves to what it says and the database holds no row more.
 *
 * <p>
 * Each history has 60 steps and a seed of its own, which a failure names. {@code -Dnames.histories=N} makes it N
 * histories (20 by default), {@code -Dnames.seed=S} begins with that seed: one history again is
 * {@code -Dnames.histories=1 -Dnames.seed=S}.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class WhateverPeopleDoTest {

    private static final int HISTORIES = Integer.getInteger("names.histories", 20);
    private static final int FIRST_SEED = Integer.getInteger("names.seed", 1);
    private static final int STEPS = 60;
    private static final List<String> LOCAL_PARTS = List.of("alice", "a1ice", "bob", "b0b", "modern", "modem", "walter",
            "dot.ted", "dot_ted", "carol");
    private static final List<Long> SECONDS = List.of(1L, 60L, 299L, 300L, 301L, 3_600L);
    private static final List<Long> DAYS = List.of(1L, 6L, 7L, 8L, 25L, 30L, 60L, 89L, 90L, 120L, 364L, 365L, 395L);
    private static final SecureRandom CHANCE = new SecureRandom();

    /** How often each kind of request was accepted and refused. */
    private final Map<String, int[]> counts = new TreeMap<>();
    private final Map<Policy, List<NamesServer>> servers = new EnumMap<>(Policy.class);
    private final RunVectors vectors = new RunVectors("histories");
    private NamesScene scene;
    private List<JwsKey> statusKeys = List.of();

    @BeforeAll
    void start() {
        scene = new NamesScene();
        String domains = "signet.names.domains=" + String.join(",", NaiveNames.DOMAINS);
        NamesServer first = scene.start(domains);
        statusKeys = first.statusKeys();
        servers.put(Policy.OPEN, List.of(first, scene.start(domains)));
        servers.put(Policy.HOMESERVER, List.of(scene.start(domains, "signet.names.registration=homeserver",
                "signet.names.homeservers=hs.example.org")));
        servers.put(Policy.INVITE, List.of(scene.start(domains, "signet.names.registration=invite")));
        servers.values().forEach(list -> list.forEach(NamesServer::withoutJobs));
    }

    @AfterAll
    void stop() {
        scene.close();
    }

    @Test
    void isAnsweredAsTheSpecificationsSay() {
        for (int i = 0; i < HISTORIES; i++) {
            int seed = FIRST_SEED + i;
            History history = new History(seed);
            try {
                history.run();
            } catch (RuntimeException | AssertionError failure) {
                throw new AssertionError("seed " + seed + ", after\n" + String.join("\n", history.told), failure);
            }
        }
        StringBuilder table = new StringBuilder("accepted, refused:\n");
        counts.forEach((kind, count) -> table.append(String.format("%6d %6d  %s%n", count[0], count[1], kind)));
        System.out.print(table);
        counts.keySet().removeAll(List.of("begin", "look", "operation: mixed", "operation: none"));
        assertThat(counts).as("of each kind one in ten histories is accepted and one refused")
                .hasSize(17)
                .allSatisfy((_, count) -> assertThat(List.of(count[0], count[1]))
                        .allSatisfy(each -> assertThat(10 * each).isGreaterThanOrEqualTo(HISTORIES)));
        vectors.write();
        for (String kind : List.of("chains", "bindings", "proofs", "statuses")) {
            assertThat(vectors.count(kind, true)).as(kind).isGreaterThanOrEqualTo(HISTORIES);
            assertThat(vectors.count(kind, false)).as(kind).isGreaterThanOrEqualTo(HISTORIES);
        }
    }

    private void count(String kind, boolean accepted) {
        counts.computeIfAbsent(kind, _ -> new int[2])[accepted ? 0 : 1]++;
    }

    /** Somebody, with all keys that they ever had, and what they believe to be theirs. */
    private static final class Person {
        final String user;
        final Map<String, JwsSigner> keys = new HashMap<>();
        final List<Signed<Operation>> chain = new ArrayList<>();
        /** What a server took of theirs, by handle. */
        final Map<String, List<Signed<Binding>>> bindings = new TreeMap<>();
        final List<ProofOfPossession.Nonce> nonces = new ArrayList<>();

        Person(String user) {
            this.user = user;
        }

        JwsSigner key(String x) {
            return Objects.requireNonNull(keys.get(x));
        }

        State state() {
            return NaiveNames.states(chain).getLast();
        }

        IdentityId id() {
            return IdentityId.ofGenesis(chain.getFirst().jws().payload());
        }
    }

    private record Sent(Policy policy, Request request, String kind) {}

    /** One history. */
    private final class History {
        private final Random random;
        private final NaiveNames names = new NaiveNames();
        private final List<Person> people = new ArrayList<>();
        private final List<Sent> sent = new ArrayList<>();
        private final List<String> codes = new ArrayList<>();
        private final List<String> told = new ArrayList<>();
        private Instant lastJobs = scene.clock().instant();

        History(int seed) {
            random = new Random(seed);
        }

        void run() {
            scene.sql()
                    .sql("TRUNCATE names.identity, names.operation, names.binding, names.quarantine, names.challenge, names.invite")
                    .update();
            names.setTime(scene.clock().instant());
            for (String name : List.of("alice", "bob", "modern", "walter")) {
                people.add(person("@" + name + ":hs.example.org"));
            }
            for (Person person : people) {
                String handle = person.user.substring(1, person.user.indexOf(':')) + "@example.org";
                Signed<Binding> first = right(person, handle);
                send(new Sent(Policy.HOMESERVER, new Request.Register(new Account(person.user, true),
                        List.copyOf(person.chain), first, right(person, first), Optional.empty()), "begin"));
            }
            for (int step = 0; step < STEPS; step++) {
                int what = random.nextInt(100);
                if (what < 24) {
                    register(pick(people));
                } else if (what < 44) {
                    put(pick(people));
                } else if (what < 78) {
                    append(pick(people));
                } else if (what < 85) {
                    repeat();
                } else if (what < 91) {
                    move();
                } else if (what < 93) {
                    suspend();
                } else if (what < 95) {
                    end(pick(people));
                } else {
                    look(pick(handles()));
                }
            }
            jobs();
            handles().forEach(this::look);
            people.forEach(person -> lookAtChain(person.id().value()));
            names.rows()
                    .forEach((table, rows) -> assertThat(scene.rows(table)).as("rows of " + table)
                            .isEqualTo(rows));
        }

        // --- chance

        private <T> T pick(List<T> list) {
            return list.get(random.nextInt(list.size()));
        }

        private boolean chance(int percent) {
            return random.nextInt(100) < percent;
        }

        private byte[] bytes(int size) {
            byte[] bytes = new byte[size];
            random.nextBytes(bytes);
            return bytes;
        }

        private Rnd rnd() {
            return new Rnd(Base64.getUrlEncoder().withoutPadding().encodeToString(bytes(16)));
        }

        private OpId someName() {
            return OpId.ofPayload(bytes(8));
        }

        private JwsSigner key(Person person) {
            JwsSigner key = JwsSigner.fromSeed(bytes(32));
            person.keys.put(key.key().x(), key);
            return key;
        }

        private NamesServer server(Policy policy) {
            return pick(Objects.requireNonNull(servers.get(policy)));
        }

        private NamesServer anyServer() {
            return server(pick(List.of(Policy.values())));
        }

        private long now() {
            return scene.clock().instant().getEpochSecond();
        }

        private List<String> handles() {
            return NaiveNames.DOMAINS.stream()
                    .flatMap(domain -> LOCAL_PARTS.stream().map(local -> local + "@" + domain))
                    .toList();
        }

        private String handle() {
            if (chance(4)) {
                return pick(List.of("admin@example.org", "adm1n@second.example", "alice@elsewhere.example"));
            }
            return pick(LOCAL_PARTS) + "@" + (chance(75) ? "example.org" : "second.example");
        }

        private Person person(String user) {
            Person person = new Person(user);
            List<JwsSigner> recovery = new ArrayList<>();
            for (int i = random.nextInt(3); i >= 0; i--) {
                recovery.add(key(person));
            }
            JwsSigner device = key(person);
            Operation genesis = Operation.genesis(HandleDomain.of("example.org"),
                    recovery.stream().map(JwsSigner::key).toList(), device.key(), rnd(), now());
            Set<String> signers = new LinkedHashSet<>(NaiveNames.xs(genesis.recovery()));
            signers.add(device.key().x());
            person.chain.add(signed(person, genesis, signers, true));
            for (int i = random.nextInt(4); i > 0; i--) {
                JwsSigner more = key(person);
                State before = person.state();
                Operation says = new Operation(Operation.Kind.UPDATE, Optional.of(person.id()),
                        HandleDomain.of("example.org"), person.chain.size(),
                        Optional.of(person.chain.getLast().jws().opId()), 0, now(), Optional.empty(),
                        listed(person, before.recovery()),
                        listed(person, Stream.concat(before.devices().stream(), Stream.of(more.key().x())).toList()),
                        List.of());
                person.chain.add(signed(person, says, new LinkedHashSet<>(List.of(more.key().x(), device.key().x())),
                        true));
            }
            return person;
        }

        // --- signing

        private JwsSigner[] signers(Person person, Set<String> keys) {
            return keys.stream().map(person::key).toArray(JwsSigner[]::new);
        }

        private Signed<Operation> signed(Person person, Operation says, Set<String> keys, boolean valid) {
            Jws jws = says.sign(signers(person, keys));
            return new Signed<>(valid ? jws : spoiled(jws), says, keys, valid);
        }

        private Signed<Binding> signed(Person person, Binding says, Set<String> keys, boolean valid) {
            Jws jws = says.sign(signers(person, keys));
            return new Signed<>(valid ? jws : spoiled(jws), says, keys, valid);
        }

        private static Jws spoiled(Jws jws) {
            String text = jws.toText();
            int at = text.indexOf("\"signature\":\"") + 40;
            return Jws.parse(text.substring(0, at) + (text.charAt(at) == 'A' ? 'B' : 'A') + text.substring(at + 1))
                    .orElseThrow();
        }

        /** Returns who should have signed, or, now and then, who should not. */
        private Set<String> perhapsOthers(Person person, Set<String> right, int percent) {
            Set<String> keys = new LinkedHashSet<>(right);
            if (!chance(percent)) {
                return keys;
            }
            List<String> all = person.keys.keySet().stream().sorted().toList();
            switch (random.nextInt(4)) {
                case 0 -> keys.add(pick(all));
                case 1 -> keys.remove(pick(List.copyOf(keys)));
                case 2 -> {
                    keys.remove(pick(List.copyOf(keys)));
                    keys.add(pick(all));
                }
                default -> keys.add(key(person).key().x());
            }
            return keys.isEmpty() ? Set.of(pick(all)) : keys;
        }

        // --- operations

        private List<JwsKey> listed(Person person, List<String> xs) {
            return xs.stream().map(x -> person.key(x).key()).toList();
        }

        /** Returns an operation on the state of a chain that is one of the table, perhaps with something wrong about it. */
        private Signed<Operation> operation(Person person, List<Signed<Operation>> chain) {
            State before = NaiveNames.states(chain).getLast();
            List<String> recovery = new ArrayList<>(before.recovery());
            List<String> devices = new ArrayList<>(before.devices());
            Set<String> right = new LinkedHashSet<>();
            Operation.Kind kind = Operation.Kind.UPDATE;
            String home = before.home();
            int row = random.nextInt(100);
            if (row < 20 && devices.size() < 6) {
                String added = chance(90)
                        ? key(person).key().x()
                        : pick(person.keys.keySet().stream().sorted().toList());
                if (recovery.contains(added) || devices.contains(added)) {
                    added = key(person).key().x();
                }
                devices.add(added);
                right.add(added);
                right.add(pick(before.keys()));
            } else if (row < 42 && devices.size() > 1) {
                List<String> gone = new ArrayList<>(devices);
                Collections.shuffle(gone, random);
                gone = gone.subList(0, 1 + random.nextInt(devices.size() - 1));
                devices.removeAll(gone);
                right.add(pick(before.keys()));
            } else if (row < 60 && devices.size() > 1) {
                Collections.shuffle(devices, random);
                right.add(pick(chance(80) ? recovery : devices));
            } else if (row < 72) {
                int at = random.nextInt(recovery.size());
                if (recovery.size() < 3 && chance(40)) {
                    recovery.add(key(person).key().x());
                } else if (recovery.size() > 1 && chance(40)) {
                    recovery.remove(at);
                } else {
                    recovery.set(at, key(person).key().x());
                }
                right.add(chance(60)
                        ? before.recovery().getFirst()
                        : pick(chance(60) ? before.recovery() : before.keys()));
            } else if (row < 86) {
                kind = Operation.Kind.RECOVER;
                if (chance(50)) {
                    devices.clear();
                }
                devices.add(random.nextInt(devices.size() + 1), key(person).key().x());
                right.add(pick(chance(80) ? before.recovery() : before.keys()));
            } else if (row < 97) {
                home = home.equals("example.org") ? "second.example" : "example.org";
                right.add(pick(chance(70) ? recovery : before.keys()));
            } else {
                kind = Operation.Kind.DEACTIVATE;
                right.add(pick(chance(70) ? recovery : before.keys()));
            }
            for (List<String> list : List.of(recovery, devices)) {
                list.stream().filter(x -> !before.keys().contains(x)).forEach(right::add);
            }
            if (chance(4)) {
                home = "third.example"; // and perhaps something else
            }
            boolean newEpoch = kind == Operation.Kind.RECOVER || !recovery.equals(before.recovery());
            List<Revocation> revoked = new ArrayList<>();
            for (String x : before.keys()) {
                if (!recovery.contains(x) && !devices.contains(x)) {
                    revoked.add(new Revocation(person.key(x).key().thumbprint(), Revocation.Why.LOST));
                }
            }
            long seq = chain.size();
            OpId prev = chain.getLast().jws().opId();
            long epoch = before.epoch() + (newEpoch ? 1 : 0);
            IdentityId id = IdentityId.ofGenesis(chain.getFirst().jws().payload());
            switch (random.nextInt(40)) {
                case 0 -> seq += 1 + random.nextInt(2);
                case 1 -> seq = Math.max(1, seq - 1);
                case 2 -> prev = someName();
                case 3 -> epoch++;
                case 4 -> revoked.clear();
                case 5 -> revoked.add(new Revocation(pick(List.copyOf(person.keys.values())).key().thumbprint(),
                        Revocation.Why.STOLEN));
                case 6 -> id = pick(people).id();
                default -> {
                    // Nothing is wrong with it.
                }
            }
            Operation says = new Operation(kind, Optional.of(id), HandleDomain.of(home), seq, Optional.of(prev), epoch,
                    now(), Optional.empty(), listed(person, recovery), listed(person, devices), revoked);
            return signed(person, says, perhapsOthers(person, right, 15), !chance(3));
        }

        private void append(Person person) {
            List<Signed<Operation>> base = person.chain;
            if (base.size() > 1 && chance(12)) {
                base = base.subList(0, 1 + random.nextInt(base.size() - 1));
            }
            Signed<Operation> operation = operation(person, base);
            String row = NaiveNames.row(NaiveNames.states(base).getLast(), operation.says());
            long seq = chance(97) ? operation.says().seq() : operation.says().seq() + 1;
            String id = (chance(97) ? person : pick(people)).id().value();
            send(new Sent(Policy.OPEN, new Request.Append(account(pick(chance(80) ? List.of(person) : people)), id, seq,
                    operation), "operation: " + row));
        }

        // --- bindings

        /** Returns a binding of a handle that is right, or nearly so. */
        private Signed<Binding> binding(Person person, String handle, Binding.State wanted) {
            List<Signed<Operation>> chain = person.chain;
            List<State> states = NaiveNames.states(chain);
            List<Signed<Binding>> before = person.bindings.getOrDefault(handle, List.of());
            boolean follows = !before.isEmpty() && chance(96);
            Signed<Binding> last = follows
                    ? before.get(chance(95) ? before.size() - 1 : random.nextInt(before.size()))
                    : null;
            long seq = last == null ? 0 : last.says().seq() + 1;
            Optional<OpId> prev = last == null ? Optional.empty() : Optional.of(last.jws().opId());
            if (chance(2)) {
                seq++;
                prev = Optional.of(someName());
            }
            Binding.State state = seq == 0 ? Binding.State.ACTIVE : wanted;
            int hs = chain.size() - 1;
            if (chance(4)) {
                hs = random.nextInt(chain.size());
            }
            State then = states.get(hs);
            OpId head = chain.get(hs).jws().opId();
            long epoch = then.epoch();
            IdentityId id = person.id();
            long iat = now();
            long exp = iat + (chance(70) ? Binding.DEFAULT_LIFE_SECONDS : 86_400);
            Optional<Reach> reach = Optional.empty();
            boolean byDevice = state == Binding.State.ACTIVE
                    && (last == null || last.says().state() == Binding.State.ACTIVE);
            Set<String> right = new LinkedHashSet<>(
                    Set.of(pick(byDevice != chance(8) ? then.devices() : then.recovery())));
            switch (random.nextInt(40)) {
                case 0 -> head = someName();
                case 1 -> epoch++;
                case 2 -> hs += 5;
                case 3 -> id = pick(people).id();
                case 4 -> iat = now() + pick(List.of(3_600L, 3_601L));
                case 5 -> {
                    iat = now() - 100;
                    exp = now() + pick(List.of(0L, 1L));
                }
                case 6, 7, 8, 9 -> reach = Optional.of(new Reach(UserId.of(person.user), Optional.empty()));
                case 10 -> reach = Optional.of(new Reach(UserId.of(pick(people).user), Optional.empty()));
                case 11 -> {
                    JwsSigner master = key(person);
                    reach = Optional.of(new Reach(UserId.of(pick(people).user), Optional.of(master.key())));
                    right.add(master.key().x());
                }
                case 12 -> reach = Optional.ofNullable(last).flatMap(binding -> binding.says().reach());
                default -> {
                    // Nothing is odd about it.
                }
            }
            exp = Math.max(exp, iat + 1);
            Optional<Handle> to = state == Binding.State.MOVED
                    ? Optional.of(Handle.of(handle.startsWith("bob") ? "alice@example.org" : "bob@example.org"))
                    : Optional.empty();
            Binding says = new Binding(Handle.of(handle), id, seq, prev, head, hs, epoch, state, to, iat, exp, rnd(),
                    reach, chance(90) ? JsonObject.of() : JsonObject.builder().put("note", "hello").build());
            return signed(person, says, perhapsOthers(person, right, 6), !chance(2));
        }

        private Signed<Binding> right(Person person, String handle) {
            Binding says = new Binding(Handle.of(handle), person.id(), 0, Optional.empty(),
                    person.chain.getLast().jws().opId(), person.chain.size() - 1L, 0, Binding.State.ACTIVE,
                    Optional.empty(), now(), now() + Binding.DEFAULT_LIFE_SECONDS, rnd(), Optional.empty(),
                    JsonObject.of());
            return signed(person, says, Set.of(pick(person.state().devices())), true);
        }

        private void put(Person person) {
            List<String> own = names.live().stream().filter(handle -> person.bindings.containsKey(handle)).toList();
            if (own.isEmpty() && chance(80)) {
                register(person);
                return;
            }
            String handle = own.isEmpty() || chance(8) ? handle() : pick(own);
            int what = random.nextInt(10);
            Binding.State state = what < 7
                    ? Binding.State.ACTIVE
                    : what < 9 ? Binding.State.MOVED : Binding.State.RELEASED;
            Signed<Binding> binding = binding(person, handle, state);
            String at = chance(97) ? handle : handle();
            long seq = chance(97) ? binding.says().seq() : binding.says().seq() + 1;
            send(new Sent(pick(List.of(Policy.values())), new Request.Put(account(pick(chance(85)
                    ? List.of(person)
                    : people)), at, seq, binding), "put: " + binding.says().state().wireName()));
        }

        private Account account(Person person) {
            return new Account(person.user, chance(95));
        }

        // --- registrations

        private ProofOfPossession.Nonce challenge(Person person) {
            JsonObject answer = anyServer().send("POST", CHALLENGES, NamesScene.token(person.user), "{}").is(201);
            String nonce = answer.string("nonce").orElseThrow();
            names.challenge(person.user, nonce);
            told.add(person.user + " is challenged");
            return new ProofOfPossession.Nonce(nonce);
        }

        private ProofOfPossession.Nonce nonce(Person person) {
            if (chance(94) || person.nonces.isEmpty()) {
                ProofOfPossession.Nonce nonce = challenge(person);
                person.nonces.add(nonce);
                return nonce;
            }
            Person whose = pick(chance(50) ? people : List.of(person));
            return whose.nonces.isEmpty() || chance(20)
                    ? ProofOfPossession.Nonce.generate(CHANCE)
                    : pick(whose.nonces);
        }

        private void register(Person person) {
            if (chance(10)) {
                // An operation that no server has seen yet comes with the registration.
                Signed<Operation> operation = operation(person, person.chain);
                List<Signed<Operation>> longer = new ArrayList<>(person.chain);
                longer.add(operation);
                if (isChain(longer)) {
                    person.chain.add(operation);
                }
            }
            Policy policy = pick(List.of(Policy.values()));
            List<String> gone = person.bindings.keySet().stream().filter(name -> !names.live().contains(name)).toList();
            String handle = gone.isEmpty() || chance(50) ? handle() : pick(gone);
            if (policy == Policy.HOMESERVER && chance(70)) {
                handle = person.user.substring(1, person.user.indexOf(':')) + "@" + pick(NaiveNames.DOMAINS);
            }
            Signed<Binding> binding = binding(person, handle,
                    chance(97) ? Binding.State.ACTIVE : Binding.State.RELEASED);
            String kind = binding.says().seq() == 0 ? "register" : "register again";
            send(new Sent(policy, new Request.Register(account(chance(96) ? person : pick(people)), shown(person),
                    binding, proof(person, binding), code(policy)), kind + " (" + policy + ")"));
        }

        private static boolean isChain(List<Signed<Operation>> chain) {
            try {
                return NaiveNames.states(chain).size() == chain.size();
            } catch (RuntimeException refused) {
                return false;
            }
        }

        private List<Signed<Operation>> shown(Person person) {
            List<Signed<Operation>> chain = person.chain;
            int size = chain.size();
            return switch (random.nextInt(20)) {
                case 0 -> List.of();
                case 1, 2 -> List.copyOf(chain.subList(random.nextInt(size), size));
                case 3 -> List.copyOf(chain.subList(0, 1 + random.nextInt(size)));
                case 4 -> List.copyOf(pick(people).chain);
                case 5 -> {
                    List<Signed<Operation>> forked = new ArrayList<>(chain.subList(0, 1 + random.nextInt(size)));
                    forked.add(operation(person, List.copyOf(forked)));
                    yield forked;
                }
                default -> List.copyOf(chain);
            };
        }

        private Signed<ProofOfPossession> right(Person person, Signed<Binding> binding) {
            ProofOfPossession says = new ProofOfPossession(new ProofOfPossession.Request(NamesScene.URL,
                    challenge(person), binding.jws().opId(), ProofOfPossession.Method.POST,
                    NamesScene.URL + BINDINGS), now());
            return new Signed<>(says.sign(person.key(binding.signers().iterator().next())), says,
                    binding.signers(), true);
        }

        private Signed<ProofOfPossession> proof(Person person, Signed<Binding> binding) {
            ProofOfPossession.Nonce nonce = nonce(person);
            String audience = NamesScene.URL;
            String uri = NamesScene.URL + BINDINGS;
            ProofOfPossession.Method method = ProofOfPossession.Method.POST;
            OpId name = binding.jws().opId();
            long iat = now();
            Set<String> keys = new LinkedHashSet<>(Set.of(binding.signers().iterator().next()));
            boolean valid = true;
            switch (random.nextInt(60)) {
                case 0 -> audience = "https://ns.example.net";
                case 1 -> uri = NamesScene.URL + "/other";
                case 2 -> method = ProofOfPossession.Method.PUT;
                case 3 -> name = someName();
                case 4 -> iat += pick(List.of(-300L, 300L));
                case 5 -> iat += pick(List.of(-301L, 301L));
                case 6 -> keys = Set.of(key(person).key().x());
                case 7 -> keys.add(key(person).key().x());
                case 8 -> valid = false;
                default -> {
                    // As it should be.
                }
            }
            ProofOfPossession says = new ProofOfPossession(
                    new ProofOfPossession.Request(audience, nonce, name, method, uri), iat);
            Jws jws = says.sign(person.key(keys.iterator().next()));
            for (String more : keys.stream().skip(1).toList()) {
                jws = jws.signedBy(person.key(more));
            }
            return new Signed<>(valid ? jws : spoiled(jws), says, keys, valid);
        }

        private Optional<String> code(Policy policy) {
            if (policy != Policy.INVITE) {
                return chance(95) ? Optional.empty() : Optional.of("of-no-use");
            }
            if (chance(15)) {
                return chance(30) ? Optional.empty() : Optional.of(codes.isEmpty() || chance(30) ? "x" : pick(codes));
            }
            try (Connection connection = scene.connection()) {
                String code = InviteCodes.create(connection, CHANCE);
                // The command goes by the database's clock, from which ours goes astray.
                scene.sql().sql("UPDATE names.invite SET expires_at = 'infinity'").update();
                codes.add(code);
                names.invite(code);
                return Optional.of(code);
            } catch (SQLException e) {
                throw new IllegalStateException(e);
            }
        }

        // --- sending

        private void repeat() {
            if (!sent.isEmpty()) {
                Sent again = pick(sent);
                send(new Sent(again.policy(), again.request(), "repeated"));
            }
        }

        private void send(Sent one) {
            Answer answer = answer(one);
            Expected expected = names.ask(one.request(), one.policy());
            told.add(one.kind() + " at " + scene.clock().instant() + ": " + describe(one.request()) + " -> "
                    + answer.status() + " " + code(answer) + "; expected " + expected.status() + " "
                    + expected.code());
            assertThat(answer.status() + " " + code(answer)).isEqualTo(expected.status() + " " + expected.code());
            expected.seq().ifPresent(seq -> assertThat(answer.json().integer("seq")).contains(seq));
            expected.head().ifPresent(head -> assertThat(answer.json().string("head")).contains(head));
            count(one.kind(), expected.accepted());
            if (!one.kind().equals("repeated")) {
                sent.add(one);
                prove(one.request());
            }
            if (expected.accepted()) {
                keep(one.request());
            }
        }

        private void prove(Request request) {
            if (request instanceof Request.Register(_, _, var binding, var proof, _)) {
                JwsKey signer = JwsKey.parse(binding.signers().iterator().next()).orElseThrow();
                vectors.proof(proof.jws(), signer, new ProofOfPossession.Request(NamesScene.URL,
                        proof.says().request().nonce(), binding.jws().opId(), ProofOfPossession.Method.POST,
                        NamesScene.URL + BINDINGS));
            }
        }

        private Answer answer(Sent one) {
            NamesServer server = server(one.policy());
            return switch (one.request()) {
                case Request.Register request -> {
                    JsonObject body = JsonObject.builder()
                            .put("identity", JsonArray.of(request.shown()
                                    .stream()
                                    .<Json>map(operation -> operation.jws().toJson())
                                    .toList()))
                            .put("binding", request.binding().jws().toJson())
                            .put("pop", request.proof().jws().toJson())
                            .build();
                    yield server.post(BINDINGS, token(request.account()), request.invite()
                            .map(code -> body.with("invite", new JsonString(code)))
                            .orElse(body));
                }
                case Request.Put request -> server.put(BINDINGS + "/" + request.handle() + "/" + request.seq(),
                        token(request.account()), request.binding().jws().toJson());
                case Request.Append request -> server.put(IDENTITIES + request.id() + "/ops/" + request.seq(),
                        token(request.account()), request.operation().jws().toJson());
            };
        }

        private static String token(Account account) {
            return account.terms() ? NamesScene.token(account.user()) : NamesScene.unsignedToken(account.user());
        }

        private static String code(Answer answer) {
            return answer.status() < 400
                    ? ""
                    : answer.json().string("code").or(() -> answer.json().string("errcode")).orElse("no code");
        }

        private static String describe(Request request) {
            return switch (request) {
                case Request.Register register -> register.account() + " " + register.shown().size() + " operations, "
                        + register.binding().says();
                case Request.Put put -> put.account() + " " + put.handle() + " " + put.seq() + " "
                        + put.binding().says();
                case Request.Append append -> append.account() + " " + append.id() + " " + append.seq() + " "
                        + append.operation().says();
            };
        }

        /** What their client keeps of what was taken. */
        private void keep(Request request) {
            switch (request) {
                case Request.Register register -> {
                    keep(register.binding());
                    look(register.binding().says().handle().toString());
                }
                case Request.Put put -> {
                    keep(put.binding());
                    look(put.handle());
                }
                case Request.Append append -> {
                    for (Person person : people) {
                        if (person.id().value().equals(append.id()) && append.seq() == person.chain.size()) {
                            person.chain.add(append.operation());
                        }
                    }
                    lookAtChain(append.id());
                }
            }
        }

        private void keep(Signed<Binding> binding) {
            for (Person person : people) {
                if (person.id().equals(binding.says().id())) {
                    List<Signed<Binding>> own = person.bindings.computeIfAbsent(binding.says().handle().toString(),
                            _ -> new ArrayList<>());
                    if (own.stream().noneMatch(known -> known.name().equals(binding.name()))) {
                        own.add(binding);
                    }
                    List<Signed<Operation>> kept = names.chain(person.id().value());
                    if (kept.size() > person.chain.size()) {
                        person.chain.clear();
                        person.chain.addAll(kept);
                    }
                }
            }
        }

        // --- what happens besides

        private void move() {
            boolean far = chance(50);
            scene.clock().move(far ? Duration.ofDays(pick(DAYS)) : Duration.ofSeconds(pick(SECONDS)));
            names.setTime(scene.clock().instant());
            told.add("it is " + scene.clock().instant());
            // They come late at times, but never by a year.
            if (chance(50) || Duration.between(lastJobs, scene.clock().instant()).toDays() > 200) {
                jobs();
            }
        }

        private void jobs() {
            NamesServer server = anyServer();
            server.part(HandleLife.class).goOn();
            server.part(Challenges.class).deleteExpired();
            names.runJobs();
            lastJobs = scene.clock().instant();
            told.add("the jobs run");
        }

        private void suspend() {
            if (!names.live().isEmpty()) {
                String handle = pick(names.live());
                boolean suspended = !names.held(handle).suspended;
                try (Connection connection = scene.connection()) {
                    assertThat(HandleSuspension.set(connection, Handle.of(handle), suspended)).isTrue();
                } catch (SQLException e) {
                    throw new IllegalStateException(e);
                }
                names.suspend(handle, suspended);
                told.add(handle + (suspended ? " is suspended" : " is no longer suspended"));
                look(handle);
            }
        }

        private void end(Person person) {
            scene.clock().move(Duration.ofSeconds(1));
            names.setTime(scene.clock().instant());
            boolean erased = chance(40);
            anyServer().part(Holdings.class)
                    .end(UserId.of(person.user), erased ? Ending.ERASED : Ending.WITHDRAWN, scene.clock().instant());
            told.add(person.user + (erased ? " is erased" : " withdraws"));
            if (erased) {
                names.erase(person.user, scene.clock().instant());
            } else {
                names.withdraw(person.user, scene.clock().instant());
            }
        }

        // --- reading

        private void look(String handle) {
            NaiveNames.Resolved expected = names.resolve(handle);
            Answer answer = anyServer().get(HANDLES + handle);
            told.add("look at " + handle + " -> " + answer.status() + "; expected " + expected);
            count("look", expected.status() == 200);
            if (expected.status() != 200) {
                boolean suspended = List.of("operator", "withdrawn").contains(expected.word());
                answer.refuses(expected.status(), suspended ? "HANDLE_SUSPENDED" : expected.word());
                if (!suspended) {
                    return;
                }
                assertThat(answer.json().string("reason")).contains(expected.word());
            }
            if (expected.status() != 200) {
                vectors.status(answer.json().object("signed_status").orElseThrow(), statusKeys);
            }
            NaiveNames.Held held = names.held(handle);
            List<Signed<Operation>> chain = names.chain(held.id);
            long hour = now() - now() % 3_600;
            assertThat(answer.signedStatus()).isEqualTo(JsonObject.builder()
                    .put("t", "signet.status.v1")
                    .put("h", handle)
                    .put("id", held.id)
                    .put("seq", held.last.says().seq())
                    .put("op_id", held.last.name())
                    .put("head", chain.getLast().name())
                    .put("st", expected.status() == 200 ? expected.word() : "suspended")
                    .put("iat", hour)
                    .put("exp", hour + 86_400)
                    .build());
            if (expected.status() == 200) {
                vectors.bundle(answer.json(), statusKeys);
                assertThat(answer.json().object("binding")).contains(held.last.jws().toJson());
                assertThat(answer.json().array("identity").orElseThrow().items()).isEqualTo(envelopes(chain));
            }
        }

        private void lookAtChain(String id) {
            List<Signed<Operation>> chain = names.chain(id);
            Answer answer = anyServer().get(IDENTITIES + id);
            if (chain.isEmpty()) {
                answer.refuses(404, "NOT_FOUND");
                return;
            }
            assertThat(answer.is(200).integer("seq")).contains(chain.size() - 1L);
            assertThat(answer.json().string("head")).contains(chain.getLast().name());
            assertThat(answer.json().array("operations").orElseThrow().items()).isEqualTo(envelopes(chain));
        }

        private static List<Json> envelopes(List<Signed<Operation>> chain) {
            return chain.stream().<Json>map(operation -> operation.jws().toJson()).toList();
        }
    }
}
