package im.signet.demo;

import im.signet.protocol.Parsed;
import im.signet.protocol.identifier.ServerName;
import im.signet.protocol.identifier.UserId;
import im.signet.protocol.json.Json;
import im.signet.protocol.json.JsonArray;
import im.signet.protocol.json.JsonObject;
import im.signet.protocol.json.StrictJson;

import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;

import org.jspecify.annotations.Nullable;

/** What the demonstration homeserver answers when it behaves: the few endpoints that an identity service and its clients meet. */
final class MatrixEndpoints {
    private static final String ONBIND = "/_matrix/federation/v1/3pid/onbind";
    private static final String ACCOUNT_DATA = "/_matrix/client/v3/user/{userId}/account_data/{type}";
    private static final List<String> VERSIONS = List.of("v1.15", "v1.16", "v1.17", "v1.18");
    /** What the server itself writes; clients cannot. */
    private static final Set<String> SERVER_DATA = Set.of("m.fully_read", "m.push_rules");

    private final ServerName name;
    private final URI baseUrl;
    private final Accounts accounts;
    private final ServerKeys keys;
    private final IdentityServers identityServers;
    private final List<JsonObject> onbinds = new CopyOnWriteArrayList<>();
    private volatile @Nullable UserId userInfo;
    private volatile @Nullable URI identityServer;
    private volatile String onbindMethod = "POST";

    MatrixEndpoints(ServerName name, URI baseUrl, Accounts accounts, ServerKeys keys,
            IdentityServers identityServers) {
        this.name = name;
        this.baseUrl = baseUrl;
        this.accounts = accounts;
        this.keys = keys;
        this.identityServers = identityServers;
    }

    void answerUserInfoAs(@Nullable UserId someone) {
        userInfo = someone;
    }

    void advertise(URI server) {
        identityServer = server;
    }

    void takeOnbindBy(String method) {
        onbindMethod = method;
    }

    List<JsonObject> onbinds() {
        return List.copyOf(onbinds);
    }

    Reply answer(RecordedRequest request) {
        return Route.dispatch(routes(), request);
    }

    private List<Route> routes() {
        return List.of(
                new Route("POST", "/_matrix/client/v3/user/{userId}/openid/request_token", this::requestOpenIdToken),
                new Route("GET", "/_matrix/client/v3/account/whoami", (request, _) -> whoAmI(request)),
                new Route("POST", "/_matrix/client/v3/account/3pid/bind",
                        (request, _) -> asUser(request,
                                user -> withBody(request, body -> identityServers.bind(user, body)))),
                new Route("POST", "/_matrix/client/v3/account/3pid/unbind",
                        (request, _) -> asUser(request,
                                user -> withBody(request, body -> identityServers.unbind(user, body)))),
                new Route("GET", ACCOUNT_DATA, this::getAccountData),
                new Route("PUT", ACCOUNT_DATA, this::putAccountData),
                new Route("GET", "/_matrix/client/versions", (_, _) -> versions()),
                new Route("GET", "/.well-known/matrix/client", (_, _) -> clientDiscovery()),
                new Route("GET", "/.well-known/matrix/server", (_, _) -> serverDiscovery()),
                new Route("GET", "/_matrix/federation/v1/version", (_, _) -> serverVersion()),
                new Route("GET", "/_matrix/key/v2/server", (_, _) -> Reply.ok(keys.published())),
                new Route("GET", "/_matrix/federation/v1/openid/userinfo", (request, _) -> userInfo(request)),
                new Route(onbindMethod, ONBIND, (request, _) -> onbind(request)));
    }

    private Reply requestOpenIdToken(RecordedRequest request, List<String> values) {
        return asOwner(request, values.getFirst(), user -> withBody(request, _ -> Reply.ok(openId(user))));
    }

    /** Returns a new OpenID object, which a client passes on whole. */
    JsonObject openId(UserId user) {
        return JsonObject.builder()
                .put("access_token", accounts.newOpenIdToken(user))
                .put("token_type", "Bearer")
                .put("matrix_server_name", name.value())
                .put("expires_in", Accounts.OPENID_LIFETIME.toSeconds())
                .build();
    }

    private Reply whoAmI(RecordedRequest request) {
        return asUser(request,
                user -> Reply.ok(JsonObject.builder().put("user_id", user.value()).put("is_guest", false).build()));
    }

