package im.signet.client.book;

import im.signet.client.book.KnownIdentifier.Facts;
import im.signet.client.book.KnownIdentifier.Standing;
import im.signet.client.book.KnownIdentifier.Validation;
import im.signet.client.handle.Chain;
import im.signet.client.handle.Evidence;
import im.signet.client.handle.Pin;
import im.signet.protocol.Parsed;
import im.signet.protocol.handle.Card;
import im.signet.protocol.handle.Handle;
import im.signet.protocol.handle.IdentityId;
import im.signet.protocol.handle.JwsKey;
import im.signet.protocol.identifier.Address;
import im.signet.protocol.identifier.Medium;
import im.signet.protocol.identifier.UserId;
import im.signet.protocol.json.Json;
import im.signet.protocol.json.JsonArray;
import im.signet.protocol.json.JsonObject;
import im.signet.protocol.json.JsonString;
import im.signet.protocol.json.StrictJson;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * A contact book as bytes: for the store of this device with all states behind a checksum, for other devices as JSON that has
 * no place for a state. What cannot be read to the last byte is not read at all.
 */
final class ContactBookFormat {
    /** How large a book can be: some thousand contacts with their pins. */
    static final int MAX_BYTES = 32 * 1024 * 1024;

    private static final int VERSION = 1;
    private static final int MAX_CONTACTS = 100_000;
    private static final StrictJson.Limits LIMITS = new StrictJson.Limits(MAX_BYTES, 16);
    private static final String HEADER = "SIGNET-CONTACTS 1 ";
    private static final int CHECKSUM = 64;
    private static final String BOOK = "signet.contacts.book";
    private static final String EXPORT = "signet.contacts.export";
    private static final List<String> FACTS = List
            .of("type", "value", "card", "chain", "pin", "named", "master_key", "found_as", "evidence");
    private static final List<String> STATES = List
            .of("compromised", "validated_by", "validated_at", "through", "demoted", "demoted_at", "warnings");

    private ContactBookFormat() {}

    /** That a text is not what it should be. */
    private static final class Malformed extends Exception {
        private static final long serialVersionUID = 1;

        Malformed(String what) {
            super(what, null, false, false);
        }
    }

    /** Somebody of another device's book, of whom nothing is a state. */
    record Imported(String name, List<KnownIdentifier> identifiers, List<Evidence> evidence) {}

    /** Returns the book for the store of this device. */
    static byte[] write(ContactBook book) {
        JsonObject json = JsonObject.builder()
                .put("v", VERSION)
                .put("kind", BOOK)
                .put("next", book.next())
                .put("contacts", contacts(book, true))
                .build();
        String text = StrictJson.write(json);
        return (HEADER + checksum(text) + "\n" + text).getBytes(StandardCharsets.UTF_8);
    }

    /** Returns the book that this device has stored. */
    static Parsed<ContactBook> read(byte[] bytes) {
        int start = HEADER.length() + CHECKSUM + 1;
        if (bytes.length < start) {
            return Parsed.refused("it is too short");
        }
        byte[] content = Arrays.copyOfRange(bytes, start, bytes.length);
        byte[] head = (HEADER + checksum(content) + "\n").getBytes(StandardCharsets.US_ASCII);
        if (!Arrays.equals(head, Arrays.copyOf(bytes, start))) {
            return Parsed.refused("it is no contact book of a version that is known here, or not as it was written");
        }
        return StrictJson.parseObject(content, LIMITS).flatMap(json -> judged(() -> book(json)));
    }

    /** Returns the contacts without their states. */
    static String writeExport(ContactBook book) {
        return StrictJson.write(JsonObject.builder()
                .put("v", VERSION)
                .put("kind", EXPORT)
                .put("contacts", contacts(book, false))
                .build());
    }

    /** Returns the contacts of an export. */
    static Parsed<List<Imported>> readExport(String text) {
        return StrictJson.parseObject(text, LIMITS).flatMap(json -> judged(() -> imported(json)));
    }

    private interface Reading<T> {
        T read() throws Malformed;
    }

    private static <T> Parsed<T> judged(Reading<T> reading) {
        try {
            return Parsed.ok(reading.read());
        } catch (Malformed e) {
            return Parsed.refused(String.valueOf(e.getMessage()));
        }
    }

