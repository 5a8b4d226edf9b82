package im.signet.bench.faults;

import im.signet.bench.faults.Key.Kind;
import im.signet.bench.faults.Ledger.Expected;
import im.signet.bench.faults.Violation.What;
import im.signet.protocol.json.JsonObject;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Compares a journal with what a database holds and with what arrived. */
final class Checker {

    /** Around the arrival of a mail, in which a fault may keep its sender from noting that it is sent. */
    private static final Duration BEFORE_ARRIVAL = Duration.ofSeconds(2);
    private static final Duration AFTER_ARRIVAL = Duration.ofSeconds(8);

    private final Ledger ledger;
    private final Snapshot snapshot;
    private final List<Violation> violations = new ArrayList<>();

    private Checker(Ledger ledger, Snapshot snapshot) {
        this.ledger = ledger;
        this.snapshot = snapshot;
    }

    /**
     * What the rest of the world saw.
     *
     * @param delivered the tokens of invitations that a homeserver was told
     * @param mails     all mails that arrived
     * @param over      whether all letters of the outbox were delivered, or should be
     */
    record Outside(Set<String> delivered, List<Mail> mails, boolean over) {

        /** Keeps copies. */
        Outside {
            delivered = Set.copyOf(delivered);
            mails = List.copyOf(mails);
        }
    }

    /**
     * What came of it.
     *
     * @param violations what is not as it must be
     * @param resolved   the state of what was open until now
     */
    record Result(List<Violation> violations, Map<Key, String> resolved) {}

    /** Compares them. */
    static Result check(Ledger ledger, Snapshot snapshot, Outside outside) {
        Checker checker = new Checker(ledger, snapshot);
        Map<Key, String> resolved = checker.things(outside);
        checker.unnamed();
        snapshot.halves().forEach(half -> checker.add(What.HALF_DONE, "all of it or nothing", half));
        checker.keys();
        checker.openIdTokens();
        checker.mails(outside);
        ledger.contradictions()
                .forEach(line -> checker.violations.add(new Violation(What.CONTRADICTED,
                        "an answer that fits what was acknowledged", line.string("what").orElse("?"),
                        List.of(line))));
        return new Result(List.copyOf(checker.violations), resolved);
    }

    private void add(What what, String expected, String found) {
        violations.add(Violation.of(what, expected, found));
    }

    private Map<Key, String> things(Outside outside) {
        Map<Key, String> resolved = new LinkedHashMap<>();
        ledger.things().forEach((key, expected) -> {
            String found = found(key, expected, outside);
            if (!expected.states().contains(found)) {
                violations.add(new Violation(kind(expected, found), key + ": " + String.join(" or ", expected.states()),
                        found, ledger.linesAbout(key)));
            } else if (expected.isOpen() && key.kind() != Kind.INVITATION
                    && (key.kind() == Kind.END || !ledger.userOf(key).map(ledger::mayHaveEnded).orElse(false))) {
                resolved.put(key, found);
            }
            if (key.kind() == Kind.BINDING && expected.states().equals(Set.of(Key.NONE))
                    && expected.operations().size() > 0
                    && wasDone(key, Op.UNBIND) && !snapshot.unboundAddresses().contains(key.name())) {
                violations.add(new Violation(What.HALF_DONE, "that " + key.name() + " was unbound is known",
                        "no proof of the address is remembered", ledger.linesAbout(key)));
            }
        });
        return resolved;
    }

    private boolean wasDone(Key key, Op op) {
        List<JsonObject> lines = ledger.linesAbout(key);
        for (int i = lines.size() - 1; i > 0; i--) {
            if (lines.get(i).string("is").orElse("").equals("done")) {
                return lines.get(i - 1).string("op").orElse("").equals(op.word());
            }
        }
        return false;
    }

    private String found(Key key, Expected expected, Outside outside) {
        if (key.kind() == Kind.END) {
            // Ending takes back what was accepted, in the transaction that ends the tokens.
            return "accepted".equals(snapshot.things().get(new Key(Kind.ACCEPTANCE, key.name())))
                    ? Key.NONE
                    : expected.states().stream().filter(state -> !state.equals(Key.NONE)).findFirst().orElse(Key.NONE);
        }
        String found = snapshot.things().getOrDefault(key, Key.NONE);
        return key.kind() == Kind.INVITATION && found.equals(Key.NONE) && outside.delivered().contains(key.name())
                ? "delivered"
                : found;
    }

