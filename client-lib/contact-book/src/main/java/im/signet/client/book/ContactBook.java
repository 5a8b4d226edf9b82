package im.signet.client.book;

import im.signet.client.contact.AddressBook;
import im.signet.client.contact.ContactState;
import im.signet.client.contact.DiscoveredContact;
import im.signet.client.handle.Alarm;
import im.signet.client.handle.Chain;
import im.signet.client.handle.Evidence;
import im.signet.client.handle.Pin;
import im.signet.client.handle.ResolvedHandle;
import im.signet.protocol.Parsed;
import im.signet.protocol.handle.Binding;
import im.signet.protocol.handle.Card;
import im.signet.protocol.handle.Handle;
import im.signet.protocol.handle.Identity;
import im.signet.protocol.handle.IdentityId;
import im.signet.protocol.handle.JwsKey;
import im.signet.protocol.handle.Reach;
import im.signet.protocol.handle.Reason;
import im.signet.protocol.handle.SignedBinding;
import im.signet.protocol.identifier.UserId;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

import org.jspecify.annotations.Nullable;

/**
 * The people whom the user knows, one entry each with all identifiers. An identifier stands in one entry at most, and the
 * state is the identifier's. What servers say and what was imported enters by {@link #learned}, {@link #resolved},
 * {@link #alarmed}, {@link #learnedMasterKey}, {@link #proven} and {@link #imported(String, Instant)}, none of which moves
 * anything up; only {@link #verified} does. See {@code docs/spec/handles.md}, section 11. Immutable: each change returns
 * another book. {@link #toString()} tells its size only.
 */
public final class ContactBook {
    private final SortedMap<Long, Contact> contacts;
    private final long next;

    private ContactBook(SortedMap<Long, Contact> contacts, long next) {
        this.contacts = Collections.unmodifiableSortedMap(contacts);
        this.next = next;
    }

    /** Returns the book without a contact. */
    public static ContactBook empty() {
        return new ContactBook(new TreeMap<>(), 1);
    }

    static ContactBook of(Collection<Contact> stored, long next) {
        SortedMap<Long, Contact> contacts = new TreeMap<>();
        stored.forEach(contact -> contacts.put(contact.id().value(), contact));
        return new ContactBook(contacts, next);
    }

    long next() {
        return next;
    }

    /** Returns the contacts, in the order in which they came; the list cannot be changed. */
    public List<Contact> contacts() {
        return Collections.unmodifiableList(new ArrayList<>(contacts.values()));
    }

    /** Returns the contact with that number; empty when there is none. */
    public Optional<Contact> contact(ContactId id) {
        return Optional.ofNullable(contacts.get(id.value()));
    }

    /** Returns the contact that has that identifier; empty when nobody has. */
    public Optional<Contact> find(Identifier identifier) {
        return contacts.values().stream().filter(contact -> contact.identifier(identifier).isPresent()).findFirst();
    }

    /** Returns what is known of that identifier; empty when nobody has it. */
    public Optional<KnownIdentifier> identifier(Identifier identifier) {
        return find(identifier).flatMap(contact -> contact.identifier(identifier));
    }

    /** Returns the pin of a handle, to be given when it is looked up again; empty when there is none. */
    public Optional<Pin> pin(Handle handle) {
        return identifier(new Identifier.OfHandle(handle)).flatMap(KnownIdentifier::pin);
    }

    /** Returns all addresses under the names of their contacts, to be looked up at an identity server. */
    public AddressBook addressBook() {
        List<AddressBook.Entry> entries = new ArrayList<>();
        for (Contact contact : contacts.values()) {
            for (KnownIdentifier known : contact.identifiers()) {
                if (known.identifier() instanceof Identifier.OfAddress address) {
                    entries.add(new AddressBook.Entry(contact.name(), address.address()));
                }
            }
        }
        return AddressBook.of(entries);
    }

    // What the user does.

    /**
     * Returns the book with one more contact, whose identifiers are unvalidated. Throws an {@link IllegalArgumentException} when
     * another contact has one of them, or the name is longer than 500 characters.
     */
    public ContactBook added(String name, List<? extends Identifier> identifiers) {
        Edit edit = new Edit();
        ContactId id = edit.newContact(name);
        identifiers.forEach(identifier -> edit.addNew(id, identifier));
        return edit.done();
    }

