package im.signet.protocol.handle;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BiPredicate;
import java.util.function.Function;

/**
 * The table of {@code docs/spec/handles.md}, section 4, said once more and otherwise: keys are names, a row is a shape and
 * the list of all sets of signatures that it takes. An operation is allowed when some row has its shape and its signatures.
 */
final class NaiveTable {
    /** What stands after an operation. */
    record Lists(String home, List<String> recovery, List<String> devices) {}

    /** An operation, as its words say it. */
    record Attempt(String op, Lists after, int epoch, List<String> revoked, Set<String> signers) {}

    private record Row(String name, String op, int epochs, BiPredicate<Lists, Lists> shape, SignatureSets signatures) {}

    @FunctionalInterface
    private interface SignatureSets {
        List<Set<String>> of(Lists before, Lists after);
    }

    private static final List<Row> ROWS = List.of(
            new Row("add", "update", 0, NaiveTable::isOneMore, NaiveTable::anybodyAndTheNewOne),
            new Row("revoke oneself or juniors", "update", 0, NaiveTable::isFewer, NaiveTable::aSeniorOfAllThatGo),
            new Row("revoke any", "update", 0, NaiveTable::isFewer, NaiveTable::anyRecoveryKey),
            new Row("reorder", "update", 0, NaiveTable::isReordered, NaiveTable::anyRecoveryKey),
            new Row("replace recovery keys", "update", 1, NaiveTable::isOtherRecovery, NaiveTable::aHigherRecoveryKey),
            new Row("recover", "recover", 1, NaiveTable::isOtherDevices, NaiveTable::anyRecoveryKeyAndNewDevices),
            new Row("change home", "update", 0, NaiveTable::isOtherHome, NaiveTable::anyRecoveryKey),
            new Row("deactivate", "deactivate", 0, Lists::equals, NaiveTable::anyRecoveryKey));

    private Lists now;
    private int epoch;
    private boolean ended;
    private int byDevices;
    private int byRecoveryKeys;
    private final Set<String> everListed = new HashSet<>();

    NaiveTable(Lists genesis) {
        now = genesis;
        everListed.addAll(genesis.recovery());
        everListed.addAll(genesis.devices());
    }

    /** Returns whether a chain can begin so, with those signatures. */
    static boolean allowsGenesis(Lists genesis, Set<String> signers) {
        Set<String> listed = new HashSet<>(genesis.recovery());
        listed.addAll(genesis.devices());
        return genesis.devices().size() == 1 && signers.equals(listed);
    }

    Lists now() {
        return now;
    }

    int epoch() {
        return epoch;
    }

    boolean ended() {
        return ended;
    }

    /** Returns whether the chain goes on so, and goes on if it does. */
    boolean apply(Attempt attempt) {
        if (ended || !isAllowedByARow(attempt) || bringsBackAKey(attempt) || !saysWhatGoes(attempt)) {
            return false;
        }
        boolean byDevice = attempt.signers().stream().anyMatch(now.devices()::contains);
        if (byDevice ? byDevices == 1_000 : byRecoveryKeys == 200 && !attempt.op().equals("deactivate")) {
            return false;
        }
        byDevices += byDevice ? 1 : 0;
        byRecoveryKeys += byDevice ? 0 : 1;
        ended = attempt.op().equals("deactivate");
        epoch = attempt.epoch();
        now = attempt.after();
        everListed.addAll(now.recovery());
        everListed.addAll(now.devices());
        return true;
    }

    private boolean isAllowedByARow(Attempt attempt) {
        for (Row row : ROWS) {
            if (row.op().equals(attempt.op()) && epoch + row.epochs() == attempt.epoch()
                    && row.shape().test(now, attempt.after())
                    && row.signatures().of(now, attempt.after()).contains(attempt.signers())) {
                return true;
            }
        }
        return false;
    }

    private boolean bringsBackAKey(Attempt attempt) {
        for (String key : both(attempt.after())) {
            if (!both(now).contains(key) && everListed.contains(key)) {
                return true;
            }
        }
        return false;
    }

