package im.signet.client;

import im.signet.protocol.Parsed;
import im.signet.protocol.identifier.ServerName;
import im.signet.protocol.json.JsonObject;
import im.signet.protocol.json.StrictJson;

import java.util.Optional;

/**
 * What a homeserver gives its user so that an identity server can ask who they are: the answer of
 * {@code POST /_matrix/client/v3/user/{userId}/openid/request_token}. {@link Homeserver#openId} asks for it, or the
 * application does, when the user connects; it is kept no longer. {@link #toString()} hides the token.
 */
public final class OpenIdToken {
    private final JsonObject object;
    private final ServerName homeserver;

    private OpenIdToken(JsonObject object, ServerName homeserver) {
        this.object = object;
        this.homeserver = homeserver;
    }

    /** Returns the token in the homeserver's answer, which is passed on as it is. */
    public static Parsed<OpenIdToken> parse(String json) {
        return StrictJson.parseObject(json).flatMap(OpenIdToken::parse);
    }

    /** Returns the token in the homeserver's answer, which is passed on as it is. */
    public static Parsed<OpenIdToken> parse(JsonObject answer) {
        Optional<String> server = answer.string("matrix_server_name");
        if (!answer.string("access_token").isPresent() || !answer.string("token_type").isPresent()
                || !server.isPresent()
                || !answer.integer("expires_in").isPresent()) {
            return Parsed.refused("an OpenID token has access_token, token_type, matrix_server_name and expires_in");
        }
        return ServerName.parse(server.get()).map(name -> new OpenIdToken(answer, name));
    }

    /** Returns the homeserver that vouches for the user. */
    public ServerName homeserver() {
        return homeserver;
    }

    JsonObject object() {
        return object;
    }

    @Override
    public String toString() {
        return "OpenIdToken[" + homeserver + ", hidden]";
    }
}