    /**
     * Returns the book in which a contact has one more identifier, unvalidated. Throws an {@link IllegalArgumentException} when
     * there is no such contact, or somebody has that identifier.
     */
    public ContactBook withIdentifier(ContactId contact, Identifier identifier) {
        require(contact);
        Edit edit = new Edit();
        edit.addNew(contact, identifier);
        return edit.done();
    }

    /** Returns the book in which a contact has another name; throws an {@link IllegalArgumentException} when there is none. */
    public ContactBook renamed(ContactId contact, String name) {
        Edit edit = new Edit();
        edit.put(require(contact).named(name));
        return edit.done();
    }

    /** Returns the book without a contact, and all that was known of it: its pins and its evidence as well. */
    public ContactBook removed(ContactId contact) {
        Edit edit = new Edit();
        edit.all.remove(contact.value());
        return edit.done();
    }

    /** Returns the book without an identifier, and all that was known of it. What it signed for is not validated any more. */
    public ContactBook removed(Identifier identifier, Instant now) {
        Edit edit = new Edit();
        edit.takeAway(identifier, now);
        return edit.done();
    }

    /**
     * Returns the book in which {@code other} is the same person as {@code into}, whose name stays. Every identifier keeps its
     * state: that they are of one person, the user says, and validates nothing.
     */
    public ContactBook merged(ContactId into, ContactId other) {
        Contact person = require(into);
        Contact same = require(other);
        if (into.equals(other)) {
            return this;
        }
        Edit edit = new Edit();
        edit.all.remove(other.value());
        for (KnownIdentifier known : same.identifiers()) {
            person = person.with(known);
        }
        edit.put(person);
        return edit.done();
    }

    /**
     * Returns the book in which these identifiers of a contact are another person's, with that name. What is taken from the
     * identity that signs for it, or the other way round, is not validated any more.
     */
    public ContactBook split(ContactId contact, Set<? extends Identifier> identifiers, String name, Instant now) {
        Contact before = require(contact);
        Edit edit = new Edit();
        ContactId other = edit.newContact(name);
        for (KnownIdentifier known : before.identifiers()) {
            if (identifiers.contains(known.identifier())) {
                edit.put(edit.contact(contact).without(known.identifier()));
                edit.put(edit.contact(other).with(known));
            }
        }
        for (ContactId part : List.of(contact, other)) {
            for (KnownIdentifier known : edit.contact(part).identifiers()) {
                Optional<IdentityId> through = known.validatedThrough();
                if (through.isPresent()
                        && !edit.contact(part).identifier(new Identifier.OfIdentity(through.get())).isPresent()) {
                    edit.lower(known.identifier(), Demotion.Reason.TAKEN_APART, now);
                }
            }
        }
        return edit.done();
    }

    /** Returns the book in which an identifier is compromised, because the user says so, and what it signed for not validated. */
    public ContactBook compromised(Identifier identifier, Instant now) {
        Edit edit = new Edit();
        edit.compromise(identifier, Demotion.Reason.BY_USER, now);
        return edit.done();
    }

    /** Returns the book in which the warnings of an identifier were looked at. States and evidence stay. */
    public ContactBook acknowledged(Identifier identifier) {
        Edit edit = new Edit();
        edit.update(identifier, KnownIdentifier::acknowledged);
        return edit.done();
    }

    /** Returns the book in which the changed nameserver of a handle is agreed to, by the user. The next answer can be its own. */
    public ContactBook agreed(Alarm.NameserverChanged alarm) {
        Edit edit = new Edit();
        edit.update(new Identifier.OfHandle(alarm.pinned().handle()),
                known -> known.pin().equals(Optional.of(alarm.pinned()))
                        ? known.with(known.facts().withPin(alarm.agreed()))
                        : known);
        return edit.done();
    }

    /**
     * Returns the book in which {@code now} takes the place of what was pinned of its handle, and of what was known of the
     * identity that it names now, because the user agrees to it. What was validated is not any more, and what was compromised
     * stays so.
     */
    public ContactBook repinned(ResolvedHandle now, Instant at) {
        Identifier.OfHandle handle = new Identifier.OfHandle(now.handle());
        Identifier.OfIdentity identity = new Identifier.OfIdentity(now.identity().id());
        Edit edit = new Edit();
        edit.lower(handle, Demotion.Reason.PIN_REPLACED, at);
        if (identifier(identity).flatMap(KnownIdentifier::chain)
                .filter(known -> !known.equals(now.chain()))
                .isPresent()) {
            edit.lowerWithAll(identity, Demotion.Reason.PIN_REPLACED, at);
        }
        edit.update(identity, known -> known.with(known.facts().withChain(now.chain())));
        edit.pin(now);
        return edit.done();
    }

