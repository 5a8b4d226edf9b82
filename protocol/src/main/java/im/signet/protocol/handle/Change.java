package im.signet.protocol.handle;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The one change that an operation makes to the state before it: a row of the table in {@code docs/spec/handles.md},
 * section 4.4.
 *
 * @param row     which row
 * @param added   the keys that are listed after and were not before, in order
 * @param removed the keys that were listed before and are not after, in order
 */
record Change(Row row, List<JwsKey> added, List<JwsKey> removed) {
    enum Row {
        ADD_DEVICE, REVOKE_DEVICES, REORDER_DEVICES, REPLACE_RECOVERY, RECOVER, CHANGE_HOME, DEACTIVATE;

        /** Returns whether the epoch counts it. */
        boolean beginsEpoch() {
            return this == REPLACE_RECOVERY || this == RECOVER;
        }
    }

    /** Returns the change from {@code before} to what {@code operation}, which is not genesis, lists. */
    static Change between(Operation before, Operation operation) throws Refusal {
        boolean home = !operation.home().equals(before.home());
        boolean recovery = !operation.recovery().equals(before.recovery());
        boolean devices = !operation.devices().equals(before.devices());
        if (operation.kind() == Operation.Kind.DEACTIVATE) {
            Refusal.when(home || recovery || devices, Reason.MIXED_CHANGES);
            return new Change(Row.DEACTIVATE, List.of(), List.of());
        }
        Refusal.when(!home && !recovery && !devices, Reason.NO_CHANGE);
        Refusal.when(home ? recovery || devices : recovery && devices, Reason.MIXED_CHANGES);
        if (operation.kind() == Operation.Kind.RECOVER) {
            Refusal.when(!devices, Reason.MIXED_CHANGES);
            return of(Row.RECOVER, before.devices(), operation.devices());
        }
        if (home) {
            return new Change(Row.CHANGE_HOME, List.of(), List.of());
        }
        return recovery
                ? of(Row.REPLACE_RECOVERY, before.recovery(), operation.recovery())
                : ofDevices(before.devices(), operation.devices());
    }

    /** Returns the first position at which the two lists differ. */
    static int firstDifference(List<JwsKey> before, List<JwsKey> after) {
        int shorter = Math.min(before.size(), after.size());
        for (int i = 0; i < shorter; i++) {
            if (!before.get(i).equals(after.get(i))) {
                return i;
            }
        }
        return shorter;
    }

    private static Change ofDevices(List<JwsKey> before, List<JwsKey> after) throws Refusal {
        Change change = of(Row.REORDER_DEVICES, before, after);
        if (change.added.isEmpty() && change.removed.isEmpty()) {
            return change;
        }
        if (change.added.isEmpty()) {
            Refusal.when(!without(before, change.removed).equals(after), Reason.MIXED_CHANGES);
            return new Change(Row.REVOKE_DEVICES, change.added, change.removed);
        }
        boolean oneAtTheEnd = change.added.size() == 1 && after.size() == before.size() + 1
                && firstDifference(before, after) == before.size();
        Refusal.when(!oneAtTheEnd, Reason.MIXED_CHANGES);
        return new Change(Row.ADD_DEVICE, change.added, change.removed);
    }

    private static Change of(Row row, List<JwsKey> before, List<JwsKey> after) {
        return new Change(row, without(after, before), without(before, after));
    }

    /** Returns {@code keys} but those of {@code others}, in order. */
    private static List<JwsKey> without(List<JwsKey> keys, List<JwsKey> others) {
        Set<JwsKey> gone = new HashSet<>(others);
        List<JwsKey> rest = new ArrayList<>(keys);
        rest.removeIf(gone::contains);
        return rest;
    }
}