    private Reply getAccountData(RecordedRequest request, List<String> values) {
        return asOwner(request, values.getFirst(), user -> accounts.data(user, values.getLast())
                .map(Reply::ok)
                .orElseGet(() -> Reply.refused(404, "M_NOT_FOUND", "there is no account data of that type")));
    }

    private Reply putAccountData(RecordedRequest request, List<String> values) {
        String type = values.getLast();
        return asOwner(request, values.getFirst(), user -> {
            if (SERVER_DATA.contains(type)) {
                return Reply.refused(405, "M_BAD_JSON", "account data of that type is the server's to write");
            }
            return withBody(request, content -> {
                accounts.putData(user, type, content);
                return Reply.ok(JsonObject.of());
            });
        });
    }

    private Reply userInfo(RecordedRequest request) {
        Optional<String> token = request.parameter("access_token");
        if (token.isEmpty()) {
            return Reply.refused(401, "M_MISSING_TOKEN", "an OpenID access token is needed");
        }
        Optional<UserId> user = Optional.ofNullable(userInfo).or(() -> accounts.byOpenIdToken(token.get()));
        return user.map(sub -> Reply.ok(JsonObject.builder().put("sub", sub.value()).build()))
                .orElseGet(() -> Reply.refused(401, "M_UNKNOWN_TOKEN",
                        "the OpenID access token is unknown or has expired"));
    }

    private Reply onbind(RecordedRequest request) {
        return withBody(request, bound -> {
            boolean whole = bound.string("medium").isPresent() && bound.string("address").isPresent()
                    && bound.string("mxid").isPresent() && bound.array("invites").isPresent();
            if (!whole) {
                return Reply.refused(400, "M_MISSING_PARAM", "medium, address, mxid and invites are needed");
            }
            onbinds.add(bound);
            return Reply.ok(JsonObject.of());
        });
    }

    private static Reply versions() {
        return Reply.ok(JsonObject.builder().put("versions", JsonArray.ofStrings(VERSIONS)).build());
    }

    private static Reply serverVersion() {
        JsonObject server = JsonObject.builder().put("name", "Signet demonstration").put("version", "0.1").build();
        return Reply.ok(JsonObject.builder().put("server", server).build());
    }

    private Reply serverDiscovery() {
        return Reply.ok(JsonObject.builder().put("m.server", name.value()).build());
    }

    private Reply clientDiscovery() {
        JsonObject found = JsonObject.builder().put("m.homeserver", baseUrlOf(baseUrl)).build();
        URI advertised = identityServer;
        return Reply.ok(advertised == null ? found : found.with("m.identity_server", baseUrlOf(advertised)));
    }

    private static JsonObject baseUrlOf(URI server) {
        return JsonObject.builder().put("base_url", server.toString()).build();
    }

    /** Answers as the user of the path, or refuses who is not that user. */
    private Reply asOwner(RecordedRequest request, String userId, Function<UserId, Reply> answer) {
        return asUser(request, user -> user.value().equals(userId)
                ? answer.apply(user)
                : Reply.refused(403, "M_FORBIDDEN", "that is another user's"));
    }

    /** Answers as the user whose access token it is, or refuses who has none. */
    private Reply asUser(RecordedRequest request, Function<UserId, Reply> answer) {
        Optional<String> token = request.header("authorization")
                .filter(value -> value.startsWith("Bearer "))
                .map(value -> value.substring("Bearer ".length()));
        if (token.isEmpty()) {
            return Reply.refused(401, "M_MISSING_TOKEN", "an access token is needed");
        }
        Optional<UserId> user = accounts.byAccessToken(token.get());
        return user.map(answer)
                .orElseGet(() -> Reply.refused(401, "M_UNKNOWN_TOKEN", "the access token is unknown"));
    }

    private static Reply withBody(RecordedRequest request, Function<JsonObject, Reply> answer) {
        Parsed<Json> body = StrictJson.parse(request.body());
        if (!body.isOk()) {
            return Reply.refused(400, "M_NOT_JSON", "the body is not JSON");
        }
        return body.orElseThrow() instanceof JsonObject object
                ? answer.apply(object)
                : Reply.refused(400, "M_BAD_JSON", "the body is not a JSON object");
    }
}