    /**
     * Returns what came of entering what the user has compared. An identity validates the handles of its contact that it signs
     * for, if they are active, fresh and without warnings, and the Matrix account in their signed reach, but for one that is
     * compromised or has another master key; it validates no address.
     */
    public Verifying verified(Verification verification, Instant now) {
        Optional<KnownIdentifier> known = identifier(verification.subject());
        if (!known.isPresent()) {
            return new Verifying.NotInBook();
        }
        return verification.identity().isPresent()
                ? verified(verification, known.get(), verification.identity().get(), now)
                : verifiedMasterKey(verification, known.get(), now);
    }

    private Verifying verified(Verification verification, KnownIdentifier known, Identity compared, Instant now) {
        Optional<Identity> newest = known.chain().map(Chain::identity);
        // Of another history, or of another epoch than the one that was compared.
        if (!newest.isPresent() || !newest.get().at(compared.seq()).equals(Optional.of(compared))
                || newest.get().epoch() != compared.epoch()) {
            return new Verifying.Outdated();
        }
        if (newest.get().isDeactivated()) {
            return new Verifying.Ended();
        }
        if (known.state() == ContactState.COMPROMISED && !settles(verification, compared, known.evidence())) {
            return new Verifying.ConflictOpen();
        }
        Edit edit = new Edit();
        edit.update(known.identifier(), identity -> identity.validated(verification, Optional.empty(), now));
        edit.cover(verification, newest.get(), now);
        return new Verifying.Verified(edit.done());
    }

    private static boolean settles(Verification verification, Identity compared, List<Evidence> evidence) {
        for (Evidence each : evidence) {
            Optional<Evidence.Conflict> conflict = each.conflict();
            // The fingerprint is the same for both histories; a card names one of them.
            if (conflict.isPresent() && verification.shownHead() < conflict.get().settled()
                    && compared.epoch() <= conflict.get().epoch()) {
                return false;
            }
        }
        return true;
    }

    private Verifying verifiedMasterKey(Verification verification, KnownIdentifier known, Instant now) {
        JwsKey compared = verification.masterKey().orElseThrow(IllegalStateException::new);
        if (known.masterKey().isPresent() && !known.masterKey().get().equals(compared)) {
            return new Verifying.Outdated();
        }
        Edit edit = new Edit();
        edit.update(known.identifier(), account -> account.with(account.facts().withMasterKey(compared))
                .validated(verification, Optional.empty(), now));
        return new Verifying.Verified(edit.done());
    }

    // What servers say. None of this moves anything up.

    /**
     * Returns the book with what an identity server says of an address: the account is one more identifier of the contact that
     * has the address, unvalidated. If another contact has that account, it stays there: that two are one, the user says
     * ({@link #merged}).
     */
    public ContactBook learned(DiscoveredContact found, Instant now) {
        Identifier.OfAddress address = new Identifier.OfAddress(found.address());
        Identifier.OfMatrix account = new Identifier.OfMatrix(found.userId());
        Edit edit = new Edit();
        Optional<Contact> person = find(address);
        ContactId id = person.map(Contact::id).orElseGet(() -> edit.newContact(Contact.nameOf(found.label())));
        edit.addIfNew(id, address, KnownIdentifier.Facts.NONE);
        edit.addIfNew(id, account, KnownIdentifier.Facts.NONE);
        edit.update(address, known -> {
            if (!known.foundAs().isPresent()) {
                return known.with(known.facts().withFoundAs(found.userId()));
            }
            return known.foundAs().equals(Optional.of(found.userId()))
                    ? known
                    : known.warned(Warning.Kind.LOOKUP_NAMES_ANOTHER, now);
        });
        return edit.done();
    }

