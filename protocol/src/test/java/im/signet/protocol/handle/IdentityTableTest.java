package im.signet.protocol.handle;

import im.signet.protocol.handle.NaiveTable.Attempt;
import im.signet.protocol.handle.NaiveTable.Lists;
import im.signet.protocol.json.Json;
import im.signet.protocol.json.JsonArray;
import im.signet.protocol.json.JsonObject;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** Random operations, allowed and not, beside {@link NaiveTable}: both decide each alike, and each row a thousand times either way. */
class IdentityTableTest {
    private static final int ENOUGH = 1_000;
    private static final List<String> ROWS = List.of("genesis", "add", "revoke junior", "revoke senior", "reorder",
            "replace recovery", "recover", "home", "deactivate");
    private static final List<String> HOMES = List.of("example.org", "other.example", "xn--bcher-kva.example");
    private static final int KEYS = 300;
    private static final int RECORDED = 60;

    private final Random random = new Random(20261121);
    private final Map<String, JwsSigner> signers = new HashMap<>();
    private final Map<String, Integer> accepted = new HashMap<>();
    private final Map<String, Integer> refused = new HashMap<>();
    private final Set<Reason> reasons = new HashSet<>();
    private final VectorFile recorded = new VectorFile(
            "Random operations, one after the other; those refused change nothing.");
    private final List<Json> steps = new ArrayList<>();
    private NaiveTable table;
    private Identity identity;
    private int nextKey;

    IdentityTableTest() {
        for (int i = 0; i < KEYS; i++) {
            signers.put("k" + i, Forge.key("k" + i));
        }
        begin();
    }

    @Test
    void decidesAsTheTableDoes() throws IOException {
        int chains = 0;
        while (!ROWS.stream().allMatch(row -> count(accepted, row) >= ENOUGH && count(refused, row) >= ENOUGH)) {
            chains++;
            assertThat(chains).as("accepted %s, refused %s", accepted, refused).isLessThan(3_000);
            begin();
            for (int count = 0; count < 40 && !table.ended() && nextKey < KEYS - 20; count++) {
                attempt(wanted());
            }
            attempt("deactivate");
            attempt(ROWS.get(1 + random.nextInt(ROWS.size() - 1)));
            record(chains);
        }
        Files.writeString(Files.createDirectories(Path.of("target/handle-vectors")).resolve("steps-random.json"),
                recorded.text());

        assertThat(chains).isGreaterThan(100);
        assertThat(reasons).contains(Reason.DEACTIVATED, Reason.NO_CHANGE, Reason.MIXED_CHANGES, Reason.KEY_REUSED,
                Reason.WRONG_REVOKED, Reason.WRONG_EPOCH, Reason.UNKNOWN_SIGNER, Reason.MISSING_SIGNATURE,
                Reason.NO_AUTHORITY, Reason.SUPERFLUOUS_SIGNATURE, Reason.NEEDS_RECOVERY_KEY, Reason.JUNIOR_SIGNER,
                Reason.LOWER_PRIORITY, Reason.BAD_SIGNATURE);
    }

    /** Leaves what was decided of one of the first chains for the other implementation to decide. */
    private void record(int chain) {
        if (chain <= RECORDED) {
            recorded.add("steps-" + chain,
                    JsonObject.builder().put("verdict", "VALID").put("steps", JsonArray.of(steps)));
        }
    }

    /** Begins a chain, after some that are none. */
    private void begin() {
        steps.clear();
        while (true) {
            nextKey = 0;
            Lists lists = new Lists(HOMES.get(0), fresh(1 + random.nextInt(3)), fresh(1));
            Set<String> by = new LinkedHashSet<>(lists.recovery());
            by.addAll(lists.devices());
            if (random.nextBoolean()) {
                disturb(by, new Lists(HOMES.get(0), lists.recovery(), fresh(3)));
            }
            Operation genesis = Operation.genesis(HandleDomain.of(lists.home()), keys(lists.recovery()),
                    key(lists.devices().get(0)), Forge.rnd("t" + random.nextInt()), 1);
            Jws jws = sign(genesis, by);
            Verdict<Identity> verdict = Identity.genesis(jws);
            step(jws, verdict);
            tally("genesis", verdict, NaiveTable.allowsGenesis(lists, by));
            if (verdict.isValid()) {
                identity = verdict.orElseThrow();
                table = new NaiveTable(lists);
                return;
            }
        }
    }

