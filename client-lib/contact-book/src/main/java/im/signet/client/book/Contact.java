package im.signet.client.book;

import im.signet.protocol.json.JsonString;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import org.jspecify.annotations.Nullable;

/**
 * One person with all their identifiers, each with a state of its own: there is none of the person. Immutable;
 * {@link #toString()} hides name and identifiers.
 */
public final class Contact {
    private static final int MAX_NAME = 500;

    private final ContactId id;
    private final String name;
    private final Map<Identifier, KnownIdentifier> identifiers;

    private Contact(ContactId id, String name, Map<Identifier, KnownIdentifier> identifiers) {
        this.id = id;
        this.name = name;
        this.identifiers = Collections.unmodifiableMap(identifiers);
    }

    /** Returns a contact without identifiers; throws an {@link IllegalArgumentException} when {@code name} is none. */
    static Contact of(ContactId id, String name) {
        return new Contact(id, requireName(name), new LinkedHashMap<>());
    }

    private static String requireName(String name) {
        if (name.length() > MAX_NAME) {
            throw new IllegalArgumentException("a name has at most " + MAX_NAME + " characters");
        }
        return new JsonString(name).value();
    }

    /** Returns {@code label} if it can be a name, and an empty one if not. */
    static String nameOf(String label) {
        try {
            return requireName(label);
        } catch (IllegalArgumentException e) {
            return "";
        }
    }

    /** Returns its number in the book. */
    public ContactId id() {
        return id;
    }

    /** Returns what the user calls the person; may be empty. */
    public String name() {
        return name;
    }

    /** Returns the identifiers, in the order in which they came; the list cannot be changed. */
    public List<KnownIdentifier> identifiers() {
        return Collections.unmodifiableList(new ArrayList<>(identifiers.values()));
    }

    /** Returns what is known of that identifier; empty when it is not of this contact. */
    public Optional<KnownIdentifier> identifier(Identifier identifier) {
        return Optional.ofNullable(identifiers.get(identifier));
    }

    Contact named(String other) {
        return new Contact(id, requireName(other), identifiers);
    }

    Contact with(KnownIdentifier known) {
        Map<Identifier, KnownIdentifier> more = new LinkedHashMap<>(identifiers);
        more.put(known.identifier(), known);
        return new Contact(id, name, more);
    }

    Contact without(Identifier identifier) {
        Map<Identifier, KnownIdentifier> fewer = new LinkedHashMap<>(identifiers);
        fewer.remove(identifier);
        return new Contact(id, name, fewer);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Contact that && id.equals(that.id) && name.equals(that.name)
                && identifiers().equals(that.identifiers());
    }

    @Override
    public int hashCode() {
        return id.hashCode();
    }

    @Override
    public String toString() {
        return "Contact[" + id.value() + ", " + identifiers.size() + " identifiers]";
    }
}
