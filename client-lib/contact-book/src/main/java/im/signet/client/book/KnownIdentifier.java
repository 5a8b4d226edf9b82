package im.signet.client.book;

import im.signet.client.contact.ContactState;
import im.signet.client.handle.Chain;
import im.signet.client.handle.Evidence;
import im.signet.client.handle.Pin;
import im.signet.protocol.handle.Card;
import im.signet.protocol.handle.IdentityId;
import im.signet.protocol.handle.JwsKey;
import im.signet.protocol.identifier.UserId;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

import org.jspecify.annotations.Nullable;

/**
 * An identifier of a contact, what is known of it, and how far it may be trusted. There is none that is
 * {@link ContactState#VALIDATED} without a {@link Verification}. Immutable; {@link #toString()} shows no address.
 */
public final class KnownIdentifier {
    private static final int MAX_EVIDENCE = 8;

    private final Identifier identifier;
    private final Facts facts;
    private final Standing standing;

    private KnownIdentifier(Identifier identifier, Facts facts, Standing standing) {
        this.identifier = identifier;
        this.facts = facts;
        this.standing = standing;
    }

    /** What is known of an identifier, each kind of which has its own; nothing of it is a state. */
    record Facts(Optional<Card> card, Optional<Chain> chain, Optional<Pin> pin, Optional<IdentityId> named,
            Optional<JwsKey> masterKey, Optional<UserId> foundAs) {
        static final Facts NONE = new Facts(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(),
                Optional.empty(), Optional.empty());

        static Facts ofCard(Card card) {
            return new Facts(Optional.of(card), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(),
                    Optional.empty());
        }

        static Facts ofNamed(IdentityId id) {
            return NONE.withNamed(id);
        }

        Facts withCard(Card known) {
            return new Facts(Optional.of(known), chain, pin, named, masterKey, foundAs);
        }

        Facts withChain(Chain known) {
            return new Facts(card, Optional.of(known), pin, named, masterKey, foundAs);
        }

        /** What a card said to be named gives way to what is signed. */
        Facts withPin(Pin known) {
            return new Facts(card, chain, Optional.of(known), Optional.empty(), masterKey, foundAs);
        }

        Facts withNamed(IdentityId id) {
            return new Facts(card, chain, pin, Optional.of(id), masterKey, foundAs);
        }

        Facts withMasterKey(JwsKey key) {
            return new Facts(card, chain, pin, named, Optional.of(key), foundAs);
        }

        Facts withFoundAs(UserId userId) {
            return new Facts(card, chain, pin, named, masterKey, Optional.of(userId));
        }
    }

    /** How an identifier came to be validated. */
    record Validation(Verification.Kind kind, Instant at, Optional<IdentityId> through) {
        Validation {
            at = Instant.ofEpochMilli(at.toEpochMilli());
        }
    }

    /** How far an identifier may be trusted; there is a validation exactly where it is validated. */
    record Standing(boolean compromised, Optional<Validation> validation, Optional<Demotion> demotion,
            List<Warning> warnings, List<Evidence> evidence) {
        static final Standing UNVALIDATED = new Standing(false, Optional.empty(), Optional.empty(), List.of(),
                List.of());

        Standing {
            if (compromised && validation.isPresent()) {
                throw new IllegalArgumentException("what is compromised is not validated");
            }
            warnings = Collections.unmodifiableList(new ArrayList<>(warnings));
            evidence = Collections.unmodifiableList(new ArrayList<>(evidence));
        }
    }

    /** Returns an identifier that nobody has checked. */
    static KnownIdentifier unvalidated(Identifier identifier, Facts facts) {
        return new KnownIdentifier(identifier, facts, Standing.UNVALIDATED);
    }

    /** Returns an identifier as this device has stored it; nothing from elsewhere may come here. */
    static KnownIdentifier stored(Identifier identifier, Facts facts, Standing standing) {
        return new KnownIdentifier(identifier, facts, standing);
    }

    /** Returns the identifier. */
    public Identifier identifier() {
        return identifier;
    }

    /** Returns how far it may be trusted. */
    public ContactState state() {
        if (standing.compromised()) {
            return ContactState.COMPROMISED;
        }
        return standing.validation().isPresent() ? ContactState.VALIDATED : ContactState.UNVALIDATED;
    }

    /** Returns what the user compared; empty when it is not validated. */
    public Optional<Verification.Kind> validatedBy() {
        return standing.validation().map(Validation::kind);
    }

    /** Returns when it was validated; empty when it is not. */
    public Optional<Instant> validatedAt() {
        return standing.validation().map(Validation::at);
    }