    private static String checksum(String text) {
        return checksum(text.getBytes(StandardCharsets.UTF_8));
    }

    private static String checksum(byte[] content) {
        try {
            StringBuilder hex = new StringBuilder();
            for (byte b : MessageDigest.getInstance("SHA-256").digest(content)) {
                hex.append(Character.forDigit((b >> 4) & 0xF, 16)).append(Character.forDigit(b & 0xF, 16));
            }
            return hex.toString();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    // Writing.

    private static JsonArray contacts(ContactBook book, boolean withStates) {
        List<Json> contacts = new ArrayList<>();
        for (Contact contact : book.contacts()) {
            List<Json> identifiers = new ArrayList<>();
            for (KnownIdentifier known : contact.identifiers()) {
                identifiers.add(identifier(known, withStates));
            }
            JsonObject.Builder json = JsonObject.builder();
            if (withStates) {
                json.put("number", contact.id().value());
            }
            contacts.add(json.put("name", contact.name()).put("identifiers", JsonArray.of(identifiers)).build());
        }
        return JsonArray.of(contacts);
    }

    private static JsonObject identifier(KnownIdentifier known, boolean withStates) {
        JsonObject.Builder json = JsonObject.builder();
        Identifier identifier = known.identifier();
        if (identifier instanceof Identifier.OfIdentity identity) {
            json.put("type", "identity").put("value", identity.id().value());
        } else if (identifier instanceof Identifier.OfHandle handle) {
            json.put("type", "handle").put("value", handle.handle().toString());
        } else if (identifier instanceof Identifier.OfMatrix account) {
            json.put("type", "matrix").put("value", account.userId().value());
        } else if (identifier instanceof Identifier.OfAddress address) {
            json.put("type", address.address().medium().wireName()).put("value", address.address().value());
        }
        Facts facts = known.facts();
        facts.card().ifPresent(card -> json.put("card", card.toText()));
        facts.chain().ifPresent(chain -> json.put("chain", chain.toJson()));
        facts.pin().ifPresent(pin -> json.put("pin", pin.toText()));
        facts.named().ifPresent(id -> json.put("named", id.value()));
        facts.masterKey().ifPresent(key -> json.put("master_key", key.x()));
        facts.foundAs().ifPresent(userId -> json.put("found_as", userId.value()));
        if (!known.evidence().isEmpty()) {
            List<String> texts = new ArrayList<>();
            known.evidence().forEach(evidence -> texts.add(evidence.toText()));
            json.put("evidence", JsonArray.ofStrings(texts));
        }
        if (withStates) {
            states(known.standing(), json);
        }
        return json.build();
    }

    private static void states(Standing standing, JsonObject.Builder json) {
        if (standing.compromised()) {
            json.put("compromised", true);
        }
        standing.validation().ifPresent(validation -> {
            json.put("validated_by", wireName(validation.kind()));
            json.put("validated_at", validation.at().toEpochMilli());
            validation.through().ifPresent(id -> json.put("through", id.value()));
        });
        standing.demotion().ifPresent(demotion -> {
            json.put("demoted", wireName(demotion.reason()));
            json.put("demoted_at", demotion.at().toEpochMilli());
        });
        if (!standing.warnings().isEmpty()) {
            List<Json> warnings = new ArrayList<>();
            for (Warning warning : standing.warnings()) {
                warnings.add(JsonObject.builder()
                        .put("kind", wireName(warning.kind()))
                        .put("at", warning.at().toEpochMilli())
                        .build());
            }
            json.put("warnings", JsonArray.of(warnings));
        }
    }

    private static String wireName(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }

    // Reading.

    private static ContactBook book(JsonObject json) throws Malformed {
        requireMembers(json, List.of("v", "kind", "next", "contacts"));
        requireKind(json, BOOK);
        long next = integer(json, "next").orElseThrow(() -> new Malformed("it has no next number"));
        List<Contact> contacts = new ArrayList<>();
        Set<Identifier> seen = new HashSet<>();
        long last = 0;
        for (JsonObject each : objects(json, "contacts")) {
            requireMembers(each, List.of("number", "name", "identifiers"));
            long number = integer(each, "number").orElseThrow(() -> new Malformed("a contact has no number"));
            require(number > last && number < next, "the numbers of contacts are not in order");
            last = number;
            Contact contact = Contact.of(new ContactId(number), name(each));
            for (JsonObject identifier : objects(each, "identifiers")) {
                requireMembers(identifier, concat(FACTS, STATES));
                Identifier key = identifier(identifier);
                require(seen.add(key), "an identifier stands twice");
                contact = contact.with(KnownIdentifier.stored(key, facts(key, identifier), standing(identifier)));
            }
            contacts.add(contact);
        }
        return ContactBook.of(contacts, next);
    }

    private static List<Imported> imported(JsonObject json) throws Malformed {
        requireMembers(json, List.of("v", "kind", "contacts"));
        requireKind(json, EXPORT);
        List<Imported> all = new ArrayList<>();
        Set<Identifier> seen = new HashSet<>();
        for (JsonObject each : objects(json, "contacts")) {
            requireMembers(each, List.of("name", "identifiers"));
            List<KnownIdentifier> identifiers = new ArrayList<>();
            List<Evidence> evidence = new ArrayList<>();
            for (JsonObject identifier : objects(each, "identifiers")) {
                requireMembers(identifier, FACTS);
                Identifier key = identifier(identifier);
                require(seen.add(key), "an identifier stands twice");
                identifiers.add(KnownIdentifier.unvalidated(key, facts(key, identifier)));
                evidence.addAll(evidence(identifier));
            }
            all.add(new Imported(name(each), identifiers, evidence));
        }
        return all;
    }

    private static String name(JsonObject contact) throws Malformed {
        String name = string(contact, "name").orElseThrow(() -> new Malformed("a contact has no name"));
        require(Contact.nameOf(name).equals(name), "a name is too long");
        return name;
    }

    private static Identifier identifier(JsonObject json) throws Malformed {
        String value = string(json, "value").orElse("");
        Optional<? extends Identifier> identifier = switch (string(json, "type").orElse("")) {
            case "identity" -> IdentityId.parse(value).toOptional().map(Identifier.OfIdentity::new);
            case "handle" -> Handle.parse(value).toOptional().map(Identifier.OfHandle::new);
            case "matrix" -> UserId.parse(value).toOptional().map(Identifier.OfMatrix::new);
            case "email" -> address(Medium.EMAIL, value);
            case "msisdn" -> address(Medium.MSISDN, value);
            default -> Optional.empty();
        };
        return identifier.orElseThrow(() -> new Malformed("an identifier is malformed"));
    }

    private static Optional<Identifier.OfAddress> address(Medium medium, String value) {
        return Address.parse(medium, value)
                .toOptional()
                .filter(address -> address.value().equals(value))
                .map(Identifier.OfAddress::new);
    }

    private static Facts facts(Identifier key, JsonObject json) throws Malformed {
        Optional<Card> card = optional(json, "card", text -> Card.parse(text).toOptional());
        Optional<Chain> chain = Optional.empty();
        if (json.get("chain").isPresent()) {
            chain = json.get("chain").flatMap(operations -> Chain.parse(operations).toOptional());
            require(chain.isPresent(), "a chain is refused");
        }
        Facts facts = new Facts(card, chain, optional(json, "pin", text -> Pin.parse(text).toOptional()),
                optional(json, "named", text -> IdentityId.parse(text).toOptional()),
                optional(json, "master_key", text -> JwsKey.parse(text).toOptional()),
                optional(json, "found_as", text -> UserId.parse(text).toOptional()));
        boolean handle = key instanceof Identifier.OfHandle;
        require(facts.card().map(known -> key.equals(new Identifier.OfIdentity(known.id()))).orElse(true),
                "a card is of another identity");
        require(facts.chain().map(known -> key.equals(new Identifier.OfIdentity(known.identity().id()))).orElse(true),
                "a chain is of another identity");
        require(facts.pin().map(pin -> key.equals(new Identifier.OfHandle(pin.handle()))).orElse(true),
                "a pin is of another handle");
        require(!facts.named().isPresent() || (handle && !facts.pin().isPresent()), "a handle is named twice");
        require(!facts.masterKey().isPresent() || key instanceof Identifier.OfMatrix, "a key of no account");
        require(!facts.foundAs().isPresent() || key instanceof Identifier.OfAddress, "found without an address");
        return facts;
    }

    private static Standing standing(JsonObject json) throws Malformed {
        boolean compromised = json.get("compromised").isPresent();
        require(!compromised || json.bool("compromised").equals(Optional.of(true)), "a state is malformed");
        Optional<Verification.Kind> by = optional(json, "validated_by", text -> of(Verification.Kind.values(), text));
        Optional<Instant> at = time(json, "validated_at");
        Optional<IdentityId> through = optional(json, "through", text -> IdentityId.parse(text).toOptional());
        Optional<Demotion.Reason> why = optional(json, "demoted", text -> of(Demotion.Reason.values(), text));
        Optional<Instant> since = time(json, "demoted_at");
        require(by.isPresent() == at.isPresent() && (by.isPresent() || !through.isPresent())
                && !(by.isPresent() && compromised) && why.isPresent() == since.isPresent(), "a state is malformed");
        List<Warning> warnings = new ArrayList<>();
        if (json.get("warnings").isPresent()) {
            for (JsonObject each : objects(json, "warnings")) {
                requireMembers(each, List.of("kind", "at"));
                Optional<Warning.Kind> kind = optional(each, "kind", text -> of(Warning.Kind.values(), text));
                Optional<Instant> seen = time(each, "at");
                require(kind.isPresent() && seen.isPresent(), "a warning is malformed");
                warnings.add(new Warning(kind.get(), seen.get()));
            }
        }
        return new Standing(compromised, by.map(kind -> new Validation(kind, at.get(), through)),
                why.map(reason -> new Demotion(reason, since.get())), warnings, evidence(json));
    }

    private static List<Evidence> evidence(JsonObject json) throws Malformed {
        List<Evidence> all = new ArrayList<>();
        if (json.get("evidence").isPresent()) {
            JsonArray array = json.array("evidence").orElseThrow(() -> new Malformed("evidence is malformed"));
            for (Json each : array.items()) {
                Optional<Evidence> evidence = each instanceof JsonString text
                        ? Evidence.parse(text.value()).toOptional()
                        : Optional.empty();
                all.add(evidence.orElseThrow(() -> new Malformed("evidence proves nothing")));
            }
        }
        return all;
    }

    private static <E extends Enum<E>> Optional<E> of(E[] values, String text) {
        return Arrays.stream(values).filter(value -> wireName(value).equals(text)).findFirst();
    }

    private static void requireKind(JsonObject json, String kind) throws Malformed {
        require(json.integer("v").equals(Optional.of((long) VERSION))
                && json.string("kind").equals(Optional.of(kind)), "it is of another kind or version");
    }

    private static void requireMembers(JsonObject json, List<String> allowed) throws Malformed {
        require(allowed.containsAll(json.members().keySet()), "it has a member that has no place there");
    }

    private static List<String> concat(List<String> some, List<String> more) {
        List<String> all = new ArrayList<>(some);
        all.addAll(more);
        return all;
    }

    private static List<JsonObject> objects(JsonObject json, String name) throws Malformed {
        JsonArray array = json.array(name).orElseThrow(() -> new Malformed("a list is missing"));
        require(array.items().size() <= MAX_CONTACTS, "a list is too long");
        List<JsonObject> objects = new ArrayList<>();
        for (Json item : array.items()) {
            require(item instanceof JsonObject, "a list has something else in it");
            objects.add((JsonObject) item);
        }
        return objects;
    }

    private static Optional<String> string(JsonObject json, String name) throws Malformed {
        return optional(json, name, Optional::of);
    }

    private static Optional<Long> integer(JsonObject json, String name) throws Malformed {
        require(!json.get(name).isPresent() || json.integer(name).isPresent(), "a number is malformed");
        return json.integer(name);
    }

    private static Optional<Instant> time(JsonObject json, String name) throws Malformed {
        return integer(json, name).map(Instant::ofEpochMilli);
    }

    private static <T> Optional<T> optional(JsonObject json, String name, Function<String, Optional<T>> reader)
            throws Malformed {
        Optional<T> value = json.string(name).flatMap(reader);
        require(value.isPresent() == json.get(name).isPresent(), "a member is malformed");
        return value;
    }

    private static void require(boolean holds, String what) throws Malformed {
        if (!holds) {
            throw new Malformed(what);
        }
    }
}