    /**
     * Returns the book with what a handle names, held against what was pinned: what contradicts that is entered as an alarm and
     * pinned nowhere. A handle that nobody has is entered with the contact that has the identity, or as a new contact.
     */
    public ContactBook resolved(ResolvedHandle found, Instant now) {
        Identifier.OfHandle handle = new Identifier.OfHandle(found.handle());
        Optional<KnownIdentifier> known = identifier(handle);
        Optional<Alarm> alarm = known.flatMap(KnownIdentifier::pin).flatMap(pin -> pin.contradictedBy(found));
        if (alarm.isPresent()) {
            return alarmed(alarm.get(), now);
        }
        Edit edit = new Edit();
        Optional<Warning.Kind> fault = known.flatMap(KnownIdentifier::named)
                .filter(id -> !id.equals(found.identity().id()))
                .map(id -> Warning.Kind.NAMES_ANOTHER);
        if (!fault.isPresent()) {
            fault = edit.follow(found.chain(), now);
        }
        if (fault.isPresent()) {
            Optional<Contact> owner = find(new Identifier.OfIdentity(found.identity().id()));
            if (!known.isPresent() && owner.isPresent()) {
                edit.addIfNew(owner.get().id(), handle, KnownIdentifier.Facts.ofNamed(found.identity().id()));
            }
            edit.alarm(handle, fault.get(), now);
            return edit.done();
        }
        edit.compareReach(known.flatMap(KnownIdentifier::pin), found, now);
        edit.pin(found);
        return edit.done();
    }

    /**
     * Returns the book with an alarm: the handle is not validated any more, the identity that was pinned keeps its state. If the
     * alarm proves that the identity contradicts itself, that is compromised.
     */
    public ContactBook alarmed(Alarm alarm, Instant now) {
        Edit edit = new Edit();
        Identifier.OfHandle handle = new Identifier.OfHandle(alarm.pinned().handle());
        edit.alarm(handle, kind(alarm), now);
        alarm.evidence().ifPresent(evidence -> {
            edit.update(handle, known -> known.proven(evidence));
            edit.prove(evidence, now);
        });
        return edit.done();
    }

    /**
     * Returns the book with the cross-signing master key that a homeserver gives for an account. Another one than before
     * means that the account is not validated any more. An account that nobody has is not entered.
     */
    public ContactBook learnedMasterKey(UserId userId, JwsKey key, Instant now) {
        Identifier.OfMatrix account = new Identifier.OfMatrix(userId);
        Edit edit = new Edit();
        Optional<JwsKey> before = identifier(account).flatMap(KnownIdentifier::masterKey);
        if (before.isPresent() && !before.get().equals(key)) {
            edit.lower(account, Demotion.Reason.MASTER_KEY_CHANGED, now);
        }
        edit.update(account, known -> known.with(known.facts().withMasterKey(key)));
        return edit.done();
    }

    /**
     * Returns the book with evidence, wherever it comes from. If it proves that an identity contradicts itself, that is
     * compromised and what it signs for is not validated any more; unless the same was known when the user verified it since.
     */
    public ContactBook proven(Evidence evidence, Instant now) {
        Edit edit = new Edit();
        edit.prove(evidence, now);
        return edit.done();
    }

    private static Warning.Kind kind(Alarm alarm) {
        if (alarm instanceof Alarm.Vanished vanished) {
            return switch (vanished.why()) {
                case UNKNOWN -> Warning.Kind.UNKNOWN;
                case GIVEN_UP -> Warning.Kind.GIVEN_UP;
                case SUSPENDED -> Warning.Kind.SUSPENDED;
                case WITHDRAWN -> Warning.Kind.WITHDRAWN;
            };
        }
        if (alarm instanceof Alarm.OtherIdentity) {
            return Warning.Kind.NAMES_ANOTHER;
        }
        if (alarm instanceof Alarm.WentBack) {
            return Warning.Kind.WENT_BACK;
        }
        if (alarm instanceof Alarm.ContradictsItself) {
            return Warning.Kind.CONTRADICTS_ITSELF;
        }
        if (alarm instanceof Alarm.DoesNotFollow) {
            return Warning.Kind.DOES_NOT_FOLLOW;
        }
        return alarm instanceof Alarm.NameserverChanged
                ? Warning.Kind.NAMESERVER_CHANGED
                : Warning.Kind.NAMESERVER_LIED;
    }

    // What comes from elsewhere. None of this moves anything up, either.