    private static What kind(Expected expected, String found) {
        if (found.equals(Key.NONE)) {
            return What.LOST;
        }
        return expected.states().equals(Set.of(Key.NONE)) ? What.REVIVED : What.DIFFERS;
    }

    private void unnamed() {
        Map<Ledger.Group, Integer> left = new HashMap<>(ledger.unnamed());
        snapshot.things().forEach((key, state) -> {
            if (!ledger.things().containsKey(key)) {
                Ledger.Group group = new Ledger.Group(key.kind(), snapshot.groupOf(key));
                if (left.merge(group, -1, Integer::sum) < 0) {
                    add(What.UNEXPLAINED, "nothing that nobody asked for", key + ": " + state
                            + (group.of().isEmpty() ? "" : ", of " + group.of()));
                }
            }
        });
        Set<String> known = ledger.addresses();
        snapshot.unboundAddresses()
                .stream()
                .filter(address -> !known.contains(address))
                .forEach(address -> add(What.UNEXPLAINED, "nothing that nobody asked for",
                        "an address was unbound: " + address));
    }

    private void keys() {
        ledger.publicKeys()
                .stream()
                .filter(key -> !snapshot.publicKeys().contains(key))
                .forEach(key -> add(What.LOST, "the public key " + key + " of an invitation", Key.NONE));
        int most = ledger.publicKeys().size() + ledger.publicKeysUnnamed();
        if (snapshot.publicKeys().size() > most) {
            add(What.UNEXPLAINED, "at most " + most + " public keys of invitations",
                    snapshot.publicKeys().size() + " are there");
        }
    }

    private void openIdTokens() {
        int least = ledger.tokens().size();
        int most = least + ledger.unnamed()
                .entrySet()
                .stream()
                .filter(each -> each.getKey().kind() == Kind.TOKEN)
                .mapToInt(Map.Entry::getValue)
                .sum();
        if (snapshot.usedOpenIdTokens() < least || snapshot.usedOpenIdTokens() > most) {
            add(snapshot.usedOpenIdTokens() < least ? What.LOST : What.UNEXPLAINED,
                    "from " + least + " to " + most + " OpenID tokens that are known to be used",
                    snapshot.usedOpenIdTokens() + " are");
        }
    }

    private void mails(Outside outside) {
        Map<String, List<Mail>> arrived = outside.mails()
                .stream()
                .collect(Collectors.groupingBy(Mail::to, LinkedHashMap::new, Collectors.toList()));
        arrived.forEach((address, mails) -> {
            Set<String> ids = mails.stream().map(Mail::id).collect(Collectors.toCollection(LinkedHashSet::new));
            int most = ledger.mails().getOrDefault(address, new Ledger.Mails(0, 0)).atMost();
            if (ids.size() > most) {
                add(What.UNEXPLAINED, "at most " + most + " different mails to " + address, ids.size() + " came");
            }
            ids.forEach(id -> once(mails.stream().filter(mail -> mail.id().equals(id)).toList()));
        });
        long missing = 0;
        List<Violation> late = new ArrayList<>();
        for (Map.Entry<String, Ledger.Mails> each : ledger.mails().entrySet()) {
            long came = arrived.getOrDefault(each.getKey(), List.of()).stream().map(Mail::id).distinct().count();
            if (came < each.getValue().atLeast()) {
                missing += each.getValue().atLeast() - came;
                late.add(Violation.of(What.LOST, each.getValue().atLeast() + " mails to " + each.getKey(),
                        came + " came"));
            }
        }
        // While letters wait, mails are on their way; but each that is missing is one of them.
        if (missing > 0 && (outside.over() || missing > snapshot.letters().getOrDefault("mail", 0L))) {
            violations.addAll(late);
        }
        if (outside.over()) {
            snapshot.letters().forEach((channel, waiting) -> {
                if (waiting > 0) {
                    add(What.LATE, "an outbox that is empty in the end", waiting + " letters wait in " + channel);
                }
            });
        }
    }

    /** A mail comes once, unless a fault kept its sender from noting that it was sent. */
    private void once(List<Mail> same) {
        for (Mail again : same.subList(1, same.size())) {
            Instant first = same.getFirst().at();
            boolean excused = ledger.faults()
                    .stream()
                    .anyMatch(fault -> fault.isAfter(first.minus(BEFORE_ARRIVAL))
                            && fault.isBefore(first.plus(AFTER_ARRIVAL)));
            if (!excused) {
                add(What.TWICE, "one mail " + again.id() + " to " + again.to(),
                        "it came again at " + again.at() + " after " + first);
            }
        }
    }
}
