package im.signet.kit.homeserver;

import im.signet.kit.outbound.Destination;
import im.signet.kit.outbound.GuardedHttpClient;
import im.signet.kit.outbound.NameResolver;
import im.signet.kit.outbound.OutboundRequest;
import im.signet.kit.outbound.OutboundResult;
import im.signet.kit.outbound.OutboundResult.Answered;
import im.signet.kit.outbound.OutboundTally;
import im.signet.kit.outbound.OutboundTally.Purpose;
import im.signet.protocol.Parsed;
import im.signet.protocol.identifier.ServerName;
import im.signet.protocol.identifier.UserId;
import im.signet.protocol.json.JsonObject;
import im.signet.protocol.json.StrictJson;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.List;

/**
 * Asks homeservers, which are found by server discovery and never trusted further than their own users. Each call takes
 * at most ten seconds, discovery included, and never throws for what a homeserver does. Safe for use by many threads.
 */
public final class Homeservers {

    private static final OutboundTally OUTBOUND = OutboundTally.requests();
    private static final Duration TIME_LIMIT = Duration.ofSeconds(10);
    private static final Duration TIME_LIMIT_BEFORE_THE_LAST = Duration.ofSeconds(4);
    private static final int MAX_TOKEN_LENGTH = 4096;

    private final ServedHomeservers served;
    private final GuardedHttpClient http;
    private final HomeserverDiscovery discovery;

    /** Makes the homeservers that are served; the random source shares load among SRV records. */
    public Homeservers(ServedHomeservers served, GuardedHttpClient http, NameResolver names, Clock clock,
            SecureRandom random) {
        this.served = served;
        this.http = http;
        this.discovery = new HomeserverDiscovery(new WellKnownServers(http, clock), names, random);
    }

    /**
     * Asks a homeserver whose OpenID token this is. Only a user of that very server is ever {@link UserInfo.Known}: a
     * homeserver has no say about users of others. See
     * <a href="https://spec.matrix.org/latest/server-server-api/#openid">Server-Server API, OpenID</a>.
     */
    public UserInfo userInfo(ServerName server, String openIdToken) {
        if (openIdToken.isEmpty() || openIdToken.length() > MAX_TOKEN_LENGTH) {
            return new UserInfo.Refused("an OpenID token has from 1 to " + MAX_TOKEN_LENGTH + " characters");
        }
        if (!served.serves(server)) {
            return new UserInfo.Refused(notServed(server));
        }
        String path = "/_matrix/federation/v1/openid/userinfo?access_token=" + encoded(openIdToken);
        return switch (OUTBOUND.counted(Purpose.OPENID, get(server, path))) {
            case Answered answered -> userInfo(server, answered);
            case OutboundResult.Refused refused -> new UserInfo.Unreachable(refused.reason());
            case OutboundResult.Unreachable unreachable -> new UserInfo.Unreachable(unreachable.reason());
        };
    }

    private static UserInfo userInfo(ServerName server, Answered answered) {
        int status = answered.status();
        if (status == 200) {
            return StrictJson.parseObject(answered.body())
                    .toOptional()
                    .<UserInfo>map(json -> ofItsOwn(server, json))
                    .orElseGet(() -> new UserInfo.Unreachable(server + " answers with something else than JSON"));
        }
        // Too slow and too many: these two say nothing of the token.
        boolean refused = status >= 400 && status < 500 && status != 408 && status != 429;
        return refused
                ? new UserInfo.Refused(server + " does not accept the token (status " + status + ")")
                : new UserInfo.Unreachable(server + " answers with status " + status);
    }

    private static UserInfo ofItsOwn(ServerName server, JsonObject json) {
        return json.string("sub")
                .map(UserId::parse)
                .flatMap(Parsed::toOptional)
                .filter(user -> user.serverName().equals(server))
                .<UserInfo>map(UserInfo.Known::new)
                .orElseGet(() -> new UserInfo.Refused(server + " names nobody of its own users"));
    }

    /** Returns whether users of that homeserver are served; others are not spoken to. */
    boolean serves(ServerName server) {
        return served.serves(server);
    }

    /**
     * Sends a GET request to a homeserver.
     *
     * @param pathAndQuery begins with one slash; percent-encoded by the caller
     */
    public OutboundResult get(ServerName server, String pathAndQuery) {
        return send(server, destination -> OutboundRequest.get(destination, pathAndQuery));
    }

    /**
     * Sends a POST request with a JSON body to a homeserver. Where its SRV records name several machines, one that
     * breaks off is followed by the next, so that the request may arrive more than once.
     *
     * @param path begins with one slash; percent-encoded by the caller
     */
    public OutboundResult post(ServerName server, String path, JsonObject body) {
        byte[] json = bytes(body);
        return send(server, destination -> OutboundRequest.post(destination, path, json));
    }

    /** Sends a PUT request with a JSON body to a homeserver, otherwise as {@link #post}. */
    public OutboundResult put(ServerName server, String path, JsonObject body) {
        byte[] json = bytes(body);
        return send(server, destination -> OutboundRequest.put(destination, path, json));
    }

    private OutboundResult send(ServerName server, RequestTo request) {
        if (!served.serves(server)) {
            return new OutboundResult.Refused(notServed(server));
        }
        Deadline deadline = Deadline.in(TIME_LIMIT);
        List<Destination> destinations = discovery.destinations(server, deadline);
        OutboundResult result = new OutboundResult.Unreachable(server + " says in DNS that it has no such service");
        for (int i = 0; i < destinations.size() && result instanceof OutboundResult.Unreachable; i++) {
            boolean last = i == destinations.size() - 1;
            Duration limit = deadline.left(last ? TIME_LIMIT : TIME_LIMIT_BEFORE_THE_LAST);
            result = http.send(request.to(destinations.get(i)).withTimeLimit(limit));
        }
        return result;
    }

    private static String notServed(ServerName server) {
        return server + " is not among the homeservers that are served here";
    }

    private static String encoded(String value) {
        return URLEncoder.encode(value, StandardCharsets.UTF_8).replace("+", "%20");
    }

    private static byte[] bytes(JsonObject body) {
        return StrictJson.write(body).getBytes(StandardCharsets.UTF_8);
    }

    @FunctionalInterface
    private interface RequestTo {
        OutboundRequest to(Destination destination);
    }
}