    /**
     * Returns the book with a card, however it came: it pins the identity and validates nothing. If it contradicts what is
     * known, that is kept and a warning says so. A card is shared as {@link Card#toText()} or {@link Card#toLink}; to draw the
     * text as a QR code is the application's.
     */
    public ContactBook imported(Card card, Instant now) {
        Identifier.OfIdentity identity = new Identifier.OfIdentity(card.id());
        Optional<KnownIdentifier> known = identifier(identity);
        Edit edit = new Edit();
        Optional<Identifier.OfHandle> handle = card.handle().map(Identifier.OfHandle::new);
        Optional<KnownIdentifier> knownHandle = handle.flatMap(this::identifier);
        boolean othersHandle = knownHandle.flatMap(KnownIdentifier::named)
                .filter(id -> !id.equals(card.id()))
                .isPresent();
        Optional<Contact> withHandle = othersHandle ? Optional.empty() : handle.flatMap(this::find);
        Optional<Contact> person = known.isPresent() ? find(identity) : withHandle;
        ContactId id = person.map(Contact::id)
                .orElseGet(() -> edit.newContact(
                        othersHandle ? "" : Contact.nameOf(card.handle().map(Handle::toString).orElse(""))));
        if (othersHandle) {
            edit.update(knownHandle.get().identifier(),
                    name -> name.warned(Warning.Kind.CARD_NAMES_ANOTHER, now));
        } else if (handle.isPresent()) {
            edit.addIfNew(id, handle.get(), KnownIdentifier.Facts.NONE);
            edit.update(handle.get(),
                    name -> name.pin().isPresent() ? name : name.with(name.facts().withNamed(card.id())));
        }
        edit.addIfNew(id, identity, KnownIdentifier.Facts.ofCard(card));
        if (known.isPresent()) {
            edit.compareCard(known.get(), card, now);
        }
        return edit.done();
    }

    /**
     * Returns the book with what was exported elsewhere by {@link #exported}. There are no states in it, so what this device
     * knows keeps its own and all else is unvalidated; evidence in it counts, as it proves itself.
     */
    public Parsed<ContactBook> imported(String exported, Instant now) {
        return ContactBookFormat.readExport(exported).map(strangers -> {
            ContactBook book = this;
            for (ContactBookFormat.Imported each : strangers) {
                book = book.imported(each, now);
            }
            return book;
        });
    }

    private ContactBook imported(ContactBookFormat.Imported stranger, Instant now) {
        Edit edit = new Edit();
        Optional<Contact> same = Optional.empty();
        for (KnownIdentifier each : stranger.identifiers()) {
            same = same.isPresent() ? same : find(each.identifier());
        }
        ContactId id = same.map(Contact::id).orElseGet(() -> edit.newContact(stranger.name()));
        for (KnownIdentifier each : stranger.identifiers()) {
            Optional<KnownIdentifier> known = identifier(each.identifier());
            edit.addIfNew(id, each.identifier(), each.facts());
            if (known.isPresent()) {
                edit.compareImported(known.get(), each.facts(), now);
            }
        }
        stranger.evidence().forEach(evidence -> edit.prove(evidence, now));
        return edit.done();
    }

    /** Returns all contacts as JSON for another device, with pins and evidence and without any state: nothing is validated there. */
    public String exported() {
        return ContactBookFormat.writeExport(this);
    }

    /**
     * Returns whom to validate next, one entry a contact: first what is compromised, then what was demoted, then what there are
     * warnings of, then who was never validated; within these the one demoted last, then the one with the most identifiers.
     */
    public List<Suggestion> toValidateNext() {
        List<Ranked> ranked = new ArrayList<>();
        contacts.values().forEach(contact -> ranked(contact).ifPresent(ranked::add));
        ranked.sort(Comparator.comparing((Ranked each) -> each.suggestion().reason())
                .thenComparing(Ranked::since, Comparator.reverseOrder())
                .thenComparing(Ranked::identifiers, Comparator.reverseOrder()));
        List<Suggestion> suggestions = new ArrayList<>();
        ranked.forEach(each -> suggestions.add(each.suggestion()));
        return Collections.unmodifiableList(suggestions);
    }

    private record Ranked(Suggestion suggestion, Instant since, int identifiers) {}

    private static Optional<Ranked> ranked(Contact contact) {
        Optional<Ranked> first = Optional.empty();
        boolean hasIdentity = contact.identifiers()
                .stream()
                .anyMatch(known -> known.identifier() instanceof Identifier.OfIdentity);
        for (KnownIdentifier known : contact.identifiers()) {
            boolean ended = known.chain().filter(chain -> chain.identity().isDeactivated()).isPresent();
            boolean verifiable = known.identifier() instanceof Identifier.OfIdentity
                    ? !ended
                    : known.identifier() instanceof Identifier.OfMatrix
                            && (!hasIdentity || known.demotion().isPresent());
            Optional<Suggestion.Reason> reason = verifiable ? reason(known, contact) : Optional.empty();
            if (reason.isPresent() && (!first.isPresent()
                    || reason.get().compareTo(first.get().suggestion().reason()) < 0)) {
                first = Optional.of(new Ranked(new Suggestion(contact.id(), known.identifier(), reason.get()),
                        since(known, contact), contact.identifiers().size()));
            }
        }
        return first;
    }

