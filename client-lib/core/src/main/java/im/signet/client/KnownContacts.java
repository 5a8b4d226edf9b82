package im.signet.client;

import im.signet.client.contact.AddressBook;
import im.signet.client.contact.DiscoveredContact;
import im.signet.protocol.Parsed;
import im.signet.protocol.identifier.Address;
import im.signet.protocol.identifier.UserId;
import im.signet.protocol.json.Json;
import im.signet.protocol.json.JsonArray;
import im.signet.protocol.json.JsonObject;

import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What one server answered to earlier lookups, so that it is asked only for what is new or out of date. The application
 * keeps it between two {@link Discovery#update}s, where the address book is kept: it holds addresses. Immutable;
 * {@link #toString()} tells its size only.
 */
public final class KnownContacts {
    private static final long VERSION = 1;

    private final URI server;
    private final Map<Address, Known> known;

    private KnownContacts(URI server, Map<Address, Known> known) {
        this.server = server;
        this.known = Collections.unmodifiableMap(known);
    }

    /** What the server said of one address, and when it was asked: a user, or that it knows nobody. */
    private record Known(Optional<UserId> userId, Instant at) {
        boolean isFresh(Instant now, Duration lifetime) {
            // What was asked in the future was asked by another clock.
            return !at.isAfter(now) && Duration.between(at, now).compareTo(lifetime) < 0;
        }
    }

    /** Returns what is known of a server that was never asked. */
    public static KnownContacts none(IdentityServer server) {
        return new KnownContacts(server.baseUrl(), Map.of());
    }

    /** Returns what {@link #toJson} has written. */
    public static Parsed<KnownContacts> parse(JsonObject stored) {
        if (!stored.integer("v").equals(Optional.of(VERSION))) {
            return Parsed.refused("the known contacts are of a version that is not known here");
        }
        Map<Address, Known> known = new LinkedHashMap<>();
        for (Json item : stored.array("answers").map(JsonArray::items).orElse(List.of())) {
            Optional<JsonObject> answer = item instanceof JsonObject object ? Optional.of(object) : Optional.empty();
            Optional<Address> address = answer.flatMap(object -> AssociationCheck.address(object).toOptional());
            Optional<Instant> at = answer.flatMap(object -> object.integer("at")).map(Instant::ofEpochMilli);
            Optional<String> named = answer.flatMap(object -> object.string("mxid"));
            Optional<UserId> userId = named.flatMap(text -> UserId.parse(text).toOptional());
            if (!address.isPresent() || !at.isPresent() || named.isPresent() != userId.isPresent()) {
                return Parsed.refused("a known contact has no address or no time, or a user who is none");
            }
            known.put(address.get(), new Known(userId, at.get()));
        }
        try {
            return BaseUrl.parse(new URI(stored.string("server").orElse("")), true)
                    .map(server -> new KnownContacts(server, known));
        } catch (URISyntaxException e) {
            return Parsed.refused("the known contacts are of no server");
        }
    }

    /** Returns the base URL of the server that gave the answers. */
    public URI server() {
        return server;
    }

    /** Returns who of {@code addressBook} was found, however long ago, in its order; the list cannot be changed. */
    public List<DiscoveredContact> contacts(AddressBook addressBook) {
        List<DiscoveredContact> contacts = new ArrayList<>();
        for (AddressBook.Entry entry : addressBook.entries()) {
            Known answer = known.get(entry.address());
            if (answer != null && answer.userId().isPresent()) {
                contacts.add(DiscoveredContact.lookedUp(entry, answer.userId().get()));
            }
        }
        return Collections.unmodifiableList(contacts);
    }

    /** Returns the form to store, addresses in the clear. */
    public JsonObject toJson() {
        List<JsonObject> answers = new ArrayList<>();
        known.forEach((address, answer) -> {
            JsonObject.Builder item = JsonObject.builder()
                    .put("medium", address.medium().wireName())
                    .put("address", address.value())
                    .put("at", answer.at().toEpochMilli());
            answer.userId().ifPresent(userId -> item.put("mxid", userId.value()));
            answers.add(item.build());
        });
        return JsonObject.builder()
                .put("v", VERSION)
                .put("server", server.toString())
                .put("answers", JsonArray.of(answers))
                .build();
    }

    /** Returns the entries of {@code addressBook} that the server has not answered for within {@code lifetime}. */
    AddressBook outdated(AddressBook addressBook, Instant now, Duration lifetime) {
        List<AddressBook.Entry> entries = new ArrayList<>(addressBook.entries());
        entries.removeIf(entry -> {
            Known answer = known.get(entry.address());
            return answer != null && answer.isFresh(now, lifetime);
        });
        return AddressBook.of(entries);
    }

    /**
     * Returns what is known after {@code lookup} of {@code asked}. Of addresses that are no longer in {@code addressBook}
     * nothing is kept.
     */
    KnownContacts after(Lookup lookup, AddressBook asked, AddressBook addressBook, Instant now) {
        Map<Address, Known> next = new LinkedHashMap<>();
        for (AddressBook.Entry entry : addressBook.entries()) {
            Known before = known.get(entry.address());
            if (before != null) {
                next.put(entry.address(), before);
            }
        }
        Optional<Lookup.Found> found = lookup instanceof Lookup.Interrupted interrupted
                ? Optional.of(interrupted.soFar())
                : lookup instanceof Lookup.Found all ? Optional.of(all) : Optional.empty();
        if (!found.isPresent()) {
            return new KnownContacts(server, next);
        }
        Set<Address> answered = new LinkedHashSet<>();
        asked.entries().forEach(entry -> answered.add(entry.address()));
        if (lookup instanceof Lookup.Interrupted interrupted) {
            interrupted.remaining().entries().forEach(entry -> answered.remove(entry.address()));
        }
        answered.forEach(address -> next.put(address, new Known(Optional.empty(), now)));
        found.get()
                .contacts()
                .forEach(contact -> next.put(contact.address(), new Known(Optional.of(contact.userId()), now)));
        return new KnownContacts(server, next);
    }

    @Override
    public String toString() {
        return "KnownContacts[" + server + ", " + known.size() + " addresses]";
    }
}