    /** Returns a row that has not been decided often enough, once there are devices to decide about. */
    private String wanted() {
        List<String> rows = new ArrayList<>(ROWS.subList(1, ROWS.size() - 1));
        Collections.shuffle(rows, random);
        if (table.now().devices().size() < 3) {
            return random.nextInt(3) == 0 ? rows.get(0) : "add";
        }
        return rows.stream()
                .filter(row -> count(accepted, row) < ENOUGH || count(refused, row) < ENOUGH)
                .findFirst()
                .orElse(rows.get(0));
    }

    private void attempt(String row) {
        Lists before = table.now();
        Lists after = after(row, before);
        String op = row.equals("recover") || row.equals("deactivate") ? row : "update";
        int epoch = table.epoch() + (row.equals("recover") || row.equals("replace recovery") ? 1 : 0);
        Set<String> by = signersFor(row, before, after);
        List<String> revoked = gone(before, after);
        boolean forged = false;
        if (random.nextInt(3) > 0) {
            switch (random.nextInt(10)) {
                case 0 -> epoch += random.nextInt(3) - 1;
                case 1 -> op = List.of("update", "recover", "deactivate").get(random.nextInt(3));
                case 2 -> after = new Lists(HOMES.get(random.nextInt(3)), after.recovery(), after.devices());
                case 3 -> after = after(ROWS.get(1 + random.nextInt(ROWS.size() - 1)), after);
                case 4 -> revoked = shaken(revoked, before);
                case 5 -> forged = true;
                default -> disturb(by, before);
            }
            revoked = random.nextInt(8) == 0
                    ? revoked
                    : gone(before, after).size() == revoked.size()
                            ? revoked
                            : gone(before, after);
        }
        epoch = Math.max(0, epoch);
        if (hasDuplicates(after) || after.devices().size() > 16 || after.recovery().size() > 3 || by.isEmpty()) {
            return;
        }
        Attempt attempt = new Attempt(op, after, epoch, revoked, by);
        Operation operation = new Operation(Operation.Kind.valueOf(op.toUpperCase(Locale.ROOT)),
                Optional.of(identity.id()), HandleDomain.of(after.home()), identity.seq() + 1,
                Optional.of(identity.head()), epoch, 1, Optional.empty(), keys(after.recovery()), keys(after.devices()),
                revoked.stream().map(name -> new Revocation(key(name).thumbprint(), Revocation.Why.LOST)).toList());
        Jws jws = sign(operation, by);
        if (forged) {
            String text = jws.toText();
            int at = text.lastIndexOf("\"signature\":\"") + 13;
            jws = Jws.parse(text.substring(0, at) + (text.charAt(at) == 'A' ? 'B' : 'A') + text.substring(at + 1))
                    .orElseThrow();
        }
        Verdict<Identity> verdict = identity.apply(jws);
        step(jws, verdict);
        tally(row, verdict, !forged && table.apply(attempt));
        if (verdict.isValid()) {
            identity = verdict.orElseThrow();
            assertThat(identity.devices()).isEqualTo(keys(after.devices()));
            assertThat(identity.recovery()).isEqualTo(keys(after.recovery()));
        }
    }

    private void step(Jws jws, Verdict<Identity> verdict) {
        steps.add(JsonObject.builder()
                .put("verdict", VectorFile.verdict(verdict.reason()))
                .put("operation", jws.toText())
                .build());
    }

    private void tally(String row, Verdict<Identity> verdict, boolean expected) {
        verdict.reason().ifPresent(reasons::add);
        assertThat(verdict.isValid()).as("%s: %s", row, verdict.reason()).isEqualTo(expected);
        (expected ? accepted : refused).merge(row, 1, Integer::sum);
    }

    /** Returns lists as a row would leave them, or nearly so. */
    private Lists after(String row, Lists before) {
        List<String> devices = new ArrayList<>(before.devices());
        List<String> recovery = new ArrayList<>(before.recovery());
        String home = before.home();
        switch (row) {
            case "add" -> devices.add(random.nextInt(12) == 0 ? random.nextInt(devices.size()) : devices.size(),
                    key());
            case "revoke junior", "revoke senior" -> {
                for (int i = random.nextInt(3); i >= 0 && devices.size() > 1; i--) {
                    devices.remove(random.nextInt(devices.size()));
                }
            }
            case "reorder" -> Collections.shuffle(devices, random);
            case "replace recovery" -> {
                int at = random.nextInt(recovery.size());
                switch (random.nextInt(5)) {
                    case 0 -> recovery.remove(at);
                    case 1 -> recovery.add(key());
                    case 2 -> Collections.shuffle(recovery, random);
                    default -> recovery.set(at, key());
                }
                if (recovery.isEmpty()) {
                    recovery.add(key());
                }
            }
            case "recover" -> {
                devices.removeIf(device -> random.nextInt(4) > 0);
                for (int i = random.nextInt(3); i >= 0; i--) {
                    devices.add(random.nextInt(devices.size() + 1), key());
                }
            }
            case "home" -> home = HOMES.get((HOMES.indexOf(home) + 1 + random.nextInt(2)) % HOMES.size());
            default -> {
                // Nothing changes.
            }
        }
        return new Lists(home, recovery, devices);
    }