    private static Optional<Suggestion.Reason> reason(KnownIdentifier known, Contact contact) {
        if (known.state() == ContactState.COMPROMISED) {
            return Optional.of(Suggestion.Reason.COMPROMISED);
        }
        boolean valid = known.state() == ContactState.VALIDATED;
        if (!valid && known.demotion().isPresent()) {
            return Optional.of(Suggestion.Reason.DEMOTED);
        }
        if (contact.identifiers().stream().anyMatch(each -> !each.warnings().isEmpty())) {
            return Optional.of(Suggestion.Reason.WARNED);
        }
        if (!valid) {
            return Optional.of(Suggestion.Reason.NEVER_VALIDATED);
        }
        return contact.identifiers().stream().anyMatch(each -> couldBeCovered(each, known))
                ? Optional.of(Suggestion.Reason.NOT_COVERED)
                : Optional.empty();
    }

    private static boolean couldBeCovered(KnownIdentifier each, KnownIdentifier identity) {
        return each.state() == ContactState.UNVALIDATED
                && identity.identifier() instanceof Identifier.OfIdentity signer
                && each.pin().filter(pin -> pin.id().equals(signer.id())).isPresent();
    }

    private static Instant since(KnownIdentifier known, Contact contact) {
        Instant since = known.demotion().map(Demotion::at).orElse(Instant.MIN);
        for (KnownIdentifier each : contact.identifiers()) {
            for (Warning warning : each.warnings()) {
                since = warning.at().isAfter(since) ? warning.at() : since;
            }
        }
        return since;
    }

    private Contact require(ContactId id) {
        return contact(id).orElseThrow(() -> new IllegalArgumentException("there is no such contact"));
    }

    /** A change of the book in the making. */
    private final class Edit {
        private final SortedMap<Long, Contact> all = new TreeMap<>(contacts);
        private long following = next;

        ContactBook done() {
            return new ContactBook(all, following);
        }

        void put(Contact contact) {
            all.put(contact.id().value(), contact);
        }

        Contact contact(ContactId id) {
            Contact contact = all.get(id.value());
            if (contact == null) {
                throw new IllegalArgumentException("there is no such contact");
            }
            return contact;
        }

        ContactId newContact(String name) {
            ContactId id = new ContactId(following);
            put(Contact.of(id, name));
            following++;
            return id;
        }

        Optional<Contact> owner(Identifier identifier) {
            return all.values().stream().filter(contact -> contact.identifier(identifier).isPresent()).findFirst();
        }

        Optional<KnownIdentifier> known(Identifier identifier) {
            return owner(identifier).flatMap(contact -> contact.identifier(identifier));
        }

        void addNew(ContactId id, Identifier identifier) {
            if (owner(identifier).isPresent()) {
                throw new IllegalArgumentException("a contact has this identifier already");
            }
            addIfNew(id, identifier, KnownIdentifier.Facts.NONE);
        }

        void addIfNew(ContactId id, Identifier identifier, KnownIdentifier.Facts facts) {
            if (!owner(identifier).isPresent()) {
                put(contact(id).with(KnownIdentifier.unvalidated(identifier, facts)));
            }
        }

        void update(Identifier identifier, UnaryOperator<KnownIdentifier> change) {
            owner(identifier).ifPresent(contact -> contact.identifier(identifier)
                    .ifPresent(known -> put(contact.with(change.apply(known)))));
        }

        void takeAway(Identifier identifier, Instant now) {
            if (identifier instanceof Identifier.OfIdentity identity) {
                lowerThrough(identity.id(), Demotion.Reason.TAKEN_APART, now);
            }
            owner(identifier).ifPresent(contact -> put(contact.without(identifier)));
        }

        void lower(Identifier identifier, Demotion.Reason why, Instant now) {
            update(identifier, known -> known.lowered(why, now));
        }

        void lowerThrough(IdentityId id, Demotion.Reason why, Instant now) {
            for (Contact contact : new ArrayList<>(all.values())) {
                for (KnownIdentifier known : contact.identifiers()) {
                    if (known.validatedThrough().equals(Optional.of(id))) {
                        lower(known.identifier(), why, now);
                    }
                }
            }
        }

        void lowerWithAll(Identifier.OfIdentity identity, Demotion.Reason why, Instant now) {
            lower(identity, why, now);
            lowerThrough(identity.id(), why, now);
        }

