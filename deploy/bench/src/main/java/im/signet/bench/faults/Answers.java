package im.signet.bench.faults;

import im.signet.bench.faults.Key.Kind;
import im.signet.bench.faults.Violation.What;
import im.signet.bench.faults.Wire.Call;
import im.signet.bench.faults.Wire.Reply;
import im.signet.client.ClientOptions;
import im.signet.client.HandleDirectory;
import im.signet.client.Resolution;
import im.signet.client.ResolveConsent;
import im.signet.client.jdk.JdkTransport;
import im.signet.client.transport.Request;
import im.signet.client.transport.Transport;
import im.signet.protocol.handle.Handle;
import im.signet.protocol.hash.LookupHash;
import im.signet.protocol.hash.Pepper;
import im.signet.protocol.identifier.Medium;
import im.signet.protocol.json.JsonArray;
import im.signet.protocol.json.JsonObject;

import java.net.URI;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Asks each server for what the database holds: they have to say the same, and what they sign has to verify. */
final class Answers {

    private static final String V2 = "/_matrix/identity/v2";
    private static final int MOST_ADDRESSES = 10_000;
    private static final int NEWEST = 60;

    private final Wire wire;
    private final Ledger ledger;
    private final Snapshot snapshot;
    private final String token;
    private final List<Violation> violations = new ArrayList<>();

    private Answers(Wire wire, Ledger ledger, Snapshot snapshot, String token) {
        this.wire = wire;
        this.ledger = ledger;
        this.snapshot = snapshot;
        this.token = token;
    }

    /**
     * Asks all servers.
     *
     * @param token of a user who may look up
     */
    static List<Violation> check(Wire wire, Ledger ledger, Snapshot snapshot, String token)
            throws InterruptedException {
        Answers answers = new Answers(wire, ledger, snapshot, token);
        for (int server = 0; server < wire.servers(); server++) {
            answers.lookups(server);
            answers.tokens(server);
            answers.handles(server);
        }
        return List.copyOf(answers.violations);
    }

    private void contradicts(Key key, int server, String expected, String found) {
        violations.add(new Violation(What.CONTRADICTED, key + ": " + expected,
                "server " + (char) ('A' + server) + " says " + found, ledger.linesAbout(key)));
    }

    private JsonObject ask(int server, Call call) throws InterruptedException {
        Reply reply = wire.send(server, call);
        if (reply instanceof Reply.Answered answered && answered.isGood()) {
            return answered.json();
        }
        violations.add(Violation.of(What.CONTRADICTED, "an answer to " + call.method() + " " + call.path(),
                "server " + (char) ('A' + server) + " says "
                        + (reply instanceof Reply.Answered refused ? refused.status() + " " + refused.body() : reply)));
        return JsonObject.of();
    }

    private void lookups(int server) throws InterruptedException {
        Optional<Pepper> pepper = ask(server, Call.get(V2 + "/hash_details", token)).string("lookup_pepper")
                .map(Pepper::of);
        if (pepper.isEmpty()) {
            return;
        }
        Map<String, Key> keyOf = new LinkedHashMap<>();
        ledger.things()
                .keySet()
                .stream()
                .filter(key -> key.kind() == Kind.BINDING)
                .forEach(
                        key -> keyOf.put(LookupHash.of(Medium.EMAIL, key.name(), pepper.get()).value(), key));
        List<String> hashes = List.copyOf(keyOf.keySet());
        for (int from = 0; from < hashes.size(); from += MOST_ADDRESSES) {
            List<String> some = hashes.subList(from, Math.min(hashes.size(), from + MOST_ADDRESSES));
            JsonObject mappings = ask(server, Call.post(V2 + "/lookup", token, JsonObject.builder()
                    .put("algorithm", "sha256")
                    .put("pepper", pepper.get().value())
                    .put("addresses", JsonArray.ofStrings(some))
                    .build())).object("mappings").orElse(JsonObject.of());
            for (String hash : some) {
                Key key = keyOf.get(hash);
                String held = snapshot.things().getOrDefault(key, Key.NONE);
                String said = mappings.string(hash).orElse(Key.NONE);
                if (key != null && !said.equals(held) && !mayFollowBetween(key, said)) {
                    contradicts(key, server, held, said);
                }
            }
        }
    }

    // Of somebody who left, what follows from that comes when it comes: also after the database was looked at.
    private boolean mayFollowBetween(Key key, String said) {
        Ledger.Expected expected = ledger.things().get(key);
        return expected != null && expected.isOpen() && expected.states().contains(said)
                && ledger.userOf(key).map(ledger::mayHaveEnded).orElse(false);
    }

    private void tokens(int server) throws InterruptedException {
        List<String> newest = List.copyOf(ledger.tokens().keySet());
        for (String hash : newest.subList(Math.max(0, newest.size() - NEWEST), newest.size())) {
            Key key = new Key(Kind.TOKEN, hash);
            String held = snapshot.things().getOrDefault(key, Key.NONE);
            Reply reply = wire.send(server,
                    Call.get("/_signet/terms/receipts", String.valueOf(ledger.tokens().get(hash))));
            int expected = held.equals(Key.NONE) ? 401 : 200;
            if (!(reply instanceof Reply.Answered answered) || answered.status() != expected) {
                contradicts(key, server, held, reply.toString());
            }
        }
    }

    private void handles(int server) {
        List<Key> all = ledger.things().keySet().stream().filter(key -> key.kind() == Kind.HANDLE).toList();
        HandleDirectory directory = HandleDirectory.with(to(server), ClientOptions.defaults());
        for (Key key : all.subList(Math.max(0, all.size() - NEWEST), all.size())) {
            if (ledger.userOf(key).map(ledger::mayHaveEnded).orElse(true)) {
                continue;
            }
            Handle handle = Handle.of(key.name());
            String held = snapshot.things().getOrDefault(key, Key.NONE);
            Resolution resolution = directory.resolve(handle, ResolveConsent.toFind(handle), Optional.empty());
            String said = switch (resolution) {
                case Resolution.Found found -> found.handle().binding().opId().value();
                case Resolution.NotFound _ -> Key.NONE;
                case Resolution.Gone _ -> "released";
                default -> resolution.toString();
            };
            if (!said.equals(held)) {
                contradicts(key, server, held, said);
            }
        }
    }

    /** The way to one server, whatever host is asked. */
    private Transport to(int server) {
        Transport transport = JdkTransport.create();
        return request -> {
            URI given = request.url();
            URI url = wire.url(server)
                    .resolve(
                            given.getRawPath() + (given.getRawQuery() == null ? "" : "?" + given.getRawQuery()));
            return transport.send(request.body()
                    .map(body -> Request.of(request.method(), url, request.headers(), body))
                    .orElseGet(() -> Request.of(request.method(), url, request.headers())));
        };
    }
}
