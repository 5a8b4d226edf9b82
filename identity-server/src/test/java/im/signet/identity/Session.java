package im.signet.identity;

import im.signet.protocol.json.JsonObject;

/** A validation session as its client knows it. */
public record Session(Person who, String address, String secret, String sid) {

    /** Returns the members that name it. */
    public JsonObject credentials() {
        return JsonObject.builder().put("sid", sid).put("client_secret", secret).build();
    }

    /** Returns the body of a bind by its own user. */
    public JsonObject bindBody() {
        return credentials().with("mxid", who.user().value());
    }

    /** Returns the body of a submitToken. */
    public JsonObject submitBody(String token) {
        return credentials().with("token", token);
    }
}
