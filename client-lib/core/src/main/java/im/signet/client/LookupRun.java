package im.signet.client;

import im.signet.client.contact.AddressBook;
import im.signet.client.contact.DiscoveredContact;
import im.signet.client.transport.Disclosure;
import im.signet.protocol.Parsed;
import im.signet.protocol.hash.LookupHash;
import im.signet.protocol.hash.Pepper;
import im.signet.protocol.identifier.Address;
import im.signet.protocol.identifier.UserId;
import im.signet.protocol.json.Json;
import im.signet.protocol.json.JsonArray;
import im.signet.protocol.json.JsonObject;
import im.signet.protocol.json.JsonString;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** One lookup of an address book, batch by batch; used once, by one thread. */
final class LookupRun {
    private final Access access;
    private final Consent<?> consent;
    private final AddressBook addressBook;
    private final List<Address> addresses;
    private final Map<Address, UserId> found = new HashMap<>();
    private String algorithm = HashDetails.SHA256;
    private int batchSize;
    private int asked;
    private int ignored;
    private boolean pepperWasRenewed;

    LookupRun(Access access, Consent<?> consent, AddressBook addressBook, int batchSize) {
        this.access = access;
        this.consent = consent;
        this.addressBook = addressBook;
        this.batchSize = batchSize;
        Set<Address> distinct = new LinkedHashSet<>();
        addressBook.entries().forEach(entry -> distinct.add(entry.address()));
        this.addresses = new ArrayList<>(distinct);
    }

    Lookup run() {
        if (addresses.isEmpty()) {
            return soFar();
        }
        Details details = readDetails();
        if (details instanceof Details.Failed failed) {
            return failed.failure();
        }
        HashDetails known = ((Details.Known) details).details();
        boolean mayReveal = Purpose.REVEAL_CONTACTS.equals(consent.purpose());
        if (!known.offers(HashDetails.SHA256) && mayReveal && known.offers(HashDetails.NONE)) {
            algorithm = HashDetails.NONE;
        }
        return known.offers(algorithm) ? lookUpAll(known.pepper()) : new Lookup.NoHashing(known.algorithms());
    }

    private Lookup lookUpAll(Pepper firstPepper) {
        Pepper pepper = firstPepper;
        while (asked < addresses.size()) {
            Map<String, Address> batch = nextBatch(pepper);
            Answer answer = ask(batch, pepper);
            if (answer instanceof Answer.Ok ok) {
                Optional<JsonObject> mappings = ok.body().object("mappings");
                if (!mappings.isPresent()) {
                    return stop(new Failure.Malformed("the answer to the lookup has no object 'mappings'"));
                }
                take(mappings.get(), batch);
            } else if (answer instanceof Answer.Refusal refusal && isPepperOutdated(refusal)) {
                Details renewed = renewPepper(refusal, pepper);
                if (renewed instanceof Details.Failed failed) {
                    return stop(failed.failure());
                }
                pepper = ((Details.Known) renewed).details().pepper();
            } else if (answer instanceof Answer.Refusal refusal && isBatchTooLarge(refusal, batch.size())) {
                batchSize = batch.size() / 2;
            } else {
                return stop(Answer.failure(answer));
            }
        }
        return soFar();
    }

    private Map<String, Address> nextBatch(Pepper pepper) {
        Map<String, Address> batch = new LinkedHashMap<>();
        for (Address address : addresses.subList(asked, Math.min(asked + batchSize, addresses.size()))) {
            batch.put(key(address, pepper), address);
        }
        return batch;
    }

    /** Returns what stands for an address in request and answer. */
    private String key(Address address, Pepper pepper) {
        return algorithm.equals(HashDetails.NONE)
                ? address.value() + " " + address.medium().wireName()
                : LookupHash.of(address, pepper).value();
    }

    private Answer ask(Map<String, Address> batch, Pepper pepper) {
        JsonObject body = JsonObject.builder()
                .put("algorithm", algorithm)
                .put("pepper", pepper.value())
                .put("addresses", JsonArray.ofStrings(new ArrayList<>(batch.keySet())))
                .build();
        Disclosure disclosure = algorithm.equals(HashDetails.NONE)
                ? Disclosures.contactAddresses(batch.size())
                : Disclosures.contactHashes(batch.size());
        return access.ask(consent, Call.post("/v2/lookup", body, disclosure));
    }

    private void take(JsonObject mappings, Map<String, Address> batch) {
        for (Map.Entry<String, Json> mapping : mappings.members().entrySet()) {
            Address address = batch.get(mapping.getKey());
            Optional<UserId> userId = mapping.getValue() instanceof JsonString text
                    ? UserId.parse(text.value()).toOptional()
                    : Optional.empty();
            if (address == null || !userId.isPresent()) {
                ignored++;
            } else {
                found.put(address, userId.get());
            }
        }
        asked += batch.size();
    }

    private boolean isPepperOutdated(Answer.Refusal refusal) {
        return refusal.errcode().equals("M_INVALID_PEPPER") && !pepperWasRenewed;
    }

    private static boolean isBatchTooLarge(Answer.Refusal refusal, int size) {
        return size > 1 && (refusal.status() == 413 || refusal.errcode().equals("M_TOO_LARGE"));
    }

    private Details renewPepper(Answer.Refusal refusal, Pepper outdated) {
        pepperWasRenewed = true;
        Optional<Pepper> told = HashDetails.newPepper(refusal.body(), algorithm)
                .filter(pepper -> !pepper.equals(outdated));
        if (told.isPresent()) {
            return new Details.Known(new HashDetails(told.get(), List.of(algorithm)));
        }
        Details details = readDetails();
        return details instanceof Details.Known known && !known.details().offers(algorithm)
                ? new Details.Failed(
                        new Failure.Malformed(
                                "the server stopped to offer " + algorithm + " in the middle of a lookup"))
                : details;
    }

    private Details readDetails() {
        Answer answer = access.ask(consent, Call.get("/v2/hash_details", Disclosures.HASH_DETAILS));
        if (!(answer instanceof Answer.Ok ok)) {
            return new Details.Failed(Answer.failure(answer));
        }
        Parsed<HashDetails> details = HashDetails.parse(ok.body());
        return details instanceof Parsed.Ok<HashDetails> known
                ? new Details.Known(known.value())
                : new Details.Failed(new Failure.Malformed(((Parsed.Refused<HashDetails>) details).reason()));
    }

    /** Returns {@code failure} when there is nothing to tell but it. */
    private Lookup stop(Failure failure) {
        if (asked == 0) {
            return failure;
        }
        Set<Address> unasked = new LinkedHashSet<>(addresses.subList(asked, addresses.size()));
        List<AddressBook.Entry> remaining = new ArrayList<>(addressBook.entries());
        remaining.removeIf(entry -> !unasked.contains(entry.address()));
        return new Lookup.Interrupted(soFar(), AddressBook.of(remaining), failure);
    }

    private Lookup.Found soFar() {
        List<DiscoveredContact> contacts = new ArrayList<>();
        for (AddressBook.Entry entry : addressBook.entries()) {
            UserId userId = found.get(entry.address());
            if (userId != null) {
                contacts.add(DiscoveredContact.lookedUp(entry, userId));
            }
        }
        return new Lookup.Found(contacts, asked, ignored);
    }

    private sealed interface Details {
        record Known(HashDetails details) implements Details {}

        record Failed(Failure failure) implements Details {}
    }
}