        void compromise(Identifier identifier, Demotion.Reason why, Instant now) {
            update(identifier, known -> known.compromised(why, now));
            if (identifier instanceof Identifier.OfIdentity identity) {
                lowerThrough(identity.id(), Demotion.Reason.IDENTITY_COMPROMISED, now);
            }
        }

        void prove(Evidence evidence, Instant now) {
            Optional<Identifier.OfIdentity> liar = evidence.conflict()
                    .map(conflict -> new Identifier.OfIdentity(conflict.id()));
            Optional<KnownIdentifier> known = liar.flatMap(this::known);
            // The user has verified the identity in spite of it, and knew.
            if (!known.isPresent() || known.get().knows(evidence)) {
                return;
            }
            update(liar.get(), identity -> identity.proven(evidence));
            compromise(liar.get(), Demotion.Reason.CONTRADICTS_ITSELF, now);
        }

        void alarm(Identifier.OfHandle handle, Warning.Kind kind, Instant now) {
            update(handle, known -> known.warned(kind, now).lowered(Demotion.Reason.HANDLE_ALARM, now));
        }

        /** Takes what is shown of an identity, if it is known and goes on from there; returns what is wrong if it does not. */
        Optional<Warning.Kind> follow(Chain shown, Instant now) {
            Identifier.OfIdentity identity = new Identifier.OfIdentity(shown.identity().id());
            Optional<KnownIdentifier> known = known(identity);
            Optional<Chain> before = known.flatMap(KnownIdentifier::chain);
            if (!known.isPresent()) {
                return Optional.empty();
            }
            if (!before.isPresent()) {
                boolean disagrees = known.get()
                        .card()
                        .flatMap(card -> card.disagreementWith(shown.identity()))
                        .isPresent();
                if (!disagrees) {
                    update(identity, each -> each.with(each.facts().withChain(shown)));
                }
                return disagrees ? Optional.of(Warning.Kind.CARD_DISAGREES) : Optional.empty();
            }
            Chain.Comparison comparison = before.get().compare(shown.operations());
            if (comparison instanceof Chain.Comparison.Forked forked) {
                prove(forked.evidence(), now);
                return Optional.of(Warning.Kind.CONTRADICTS_ITSELF);
            }
            if (comparison instanceof Chain.Comparison.Refused) {
                return Optional.of(Warning.Kind.WENT_BACK);
            }
            if (!(comparison instanceof Chain.Comparison.Continues continues)) {
                // Another server may lag behind the one that orders the operations; that none goes back itself, its pin sees.
                return Optional.empty();
            }
            Identity after = continues.chain().identity();
            if (after.epoch() > before.get().identity().epoch()) {
                lowerWithAll(identity, Demotion.Reason.NEW_EPOCH, now);
            }
            if (after.isDeactivated()) {
                lowerWithAll(identity, Demotion.Reason.IDENTITY_ENDED, now);
            }
            update(identity, each -> each.with(each.facts().withChain(continues.chain())));
            return Optional.empty();
        }

        /** Lowers what a changed claim of where to be reached is about. */
        void compareReach(Optional<Pin> before, ResolvedHandle found, Instant now) {
            if (!before.isPresent()) {
                return;
            }
            Identifier.OfIdentity identity = new Identifier.OfIdentity(found.identity().id());
            Binding old = before.get().binding().binding();
            boolean wasActive = old.state() == Binding.State.ACTIVE;
            boolean isActive = found.binding().binding().state() == Binding.State.ACTIVE;
            if (wasActive && isActive && !old.reach().equals(found.reach())) {
                lowerWithAll(identity, Demotion.Reason.REACH_CHANGED, now);
            }
            if (!isActive) {
                lower(new Identifier.OfHandle(found.handle()), Demotion.Reason.HANDLE_MOVED, now);
                Optional<Identifier.OfMatrix> account = old.reach()
                        .map(reach -> new Identifier.OfMatrix(reach.matrix()));
                if (account.flatMap(this::known)
                        .flatMap(KnownIdentifier::validatedThrough)
                        .equals(Optional.of(identity.id()))) {
                    lower(account.get(), Demotion.Reason.REACH_CHANGED, now);
                }
            }
        }

