package im.signet.identity.lookup;

import im.signet.kit.key.KeyedHash;
import im.signet.kit.limit.Refusals;
import im.signet.kit.web.ClientAddress;
import im.signet.protocol.hash.LookupHash;
import im.signet.protocol.identifier.Address;
import im.signet.protocol.identifier.UserId;

import java.nio.ByteBuffer;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.springframework.transaction.support.TransactionOperations;

/// How much may be learnt by asking for addresses: so many distinct ones an account, a homeserver, a network
/// and all together while a pepper is in use, as [LookupBudgetProperties] says. What was asked for before is free:
/// it is not written down, and locks nothing. Each decision is one transaction, whichever server takes it.
///
/// It fails closed: without the database nothing is granted. Nothing could be answered then, either.
public final class LookupBudgets {

    static {
        Stream.of(Subject.Kind.values()).map(Subject.Kind::budget).forEach(Refusals::declare);
    }

    private final Peppers peppers;
    private final SpendingTable table;
    private final boolean enabled;
    private final LookupBudgetProperties settings;
    private final Duration pepperLifetime;
    private final KeyedHash keyed;
    private final TransactionOperations transactions;
    private final Clock clock;

    /** With {@code enabled} false everything is granted. */
    @SuppressWarnings("TooManyParameters") // what it works with
    LookupBudgets(Peppers peppers, SpendingTable table, boolean enabled, LookupBudgetProperties settings,
            Duration pepperLifetime, KeyedHash keyed, TransactionOperations transactions, Clock clock) {
        this.peppers = peppers;
        this.table = table;
        this.enabled = enabled;
        this.settings = settings;
        this.pepperLifetime = pepperLifetime;
        this.keyed = keyed;
        this.transactions = transactions;
        this.clock = clock;
    }

    /** Whether a request may be answered. */
    public sealed interface Check {

        /** It may, and is counted. */
        record Granted() implements Check {}

        /** It may not, nor any part of it, and none of its addresses is counted. */
        record Exhausted(Duration retryAfter) implements Check {}
    }

    /**
     * Counts an address of which somebody is about to learn in another way than by a lookup whether it is bound. It counts as
     * a lookup of its canonical form with the pepper in use.
     */
    public Check ask(UserId user, ClientAddress client, Address address) {
        Generation generation = peppers.current();
        return ask(Subject.of(user, client), generation, Set.of(LookupHash.of(address, generation.pepper())));
    }

    /** Counts hashes that were made with that generation's pepper. */
    Check ask(List<Subject> subjects, Generation generation, Set<LookupHash> hashes) {
        if (hashes.isEmpty() || !enabled) {
            return new Check.Granted();
        }
        Period period = period(generation);
        List<Claim> claims = claims(subjects, period, hashes);
        Map<ByteBuffer, Spending> spent = table.find(period.generation(), names(claims));
        // Sketches only grow: what changes none now never will. The others are judged again when they are locked.
        List<Judgement> first = judge(claims, spent, period);
        List<Claim> changing = first.stream().filter(Judgement::changes).map(Judgement::claim).toList();
        Optional<Duration> wait = wait(first.stream().filter(judgement -> !judgement.changes()), period);
        if (wait.isEmpty() && !changing.isEmpty()) {
            Set<ByteBuffer> missing = names(changing);
            missing.removeAll(spent.keySet());
            wait = Optional.ofNullable(transactions.execute(_ -> spend(changing, missing, period)))
                    .flatMap(Function.identity());
        }
        return wait.<Check>map(Check.Exhausted::new).orElseGet(Check.Granted::new);
    }

    /** Returns how long to wait; empty when all is granted. A refusal is paid for by those who refuse, and by no other. */
    private Optional<Duration> spend(List<Claim> claims, Set<ByteBuffer> missing, Period period) {
        if (!missing.isEmpty()) {
            table.add(period.generation(), missing);
        }
        List<Judgement> judged = judge(claims, table.lock(period.generation(), names(claims)), period);
        Optional<Duration> wait = wait(judged.stream(), period);
        table.save(period.generation(), judged.stream()
                .filter(judgement -> judgement.changes() && (wait.isEmpty() || judgement.isRefusal()))
                .collect(Collectors.toMap(judgement -> judgement.claim().name(),
                        judgement -> judgement.verdict().next().orElseThrow())));
        return wait;
    }

    private static List<Judgement> judge(List<Claim> claims, Map<ByteBuffer, Spending> spent, Period period) {
        return claims.stream()
                .map(claim -> new Judgement(claim, claim.allowance()
                        .judge(spent.getOrDefault(claim.name(), Spending.nothing()), claim.asked(), period.soFar())))
                .toList();
    }

    /** Returns the longest that any of these who refuse wants. */
    private static Optional<Duration> wait(Stream<Judgement> judged, Period period) {
        List<Judgement> refusals = judged.filter(Judgement::isRefusal).toList();
        refusals.forEach(refusal -> Refusals.count(refusal.claim().kind().budget()));
        return refusals.stream().flatMap(refusal -> refusal.wait(period).stream()).max(Comparator.naturalOrder());
    }

    /** The time in which a pepper is in use. */
    private record Period(long generation, Duration soFar, Instant now, Instant end) {}

    private Period period(Generation generation) {
        Instant now = clock.instant();
        Instant since = Optional.ofNullable(generation.currentSince()).orElse(now);
        return new Period(generation.id(), Duration.between(since, now), now, since.plus(pepperLifetime));
    }

    /** What a request asks for, as one subject's sketch has it. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Claim(Subject.Kind kind, Allowance allowance, ByteBuffer name, long[] asked) {}

    /** What comes of a claim. */
    private record Judgement(Claim claim, Allowance.Verdict verdict) {

        boolean changes() {
            return verdict.next().isPresent();
        }

        boolean isRefusal() {
            return verdict instanceof Allowance.Verdict.Refused;
        }

        Optional<Duration> wait(Period period) {
            return switch (verdict) {
                case Allowance.Verdict.Granted _ -> Optional.empty();
                case Allowance.Verdict.Refused(double missing, _) ->
                    Optional.of(claim.allowance().wait(missing, period.now(), period.end()));
            };
        }
    }

    private List<Claim> claims(List<Subject> subjects, Period period, Set<LookupHash> hashes) {
        List<byte[]> asked = hashes.stream().map(LookupHash::toBytes).toList();
        return subjects.stream().map(subject -> {
            SubjectKey key = SubjectKey.of(subject, period.generation(), keyed);
            return new Claim(subject.kind(), settings.of(subject.kind()), key.row(), key.hash(asked));
        }).toList();
    }

    private static Set<ByteBuffer> names(List<Claim> claims) {
        return claims.stream().map(Claim::name).collect(Collectors.toSet());
    }
}
