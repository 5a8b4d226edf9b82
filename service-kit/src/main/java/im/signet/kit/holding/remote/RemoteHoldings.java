package im.signet.kit.holding.remote;

import im.signet.kit.holding.ConfirmationLink;
import im.signet.kit.holding.Ending;
import im.signet.kit.holding.Holding;
import im.signet.kit.holding.Holdings;
import im.signet.kit.peer.Peer;
import im.signet.protocol.identifier.UserId;
import im.signet.protocol.json.Json;
import im.signet.protocol.json.JsonObject;
import im.signet.protocol.json.StrictJson;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What a service in another process keeps: asked over HTTP, each time anew. */
final class RemoteHoldings implements Holdings, AutoCloseable {

    private static final String JSON = "application/json";

    private final String service;
    private final Peer peer;

    RemoteHoldings(String service, Peer peer) {
        this.service = service;
        this.peer = peer;
    }

    @Override
    public String service() {
        return service;
    }

    @Override
    public List<Holding> of(UserId user) {
        JsonObject answer = ask(HoldingsController.OF, JsonObject.builder().put("user", user.value()).build());
        List<Holding> holdings = new ArrayList<>();
        for (Json one : answer.array("holdings").orElseThrow(this::unreadable).items()) {
            if (!(one instanceof JsonObject holding)) {
                throw unreadable();
            }
            holdings.add(new Holding(holding.string("id").orElseThrow(this::unreadable),
                    holding.string("kind").orElseThrow(this::unreadable),
                    holding.string("shown").orElseThrow(this::unreadable),
                    holding.bool("reachable").orElseThrow(this::unreadable),
                    Instant.ofEpochMilli(holding.integer("since_ts").orElseThrow(this::unreadable))));
        }
        return List.copyOf(holdings);
    }

    @Override
    public boolean send(UserId user, String id, ConfirmationLink link) {
        JsonObject.Builder body = JsonObject.builder()
                .put("user", user.value())
                .put("id", id)
                .put("url", link.url().toString())
                .put("ending", link.ending().name().toLowerCase(Locale.ROOT))
                .put("life_ms", link.life().toMillis())
                .put("language", link.audience().language().toLanguageTag());
        link.audience().brand().ifPresent(brand -> body.put("brand", brand));
        // A second time would send a second message.
        return read(peer.postOnce(HoldingsController.SEND, JSON, JSON, StrictJson.write(body.build())))
                .bool("sent")
                .orElseThrow(this::unreadable);
    }

    @Override
    public void end(UserId user, Ending ending, Instant before) {
        ask(HoldingsController.END, JsonObject.builder()
                .put("user", user.value())
                .put("ending", ending.name().toLowerCase(Locale.ROOT))
                .put("before", before.toString())
                .build());
    }

    private JsonObject ask(String path, JsonObject body) {
        return read(peer.post(path, JSON, JSON, StrictJson.write(body)));
    }

    private JsonObject read(Peer.Reply reply) {
        return switch (reply) {
            case Peer.Reply.Answered(int status, String answer) when status == 200 ->
                StrictJson.parseObject(answer).orElseThrow(_ -> unreadable());
            case Peer.Reply.Answered(int status, _) ->
                throw new IllegalStateException("the service " + service + " answered " + status + (status == 401
                        ? ": compare the secret of signet.introspection.clients with its signet.terms-service"
                        : ""));
            case Peer.Reply.Unreachable(String reason) ->
                throw new IllegalStateException("the service " + service + " could not be asked: " + reason);
        };
    }

    private IllegalStateException unreadable() {
        return new IllegalStateException("the service " + service + " gave an answer that cannot be read");
    }

    @Override
    public void close() {
        peer.close();
    }
}
