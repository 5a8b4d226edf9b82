package im.signet.standalone;

import im.signet.protocol.hash.LookupHash;
import im.signet.protocol.hash.Pepper;
import im.signet.protocol.identifier.Medium;
import im.signet.protocol.json.JsonArray;
import im.signet.protocol.json.JsonObject;
import im.signet.protocol.json.StrictJson;

import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/**
 * Calls every operation of the official API and every row of the table of endpoints, over real HTTP, and holds each answer
 * against the specification's own schema. The last test fails when an operation or a documented status was left out.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class SpecConformanceTest {

    private static final String V2 = "/_matrix/identity/v2";
    private static final String SECRET = "monkeys_are_GREAT";

    /** Statuses that the specification documents and this server never answers, and why. */
    private static final Map<String, Map<Integer, String>> NEVER = Map.of("POST " + V2 + "/3pid/unbind",
            Map.of(404, "it stands for a server that cannot unbind", 501, "it stands for a server that cannot unbind"),
            "POST " + V2 + "/account/logout", Map.of(403, "who refuses new terms can still leave"),
            "GET " + V2 + "/validate/email/submitToken", Map.of(403, "a browser has no token, and so no terms"),
            "GET " + V2 + "/validate/msisdn/submitToken", Map.of(403, "a browser has no token, and so no terms"));

    private final Set<String> seen = new HashSet<>();
    private Town town;
    private OfficialApi api;
    private SmsGateway gateway;
    private String alice = "";
    private String bob = "";
    private String unsigned = "";

    @BeforeAll
    void start() {
        Optional<OfficialApi> found = OfficialApi.find();
        assumeTrue(found.isPresent(), "needs matrix-spec in the folder named by -Dshared.folder");
        api = found.orElseThrow();
        gateway = SmsGateway.start();
        town = Town.start(Map.of("signet.sms.url", gateway.url(), "signet.sms.countries", "GB", "signet.sms.body",
                "{\"to\":\"{to}\",\"text\":\"{text}\"}", "signet.invitation.web-client-hosts", "app.example.org",
                // One user asks for more mails here than anybody may.
                "signet.limits.mail-per-account", "1000 then 1 per 1s"));
        alice = signedIn("alice");
        bob = signedIn("bob");
        unsigned = town.register(town.homeserver.register("unsigned"));
    }

    @AfterAll
    void stop() {
        if (town != null) {
            town.close();
            gateway.close();
        }
    }

    private String signedIn(String name) {
        String token = town.register(town.homeserver.register(name));
        town.acceptTerms(token);
        return token;
    }

    private String mxid(String name) {
        return "@" + name + ":" + town.homeserver.serverName();
    }

    /** Calls an operation of the specification; its answer has this status and errcode, and its schema holds. */
    private Town.Reply call(String operation, String query, String token, String body, int status, String errcode) {
        String method = operation.substring(0, operation.indexOf(' '));
        String path = operation.substring(operation.indexOf(' ') + 1);
        return call(operation, method, path + query, token, body, status, errcode);
    }

    private Town.Reply call(String operation, String method, String target, String token, String body, int status,
            String errcode) {
        Town.Reply reply = town.send(method, target, token, body, "application/json");
        assertThat(reply.status()).as(operation + " " + body + ": " + reply.body()).isEqualTo(status);
        assertThat(reply.headers()).containsEntry("access-control-allow-origin", "*");
        if (!reply.headers().getOrDefault("content-type", "").startsWith("text/html")) {
            assertThat(reply.headers()).containsEntry("content-type", "application/json");
            assertThat(api.violations(operation, status, reply.body())).as(operation + " " + status).isEmpty();
            if (status >= 400) {
                assertThat(reply.errcode()).as(operation + ": " + reply.body()).isEqualTo(errcode);
                assertThat(reply.json().string("error")).isPresent();
            }
        }
        seen.add(operation + " " + status);
        return reply;
    }

    /** What every operation with a token answers without one, with one that is unknown, and before the terms. */
    private void gated(String operation) {
        call(operation, "", "", "{}", 401, "M_UNAUTHORIZED");
        call(operation, "", "unknown", "{}", 401, "M_UNAUTHORIZED");
        call(operation, "", unsigned, "{}", 403, "M_TERMS_NOT_SIGNED");
    }

    private static Map<String, String> parameters(URI link) {
        Map<String, String> parameters = new HashMap<>();
        for (String pair : link.getRawQuery().split("&", -1)) {
            parameters.put(pair.substring(0, pair.indexOf('=')),
                    URLDecoder.decode(pair.substring(pair.indexOf('=') + 1), StandardCharsets.UTF_8));
        }
        return parameters;
    }

    private Map<String, String> mailedToken(String email) throws InterruptedException {
        return parameters(town.mailbox.awaitMailTo(email, Duration.ofSeconds(30)).links().getFirst());
    }

    private String session(String token, String email) {
        return call("POST " + V2 + "/validate/email/requestToken", "", token, "{\"client_secret\":\"" + SECRET
                + "\",\"email\":\"" + email + "\",\"send_attempt\":\"1\"}", 200, "").json().string("sid").orElseThrow();
    }

    private static String proof(String sid, String more) {
        return "{\"sid\":\"" + sid + "\",\"client_secret\":\"" + SECRET + "\"" + more + "}";
    }

    private String validated(String token, String email) throws InterruptedException {
        String sid = session(token, email);
        call("POST " + V2 + "/validate/email/submitToken", "", token,
                proof(sid, ",\"token\":\"" + mailedToken(email).get("token") + "\""), 200, "");
        return sid;
    }

    private void bound(String name, String token, String email) throws InterruptedException {
        call("POST " + V2 + "/3pid/bind", "", token, proof(validated(token, email), ",\"mxid\":\"" + mxid(name) + "\""),
                200, "");
    }

    @Test
    @Order(1)
    void versionsAndPing() {
        call("GET /_matrix/identity/versions", "", "", "", 200, "");
        assertThat(call("GET " + V2, "", "", "", 200, "").body()).isEqualTo("{}");
    }

    @Test
    @Order(2)
    void accounts() {
        String register = "POST " + V2 + "/account/register";
        JsonObject openId = town.homeserver.openId(town.homeserver.register("account"));
        JsonObject answer = call(register, "", "", StrictJson.write(openId), 200, "").json();
        String token = answer.string("token").orElseThrow();
        assertThat(answer.string("access_token")).contains(token);
        call(register, "", "", "{}", 400, "M_MISSING_PARAMS");
        call(register, "", "", "{\"access_token\":1,\"matrix_server_name\":\"x\"}", 400, "M_INVALID_PARAM");
        call(register, "", "", "{\"access_token\":\"a\",\"matrix_server_name\":\"x/y\"}", 400, "M_INVALID_PARAM");
        call(register, "", "", StrictJson.write(openId.with("access_token", "wrong")), 401, "M_UNAUTHORIZED");
        gated("GET " + V2 + "/account");
        town.acceptTerms(token);
        assertThat(call("GET " + V2 + "/account", "", token, "", 200, "").json().string("user_id"))
                .contains(mxid("account"));
        String logout = "POST " + V2 + "/account/logout";
        call(logout, "", token, "", 200, "");
        call(logout, "", token, "", 401, "M_UNAUTHORIZED");
        call(logout, "", "", "", 401, "M_UNAUTHORIZED");
    }

    @Test
    @Order(3)
    void terms() {
        call("GET " + V2 + "/terms", "", "", "", 200, "");
        String accept = "POST " + V2 + "/terms";
        call(accept, "", "", "{}", 401, "M_UNAUTHORIZED");
        call(accept, "", alice, "{}", 400, "M_MISSING_PARAMS");
        call(accept, "", alice, "{\"user_accepts\":\"x\"}", 400, "M_INVALID_PARAM");
        call(accept, "", alice, "{\"user_accepts\":[]}", 200, "");
    }

    @Test
    @Order(4)
    void lookups() throws InterruptedException {
        gated("GET " + V2 + "/hash_details");
        gated("POST " + V2 + "/lookup");
        bound("alice", alice, "found@example.org");
        JsonObject details = call("GET " + V2 + "/hash_details", "", bob, "", 200, "").json();
        assertThat(details.array("algorithms").map(JsonArray::items).orElseThrow()).hasSize(1);
        call("GET " + V2 + "/hash_details", "?access_token=" + bob, "", "", 200, "");
        Pepper pepper = Pepper.of(details.string("lookup_pepper").orElseThrow());
        String hash = LookupHash.of(Medium.EMAIL, "found@example.org", pepper).value();
        String lookup = "POST " + V2 + "/lookup";
        String start = "{\"algorithm\":\"sha256\",\"pepper\":\"" + pepper.value() + "\",\"addresses\":";
        assertThat(call(lookup, "", bob, start + "[\"" + hash + "\",\"no hash\"]}", 200, "").body())
                .isEqualTo("{\"mappings\":{\"" + hash + "\":\"" + mxid("alice") + "\"}}");
        call(lookup, "", bob, "{}", 400, "M_MISSING_PARAMS");
        call(lookup, "", bob, start.replace("sha256", "md5") + "[]}", 400, "M_INVALID_PARAM");
        call(lookup, "", bob, start.replace("sha256", "none") + "[]}", 400, "M_INVALID_PARAM");
        JsonObject wrong = call(lookup, "", bob, start.replace(pepper.value(), "stale") + "[]}", 400,
                "M_INVALID_PEPPER")
                .json();
        assertThat(wrong.string("algorithm")).contains("sha256");
        assertThat(wrong.string("lookup_pepper")).contains(pepper.value());
    }

    @Test
    @Order(5)
    void validationOfMail() throws InterruptedException {
        String request = "POST " + V2 + "/validate/email/requestToken";
        gated(request);
        call(request, "", alice, "{}", 400, "M_MISSING_PARAMS");
        call(request, "", alice, "{\"client_secret\":\"a b\",\"email\":\"a@example.org\",\"send_attempt\":1}", 400,
                "M_INVALID_PARAM");
        call(request, "", alice, "{\"client_secret\":\"a\",\"email\":\"a@@example.org\",\"send_attempt\":1}", 400,
                "M_INVALID_EMAIL");
        String sid = session(alice, "mail@example.org");
        String submit = "POST " + V2 + "/validate/email/submitToken";
        gated(submit);
        String getValidated = "GET " + V2 + "/3pid/getValidated3pid";
        gated(getValidated);
        call(getValidated, "?sid=" + sid + "&client_secret=" + SECRET, alice, "", 400, "M_SESSION_NOT_VALIDATED");
        call(getValidated, "?sid=unknown&client_secret=" + SECRET, alice, "", 404, "M_NO_VALID_SESSION");
        call(getValidated, "?sid=" + sid + "&client_secret=wrong", alice, "", 404, "M_NO_VALID_SESSION");
        call(getValidated, "?sid=" + sid, alice, "", 400, "M_MISSING_PARAMS");
        call(submit, "", alice, proof(sid, ",\"token\":\"wrong\""), 400, "M_TOKEN_INCORRECT");
        call(submit, "", alice, proof(sid, ""), 400, "M_MISSING_PARAMS");
        Map<String, String> mailed = mailedToken("mail@example.org");
        String opened = "GET " + V2 + "/validate/email/submitToken";
        assertThat(call(opened, "?sid=" + sid + "&client_secret=" + SECRET + "&token=" + mailed.get("token"), "", "",
                200, "")
                .body()).contains(mxid("alice"));
        call(submit, "", alice, proof(sid, ",\"token\":\"" + mailed.get("token") + "\""), 200, "");
        JsonObject proven = call(getValidated, "?sid=" + sid + "&client_secret=" + SECRET, alice, "", 200, "").json();
        assertThat(proven.string("address")).contains("mail@example.org");
    }

    @Test
    @Order(6)
    void validationOfPhoneNumbers() {
        String request = "POST " + V2 + "/validate/msisdn/requestToken";
        gated(request);
        String start = "{\"client_secret\":\"" + SECRET + "\",\"send_attempt\":1,\"country\":\"";
        call(request, "", alice, "{}", 400, "M_MISSING_PARAMS");
        call(request, "", alice, start + "GB\",\"phone_number\":\"12\"}", 400, "M_INVALID_ADDRESS");
        call(request, "", alice, start + "DE\",\"phone_number\":\"030 901820\"}", 400, "M_DESTINATION_REJECTED");
        String sid = call(request, "", alice, start + "GB\",\"phone_number\":\"07700 900001\"}", 200, "").json()
                .string("sid")
                .orElseThrow();
        String code = gateway.awaitCode();
        String submit = "POST " + V2 + "/validate/msisdn/submitToken";
        gated(submit);
        String wrong = code.equals("000000") ? "000001" : "000000";
        call(submit, "", alice, proof(sid, ",\"token\":\"" + wrong + "\""), 400, "M_TOKEN_INCORRECT");
        call("GET " + V2 + "/validate/msisdn/submitToken",
                "?sid=" + sid + "&client_secret=" + SECRET + "&token=" + code, "", "", 200, "");
        call(submit, "", alice, proof(sid, ",\"token\":\"" + code + "\""), 200, "");
        assertThat(
                call("GET " + V2 + "/3pid/getValidated3pid", "?sid=" + sid + "&client_secret=" + SECRET, alice, "", 200,
                        "").json().string("medium"))
                .contains("msisdn");
    }

    @Test
    @Order(7)
    void binding() throws InterruptedException {
        String bind = "POST " + V2 + "/3pid/bind";
        gated(bind);
        call(bind, "", alice, "{}", 400, "M_MISSING_PARAMS");
        String sid = session(alice, "bind@example.org");
        call(bind, "", alice, proof(sid, ",\"mxid\":\"" + mxid("alice") + "\""), 400, "M_SESSION_NOT_VALIDATED");
        call(bind, "", alice, proof(sid, ",\"mxid\":\"" + mxid("bob") + "\""), 403, "M_UNAUTHORIZED");
        call(bind, "", bob, proof(sid, ",\"mxid\":\"" + mxid("bob") + "\""), 404, "M_NO_VALID_SESSION");
        bound("alice", alice, "bind2@example.org");
    }

    @Test
    @Order(8)
    void keys() throws InterruptedException {
        String sid = validated(alice, "keys@example.org");
        JsonObject association = call("POST " + V2 + "/3pid/bind", "", alice,
                proof(sid, ",\"mxid\":\"" + mxid("alice") + "\""), 200, "").json();
        String keyId = association.object("signatures")
                .orElseThrow()
                .object("id.example.org")
                .orElseThrow()
                .members()
                .keySet()
                .iterator()
                .next();
        String operation = "GET " + V2 + "/pubkey/{keyId}";
        String key = call(operation, "GET", V2 + "/pubkey/" + keyId, "", "", 200, "").json()
                .string("public_key")
                .orElseThrow();
        call(operation, "GET", V2 + "/pubkey/" + keyId.replace(":", "%3A"), "", "", 200, "");
        call(operation, "GET", V2 + "/pubkey/ed25519:none", "", "", 404, "M_NOT_FOUND");
        String valid = "GET " + V2 + "/pubkey/isvalid";
        assertThat(call(valid, "?public_key=" + key.replace("+", "%2B"), "", "", 200, "").body())
                .isEqualTo("{\"valid\":true}");
        call(valid, "", "", "", 400, "M_MISSING_PARAMS");
        assertThat(call("GET " + V2 + "/pubkey/ephemeral/isvalid", "?public_key=" + key.replace("+", "%2B"), "", "",
                200, "")
                .body()).isEqualTo("{\"valid\":false}");
        call("GET " + V2 + "/pubkey/ephemeral/isvalid", "", "", "", 400, "M_MISSING_PARAMS");
    }

    @Test
    @Order(9)
    void invitations() throws InterruptedException {
        String store = "POST " + V2 + "/store-invite";
        gated(store);
        String sender = ",\"room_id\":\"!room:example.org\",\"sender\":\"" + mxid("alice") + "\"}";
        call(store, "", alice, "{}", 400, "M_MISSING_PARAMS");
        call(store, "", alice, "{\"medium\":\"msisdn\",\"address\":\"447700900002\"" + sender, 400, "M_UNRECOGNIZED");
        call(store, "", alice, "{\"medium\":\"email\",\"address\":\"a@@b\"" + sender, 400, "M_INVALID_EMAIL");
        call(store, "", bob, "{\"medium\":\"email\",\"address\":\"guest@example.org\"" + sender, 403, "M_UNAUTHORIZED");
        bound("bob", bob, "bob@example.org");
        assertThat(call(store, "", alice, "{\"medium\":\"email\",\"address\":\"bob@example.org\"" + sender, 400,
                "M_THREEPID_IN_USE").json().string("mxid")).contains(mxid("bob"));
        JsonObject invite = call(store, "", alice, "{\"medium\":\"email\",\"address\":\"guest@example.org\","
                + "\"org.matrix.web_client_location\":\"https://app.example.org\"" + sender, 200, "").json();
        assertThat(invite.string("display_name").orElseThrow()).doesNotContain("guest@example.org");
        JsonArray keys = invite.array("public_keys").orElseThrow();
        String ephemeral = ((JsonObject) keys.items().get(1)).string("public_key").orElseThrow();
        assertThat(call("GET " + V2 + "/pubkey/ephemeral/isvalid", "?public_key=" + ephemeral.replace("+", "%2B"), "",
                "", 200,
                "").body()).isEqualTo("{\"valid\":true}");

        String sign = "POST " + V2 + "/sign-ed25519";
        gated(sign);
        call(sign, "", alice, "{}", 400, "M_MISSING_PARAMS");
        call(sign, "", alice, "{\"mxid\":\"" + mxid("alice") + "\",\"token\":\"unknown\",\"private_key\":\""
                + "A".repeat(43) + "\"}", 404, "M_UNRECOGNIZED");
        Map<String, String> key = keyOfTheMailedInvitation();
        JsonObject signed = call(sign, "", bob, "{\"mxid\":\"" + mxid("bob") + "\",\"token\":\""
                + invite.string("token").orElseThrow() + "\",\"private_key\":\"" + key.get("private_key") + "\"}", 200,
                "")
                .json();
        assertThat(signed.string("sender")).contains(mxid("alice"));
    }

    /** Opens the link that a client would open, and the `signurl` in it. */
    private Map<String, String> keyOfTheMailedInvitation() throws InterruptedException {
        URI client = town.mailbox.awaitMailTo("guest@example.org", Duration.ofSeconds(30))
                .links()
                .stream()
                .filter(link -> "app.example.org".equals(link.getHost()))
                .findFirst()
                .orElseThrow();
        String fragment = client.getRawFragment();
        Map<String, String> parameters = parameters(URI.create("?" + fragment.substring(fragment.indexOf('?') + 1)));
        return parameters(URI.create(String.valueOf(parameters.get("signurl"))));
    }

    @Test
    @Order(10)
    void unbinding() throws InterruptedException {
        String unbind = "POST " + V2 + "/3pid/unbind";
        String sid = validated(alice, "gone@example.org");
        call("POST " + V2 + "/3pid/bind", "", alice, proof(sid, ",\"mxid\":\"" + mxid("alice") + "\""), 200, "");
        String body = "{\"mxid\":\"" + mxid("alice")
                + "\",\"threepid\":{\"medium\":\"email\",\"address\":\"gone@example.org\"}";
        call(unbind, "", "", "{}", 400, "M_MISSING_PARAMS");
        call(unbind, "", "", body + "}", 403, "M_FORBIDDEN");
        call(unbind, "", "", body + ",\"sid\":\"unknown\",\"client_secret\":\"a\"}", 403, "M_NO_VALID_SESSION");
        call(unbind, "", "", body + ",\"sid\":\"" + sid + "\",\"client_secret\":\"" + SECRET + "\"}", 200, "");
    }

    @Test
    @Order(11)
    void unknownEndpointsAndMethods() {
        for (String path : List.of(V2 + "/nothing", "/_matrix/identity/v3", "/_matrix/identity/api/v1",
                "/_matrix/identity/api/v1/lookup", V2 + "/lookup/x")) {
            Town.Reply reply = town.get(path, "");
            assertThat(reply.status()).as(path).isEqualTo(404);
            assertThat(reply.errcode()).isEqualTo("M_UNRECOGNIZED");
        }
        for (String operation : api.operations()) {
            String path = operation.substring(operation.indexOf(' ') + 1).replace("{keyId}", "ed25519:0");
            Town.Reply reply = town.send("PUT", path, "", "{}", "application/json");
            assertThat(reply.status()).as(path).isEqualTo(405);
            assertThat(reply.errcode()).isEqualTo("M_UNRECOGNIZED");
        }
    }

    @Test
    @Order(Integer.MAX_VALUE)
    void leavesOutNoOperationAndNoDocumentedStatus() {
        List<String> missing = api.operations()
                .stream()
                .flatMap(operation -> api.statuses(operation)
                        .stream()
                        .filter(status -> !NEVER.getOrDefault(operation, Map.of()).containsKey(status))
                        .map(status -> operation + " " + status))
                .filter(row -> !seen.contains(row))
                .collect(Collectors.toList());
        assertThat(missing).isEmpty();
    }

}