        /** Enters what a handle names, all that is new unvalidated. */
        void pin(ResolvedHandle found) {
            Identifier.OfHandle handle = new Identifier.OfHandle(found.handle());
            Identifier.OfIdentity identity = new Identifier.OfIdentity(found.identity().id());
            Optional<Contact> person = owner(handle);
            ContactId id = (person.isPresent() ? person : owner(identity)).map(Contact::id)
                    .orElseGet(() -> newContact(found.handle().toString()));
            addIfNew(id, identity, KnownIdentifier.Facts.NONE.withChain(found.chain()));
            addIfNew(id, handle, KnownIdentifier.Facts.NONE);
            update(handle, known -> known.with(known.facts().withPin(found.pin())));
            found.reach()
                    .ifPresent(reach -> addIfNew(id, new Identifier.OfMatrix(reach.matrix()),
                            KnownIdentifier.Facts.NONE));
        }

        /** Validates what the verified identity signs for in its contact. */
        void cover(Verification verification, Identity identity, Instant now) {
            Contact person = owner(verification.subject()).orElseThrow(IllegalStateException::new);
            for (KnownIdentifier known : person.identifiers()) {
                Optional<SignedBinding> binding = known.pin()
                        .filter(pin -> known.warnings().isEmpty() && isOf(pin.chain().identity(), identity))
                        .map(Pin::binding)
                        .filter(signed -> signed.binding().state() == Binding.State.ACTIVE
                                && signed.standing(identity) == SignedBinding.Standing.FRESH
                                && !signed.isExpiredAt(now.getEpochSecond()));
                if (binding.isPresent()) {
                    update(known.identifier(),
                            handle -> handle.validated(verification, Optional.of(identity.id()), now));
                    binding.get()
                            .binding()
                            .reach()
                            .ifPresent(reach -> cover(person, reach, verification, identity, now));
                }
            }
        }

        /** Returns whether {@code older} is a state of the same history. */
        private boolean isOf(Identity older, Identity identity) {
            return identity.at(older.seq()).equals(Optional.of(older));
        }

        private void cover(Contact person, Reach reach, Verification verification, Identity identity, Instant now) {
            Optional<KnownIdentifier> account = person.identifier(new Identifier.OfMatrix(reach.matrix()));
            boolean covered = account.isPresent() && account.get().state() == ContactState.UNVALIDATED
                    && (!account.get().masterKey().isPresent() || !reach.matrixMasterKey().isPresent()
                            || account.get().masterKey().equals(reach.matrixMasterKey()));
            if (covered) {
                update(account.get().identifier(), known -> known
                        .with(reach.matrixMasterKey().map(known.facts()::withMasterKey).orElse(known.facts()))
                        .validated(verification, Optional.of(identity.id()), now));
            }
        }

        void compareCard(KnownIdentifier known, Card card, Instant now) {
            Optional<Reason> fault = known.chain().flatMap(chain -> card.disagreementWith(chain.identity()));
            Optional<Card> before = known.card();
            boolean otherHistory = fault.isPresent() && !fault.equals(Optional.of(Reason.UNKNOWN_HEAD));
            boolean otherCard = before.filter(first -> first.headSeq() == card.headSeq()
                    && (first.headPrefix() != card.headPrefix() || first.epoch() != card.epoch())).isPresent();
            if (otherHistory || otherCard) {
                update(known.identifier(), identity -> identity.warned(Warning.Kind.CARD_DISAGREES, now));
            } else if (!before.isPresent()) {
                update(known.identifier(), identity -> identity.with(identity.facts().withCard(card)));
            }
        }

        /** Holds what was imported against what is known, which stands. */
        void compareImported(KnownIdentifier known, KnownIdentifier.Facts other, Instant now) {
            Identifier identifier = known.identifier();
            other.chain()
                    .flatMap(chain -> follow(chain, now))
                    .ifPresent(kind -> update(identifier, each -> each.warned(kind, now)));
            other.card().ifPresent(card -> compareCard(known, card, now));
            Optional<IdentityId> named = other.pin().isPresent() ? other.pin().map(Pin::id) : other.named();
            if (named.isPresent() && known.named().isPresent() && !named.equals(known.named())) {
                update(identifier, each -> each.warned(Warning.Kind.CARD_NAMES_ANOTHER, now));
            } else if (named.isPresent() && !known.pin().isPresent()) {
                update(identifier, each -> each.with(other.pin()
                        .map(each.facts()::withPin)
                        .orElse(each.facts().withNamed(named.get()))));
            }
        }
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof ContactBook that && contacts.equals(that.contacts) && next == that.next;
    }

    @Override
    public int hashCode() {
        return contacts.hashCode();
    }

    @Override
    public String toString() {
        return "ContactBook[" + contacts.size() + " contacts]";
    }
}