    private boolean saysWhatGoes(Attempt attempt) {
        List<String> gone = new ArrayList<>();
        for (String key : both(now)) {
            if (!both(attempt.after()).contains(key)) {
                gone.add(key);
            }
        }
        return gone.equals(attempt.revoked());
    }

    // --- the shapes

    private static boolean isOneMore(Lists before, Lists after) {
        return sameHome(before, after) && sameRecovery(before, after)
                && after.devices().size() == before.devices().size() + 1
                && after.devices().subList(0, before.devices().size()).equals(before.devices());
    }

    private static boolean isFewer(Lists before, Lists after) {
        List<String> kept = new ArrayList<>();
        for (String device : before.devices()) {
            if (after.devices().contains(device)) {
                kept.add(device);
            }
        }
        return sameHome(before, after) && sameRecovery(before, after) && kept.equals(after.devices())
                && kept.size() < before.devices().size();
    }

    private static boolean isReordered(Lists before, Lists after) {
        List<String> one = new ArrayList<>(before.devices());
        List<String> other = new ArrayList<>(after.devices());
        one.sort(null);
        other.sort(null);
        return sameHome(before, after) && sameRecovery(before, after) && one.equals(other)
                && !before.devices().equals(after.devices());
    }

    private static boolean isOtherRecovery(Lists before, Lists after) {
        return sameHome(before, after) && before.devices().equals(after.devices()) && !sameRecovery(before, after);
    }

    private static boolean isOtherDevices(Lists before, Lists after) {
        return sameHome(before, after) && sameRecovery(before, after) && !before.devices().equals(after.devices());
    }

    private static boolean isOtherHome(Lists before, Lists after) {
        return !sameHome(before, after) && sameRecovery(before, after) && before.devices().equals(after.devices());
    }

    private static boolean sameHome(Lists before, Lists after) {
        return before.home().equals(after.home());
    }

    private static boolean sameRecovery(Lists before, Lists after) {
        return before.recovery().equals(after.recovery());
    }

    // --- the signatures

    private static List<Set<String>> anybodyAndTheNewOne(Lists before, Lists after) {
        String added = after.devices().get(after.devices().size() - 1);
        return sets(both(before), key -> List.of(added));
    }

    private static List<Set<String>> aSeniorOfAllThatGo(Lists before, Lists after) {
        List<Set<String>> sets = new ArrayList<>();
        for (String device : before.devices()) {
            sets.add(Set.of(device));
            if (!after.devices().contains(device)) {
                return sets;
            }
        }
        throw new IllegalStateException("nobody goes");
    }

    private static List<Set<String>> anyRecoveryKey(Lists before, Lists after) {
        return sets(before.recovery(), key -> List.of());
    }

    private static List<Set<String>> anyRecoveryKeyAndNewDevices(Lists before, Lists after) {
        return sets(before.recovery(), key -> fresh(before.devices(), after.devices()));
    }

    private static List<Set<String>> aHigherRecoveryKey(Lists before, Lists after) {
        List<Set<String>> sets = new ArrayList<>();
        for (int i = 0; i < before.recovery().size(); i++) {
            Set<String> signers = new HashSet<>(fresh(before.recovery(), after.recovery()));
            signers.add(before.recovery().get(i));
            sets.add(signers);
            boolean changesHere = i >= after.recovery().size()
                    || !after.recovery().get(i).equals(before.recovery().get(i));
            if (changesHere) {
                break;
            }
        }
        return sets;
    }

    private static List<Set<String>> sets(List<String> one, Function<String, List<String>> others) {
        List<Set<String>> sets = new ArrayList<>();
        for (String key : one) {
            Set<String> signers = new HashSet<>(others.apply(key));
            signers.add(key);
            sets.add(signers);
        }
        return sets;
    }

    private static List<String> fresh(List<String> before, List<String> after) {
        List<String> fresh = new ArrayList<>();
        for (String key : after) {
            if (!before.contains(key)) {
                fresh.add(key);
            }
        }
        return fresh;
    }

    private static List<String> both(Lists lists) {
        List<String> both = new ArrayList<>(lists.recovery());
        both.addAll(lists.devices());
        return both;
    }
}