    private Set<String> signersFor(String row, Lists before, Lists after) {
        Set<String> by = new LinkedHashSet<>();
        for (String name : listed(after)) {
            if (!listed(before).contains(name)) {
                by.add(name);
            }
        }
        boolean byDevice = row.equals("add") ? random.nextBoolean() : row.equals("revoke junior");
        if (byDevice) {
            // Most often one that is senior enough.
            int until = random.nextInt(4) == 0 ? before.devices().size() : firstGone(before, after);
            by.add(before.devices().get(random.nextInt(until)));
        } else {
            int until = row.equals("replace recovery") && random.nextInt(4) > 0
                    ? Math.min(before.recovery().size(), 1 + firstDifference(before.recovery(), after.recovery()))
                    : before.recovery().size();
            by.add(before.recovery().get(random.nextInt(until)));
        }
        return by;
    }

    /** Adds, takes or exchanges a signer. */
    private void disturb(Set<String> by, Lists others) {
        List<String> all = new ArrayList<>(by);
        String one = all.get(random.nextInt(all.size()));
        String other = random.nextInt(6) == 0
                ? "k" + (KEYS - 1 - random.nextInt(5))
                : listed(others).get(random.nextInt(listed(others).size()));
        switch (random.nextInt(3)) {
            case 0 -> by.remove(one);
            case 1 -> by.add(other);
            default -> {
                by.remove(one);
                by.add(other);
            }
        }
        if (by.isEmpty()) {
            by.add(other);
        }
    }

    private List<String> shaken(List<String> revoked, Lists before) {
        List<String> shaken = new ArrayList<>(revoked);
        switch (random.nextInt(3)) {
            case 0 -> shaken.add(listed(before).get(random.nextInt(listed(before).size())));
            case 1 -> Collections.shuffle(shaken, random);
            default -> shaken.clear();
        }
        return shaken;
    }

    /** Returns a key that the chain has not listed, or one that it may have. */
    private String key() {
        if (nextKey > 4 && random.nextInt(15) == 0) {
            return "k" + random.nextInt(nextKey);
        }
        return "k" + nextKey++;
    }

    private List<String> fresh(int count) {
        List<String> names = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            names.add("k" + nextKey++);
        }
        return names;
    }

    private Jws sign(Operation operation, Set<String> by) {
        return operation.sign(by.stream().map(this::signer).toArray(JwsSigner[]::new));
    }

    private JwsSigner signer(String name) {
        return Optional.ofNullable(signers.get(name)).orElseThrow();
    }

    private JwsKey key(String name) {
        return signer(name).key();
    }

    private List<JwsKey> keys(List<String> names) {
        return names.stream().map(this::key).toList();
    }

    private static List<String> listed(Lists lists) {
        List<String> listed = new ArrayList<>(lists.recovery());
        listed.addAll(lists.devices());
        return listed;
    }

    private static List<String> gone(Lists before, Lists after) {
        return listed(before).stream().filter(name -> !listed(after).contains(name)).toList();
    }

    private static int firstGone(Lists before, Lists after) {
        int at = 0;
        while (at < before.devices().size() && after.devices().contains(before.devices().get(at))) {
            at++;
        }
        return Math.min(at + 1, before.devices().size());
    }

    private static int firstDifference(List<String> one, List<String> other) {
        int at = 0;
        while (at < Math.min(one.size(), other.size()) && one.get(at).equals(other.get(at))) {
            at++;
        }
        return at;
    }

    private static boolean hasDuplicates(Lists lists) {
        return new HashSet<>(listed(lists)).size() < listed(lists).size();
    }

    private static int count(Map<String, Integer> counts, String row) {
        return counts.getOrDefault(row, 0);
    }
}
