package im.signet.identity.lookup;

import im.signet.identity.association.AssociationBound;
import im.signet.identity.association.Findable;
import im.signet.protocol.hash.LookupHash;
import im.signet.protocol.hash.Pepper;

import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

import org.springframework.context.event.EventListener;

/** Answers lookups, and keeps the directory in step with the associations. */
final class Lookup {

    private final Peppers peppers;
    private final GenerationTable generations;
    private final Directory directory;
    private final LookupBudgets budgets;

    Lookup(Peppers peppers, GenerationTable generations, Directory directory, LookupBudgets budgets) {
        this.peppers = peppers;
        this.generations = generations;
        this.directory = directory;
        this.budgets = budgets;
    }

    /** What came of a lookup. */
    sealed interface Answer {

        /** The user ids of those entries that are known, each under what was sent and in that order. */
        record Found(Map<String, String> users) implements Answer {

            @Override
            public String toString() {
                return "Found[" + users.size() + "]";
            }
        }

        /** The entries were made with a pepper that is not in use; here is the one that is. */
        record WrongPepper(Pepper current) implements Answer {}

        /** Whoever asks has asked for too many addresses; when to try again. */
        record OverBudget(Duration retryAfter) implements Answer {}
    }

    /** Returns the pepper that clients hash with now. */
    Pepper pepper() {
        return peppers.current().pepper();
    }

    /**
     * Answers a lookup.
     *
     * @param asker  whom it counts for
     * @param pepper what the client hashed with, or believes to be in use
     * @param sent   the addresses as that algorithm encodes them; what it does not is of no address
     */
    Answer find(List<Subject> asker, Algorithm algorithm, String pepper, Collection<String> sent) {
        Optional<Generation> accepted = peppers.accepted(pepper);
        if (accepted.isEmpty()) {
            return new Answer.WrongPepper(pepper());
        }
        Generation generation = accepted.get();
        Map<String, LookupHash> asked = new LinkedHashMap<>();
        for (String entry : sent) {
            algorithm.read(entry, generation.pepper()).ifPresent(hash -> asked.put(entry, hash));
        }
        Set<LookupHash> hashes = Set.copyOf(asked.values());
        if (budgets.ask(asker, generation, hashes) instanceof LookupBudgets.Check.Exhausted(Duration retryAfter)) {
            return new Answer.OverBudget(retryAfter);
        }
        Map<LookupHash, String> known = directory.find(generation.id(), hashes);
        Map<String, String> users = new LinkedHashMap<>();
        asked.forEach((entry, hash) -> {
            String user = known.get(hash);
            if (user != null) {
                users.put(entry, user);
            }
        });
        return new Answer.Found(users);
    }

    /**
     * Within the transaction that binds: an address is found as soon as its binding is answered, or neither happened. Every
     * generation gets its entries, also one that is accepted only for a while and one that is not in use yet.
     */
    @EventListener
    void index(AssociationBound event) {
        Optional<Findable> findable = event.findable();
        if (findable.isEmpty()) {
            return;
        }
        for (Generation generation : generations.lockForBinding().all()) {
            List<LookupEntry> entries = LookupEntry.of(findable.get(), generation.pepper()).toList();
            directory.add(generation.id(), entries);
        }
    }
}
