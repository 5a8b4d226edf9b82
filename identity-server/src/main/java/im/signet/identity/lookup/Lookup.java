package im.signet.identity.lookup;

import im.signet.identity.association.AssociationBound;
import im.signet.protocol.hash.LookupHash;
import im.signet.protocol.hash.Pepper;

import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

import org.springframework.context.event.EventListener;

/** Answers hashed lookups, and keeps the directory in step with the associations. */
final class Lookup {

    private final Peppers peppers;
    private final Directory directory;

    Lookup(Peppers peppers, Directory directory) {
        this.peppers = peppers;
        this.directory = directory;
    }

    /** What came of a lookup. */
    sealed interface Answer {

        /** The user ids of those hashes that are known. */
        record Found(Map<LookupHash, String> users) implements Answer {}

        /** The hashes were made with a pepper that is not in use; here is the one that is. */
        record WrongPepper(Pepper current) implements Answer {}
    }

    /** Returns the pepper that clients hash with now. */
    Pepper pepper() {
        return peppers.current().pepper();
    }

    Answer find(String pepper, Collection<LookupHash> hashes) {
        PepperRow current = peppers.current();
        if (!current.value().equals(pepper)) {
            return new Answer.WrongPepper(current.pepper());
        }
        return new Answer.Found(directory.find(current.generation(), hashes));
    }

    /** Within the transaction that binds: an address is found as soon as its binding is answered, or neither happened. */
    @EventListener
    void index(AssociationBound event) {
        if (!event.association().discoverable()) {
            return;
        }
        PepperRow current = peppers.current();
        Set<LookupHash> hashes = event.spellings()
                .stream()
                .map(spelling -> LookupHash.of(event.association().address().medium(), spelling, current.pepper()))
                .collect(Collectors.toSet());
        directory.add(current.generation(), hashes, event.association().id(), event.association().user().value());
    }
}