    /** Returns the validated identity that signs for it; empty when it is not validated, or was compared itself. */
    public Optional<IdentityId> validatedThrough() {
        return standing.validation().flatMap(Validation::through);
    }

    /** Returns why and when it was demoted last; empty when it never was, or was validated again. */
    public Optional<Demotion> demotion() {
        return standing.demotion();
    }

    /** Returns what the user should look at; see {@link ContactBook#acknowledged}. */
    public List<Warning> warnings() {
        return standing.warnings();
    }

    /** Returns what proves that somebody lied about it; it is kept when the identifier is validated again. */
    public List<Evidence> evidence() {
        return standing.evidence();
    }

    /** Returns the card by which an identity was pinned; empty when there was none. */
    public Optional<Card> card() {
        return facts.card();
    }

    /** Returns the operations of an identity; empty as long as no server has shown them. */
    public Optional<Chain> chain() {
        return facts.chain();
    }

    /** Returns what is pinned of a handle; empty as long as it was not resolved. */
    public Optional<Pin> pin() {
        return facts.pin();
    }

    /** Returns the identity that a handle names: by its pin, or else by a card. */
    public Optional<IdentityId> named() {
        return facts.pin().isPresent() ? facts.pin().map(Pin::id) : facts.named();
    }

    /** Returns the cross-signing master key of a Matrix account, as far as it is known. */
    public Optional<JwsKey> masterKey() {
        return facts.masterKey();
    }

    /** Returns the account that an identity server gave for an address first. */
    public Optional<UserId> foundAs() {
        return facts.foundAs();
    }

    Facts facts() {
        return facts;
    }

    Standing standing() {
        return standing;
    }

    KnownIdentifier with(Facts known) {
        return new KnownIdentifier(identifier, known, standing);
    }

    /** Returns the same identifier, unvalidated if it was validated. Never moves anything up. */
    KnownIdentifier lowered(Demotion.Reason why, Instant now) {
        return state() == ContactState.VALIDATED
                ? with(false, Optional.empty(), Optional.of(new Demotion(why, now)))
                : this;
    }

    KnownIdentifier compromised(Demotion.Reason why, Instant now) {
        return state() == ContactState.COMPROMISED
                ? this
                : with(true, Optional.empty(), Optional.of(new Demotion(why, now)));
    }

    /** The only way up. */
    KnownIdentifier validated(Verification by, Optional<IdentityId> through, Instant now) {
        return with(false, Optional.of(new Validation(by.kind(), now, through)), Optional.empty());
    }

    private KnownIdentifier with(boolean compromised, Optional<Validation> validation, Optional<Demotion> demotion) {
        return new KnownIdentifier(identifier, facts,
                new Standing(compromised, validation, demotion, standing.warnings(), standing.evidence()));
    }

    private KnownIdentifier with(List<Warning> warnings, List<Evidence> evidence) {
        return new KnownIdentifier(identifier, facts, new Standing(standing.compromised(), standing.validation(),
                standing.demotion(), warnings, evidence));
    }

    KnownIdentifier warned(Warning.Kind kind, Instant now) {
        if (standing.warnings().stream().anyMatch(warning -> warning.kind() == kind)) {
            return this;
        }
        List<Warning> more = new ArrayList<>(standing.warnings());
        more.add(new Warning(kind, now));
        return with(more, standing.evidence());
    }

    KnownIdentifier acknowledged() {
        return with(List.of(), standing.evidence());
    }

    boolean knows(Evidence evidence) {
        return standing.evidence()
                .stream()
                .anyMatch(known -> known.kind() == evidence.kind() && (evidence.conflict().isPresent()
                        ? known.conflict().equals(evidence.conflict())
                        : known.equals(evidence)));
    }

    /** Returns the same identifier with that evidence; of very many, those from which it is the longest way out are kept. */
    KnownIdentifier proven(Evidence evidence) {
        if (knows(evidence)) {
            return this;
        }
        List<Evidence> more = new ArrayList<>(standing.evidence());
        more.add(evidence);
        if (more.size() > MAX_EVIDENCE) {
            more.sort(Comparator.comparing(known -> known.conflict().map(Evidence.Conflict::settled).orElse(0L)));
            more.remove(0);
        }
        return with(standing.warnings(), more);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof KnownIdentifier that && identifier.equals(that.identifier) && facts.equals(that.facts)
                && standing.equals(that.standing);
    }

    @Override
    public int hashCode() {
        return identifier.hashCode();
    }

    @Override
    public String toString() {
        return "KnownIdentifier[" + identifier + ", " + state() + "]";
    }
}
