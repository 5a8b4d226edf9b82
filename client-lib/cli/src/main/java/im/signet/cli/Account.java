package im.signet.cli;

import im.signet.client.AccessToken;
import im.signet.protocol.identifier.UserId;
import im.signet.protocol.json.Json;
import im.signet.protocol.json.JsonArray;
import im.signet.protocol.json.JsonNull;
import im.signet.protocol.json.JsonObject;
import im.signet.protocol.json.JsonString;

import java.net.URI;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What the user chose, and who they are there, as the vault keeps it.
 *
 * @param choice  the identity server, or that there is to be none; empty when nothing was chosen
 * @param user    whose session it is, empty when nobody is logged in
 * @param token   the session's
 * @param agreed  the purposes that were agreed to at this server, by the names of their types
 * @param trusted the nameservers that may be given the token
 */
record Account(Optional<Choice> choice, Optional<UserId> user, Optional<AccessToken> token, Set<String> agreed,
        Set<URI> trusted) {

    static final Account NONE = new Account(Optional.empty(), Optional.empty(), Optional.empty(), Set.of(), Set.of());

    /**
     * A choice.
     *
     * @param server the base URL; empty when there is to be none
     */
    record Choice(Optional<URI> server) {}

    static Account read(JsonObject json) {
        Optional<Choice> choice = json.get("base_url")
                .map(value -> new Choice(value instanceof JsonString text
                        ? Optional.of(URI.create(text.value()))
                        : Optional.empty()));
        return new Account(choice, json.string("user").flatMap(text -> UserId.parse(text).toOptional()),
                json.string("token").flatMap(text -> AccessToken.parse(text).toOptional()),
                new LinkedHashSet<>(strings(json, "agreed")),
                new LinkedHashSet<>(strings(json, "nameservers").stream().map(URI::create).toList()));
    }

    JsonObject toJson() {
        JsonObject.Builder json = JsonObject.builder();
        choice.ifPresent(made -> json.put("base_url",
                made.server().<Json>map(url -> new JsonString(url.toString())).orElse(JsonNull.NULL)));
        user.ifPresent(id -> json.put("user", id.value()));
        token.ifPresent(secret -> json.put("token", secret.reveal()));
        json.put("agreed", JsonArray.ofStrings(List.copyOf(agreed)));
        json.put("nameservers", JsonArray.ofStrings(trusted.stream().map(URI::toString).toList()));
        return json.build();
    }

    /** Returns this with another choice, at which nobody is logged in, nothing was agreed to and no nameserver is trusted. */
    Account choosing(Choice made) {
        return choice.equals(Optional.of(made))
                ? this
                : new Account(Optional.of(made), Optional.empty(), Optional.empty(), Set.of(), Set.of());
    }

    Account loggedIn(UserId who, AccessToken secret) {
        return new Account(choice, Optional.of(who), Optional.of(secret),
                user.equals(Optional.of(who)) ? agreed : Set.of(),
                trusted);
    }

    Account loggedOut() {
        return new Account(choice, Optional.empty(), Optional.empty(), Set.of(), trusted);
    }

    Account agreeing(String purpose) {
        Set<String> more = new LinkedHashSet<>(agreed);
        more.add(purpose);
        return new Account(choice, user, token, more, trusted);
    }

    Account trusting(URI nameserver) {
        Set<URI> more = new LinkedHashSet<>(trusted);
        more.add(nameserver);
        return new Account(choice, user, token, agreed, more);
    }

    private static List<String> strings(JsonObject json, String member) {
        List<String> strings = new ArrayList<>();
        json.array(member).map(JsonArray::items).orElse(List.of()).forEach(item -> {
            if (item instanceof JsonString text) {
                strings.add(text.value());
            }
        });
        return strings;
    }

    @Override
    public String toString() {
        return "Account[" + choice + ", " + user + "]";
    }
}
