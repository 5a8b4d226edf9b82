package im.signet.standalone;

import im.signet.protocol.hash.LookupHash;
import im.signet.protocol.hash.Pepper;
import im.signet.protocol.identifier.Medium;
import im.signet.protocol.identifier.ServerName;
import im.signet.protocol.identifier.UserId;
import im.signet.protocol.json.JsonArray;
import im.signet.protocol.json.JsonObject;
import im.signet.protocol.json.StrictJson;
import im.signet.protocol.signature.KeyId;
import im.signet.protocol.signature.SignedJson;
import im.signet.protocol.signature.VerifyKey;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** What homeservers and the operator ask for while people use the service: invitations, unbinding, a new pepper. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HomeserversAndPeppersTest {

    private static final String V2 = "/_matrix/identity/v2";
    private static final String UNBIND = V2 + "/3pid/unbind";
    private static final ServerName SERVER = ServerName.of("id.example.org");
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    private Town town;

    @BeforeAll
    void start() {
        town = startTown();
    }

    Town startTown() {
        return Town.start(Map.of());
    }

    @AfterAll
    void stop() {
        town.close();
    }

    /** Somebody who has accepted the terms. */
    private record Guest(UserId user, String token) {}

    private Guest guest(String localpart) {
        UserId user = town.homeserver.register(localpart);
        String token = town.register(user);
        town.acceptTerms(token);
        return new Guest(user, token);
    }

    private JsonObject post(String path, Guest who, JsonObject body) {
        Town.Reply reply = town.post(V2 + path, who.token(), StrictJson.write(body));
        assertThat(reply.status()).as(path + ": " + reply.body()).isEqualTo(200);
        return reply.json();
    }

    /** Proves an address from the mailed link; returns the session's sid and client_secret. */
    private JsonObject prove(Guest who, String email) throws InterruptedException {
        String secret = email.replace('@', '.');
        String sid = post("/validate/email/requestToken", who, JsonObject.builder()
                .put("client_secret", secret)
                .put("email", email)
                .put("send_attempt", 1)
                .build()).string("sid").orElseThrow();
        town.confirm(town.mailbox.awaitMailTo(email, PATIENCE).links().getFirst());
        return JsonObject.builder().put("sid", sid).put("client_secret", secret).build();
    }

    private JsonObject publish(Guest who, String email) throws InterruptedException {
        JsonObject session = prove(who, email);
        post("/3pid/bind", who, session.with("mxid", who.user().value()));
        return session;
    }

    private Pepper pepper(Guest who) {
        return Pepper.of(town.get(V2 + "/hash_details", who.token()).json().string("lookup_pepper").orElseThrow());
    }

    private Town.Reply lookup(Guest who, Pepper pepper, String email) {
        return town.post(V2 + "/lookup", who.token(), StrictJson.write(JsonObject.builder()
                .put("algorithm", "sha256")
                .put("pepper", pepper.value())
                .put("addresses", JsonArray.ofStrings(List.of(LookupHash.of(Medium.EMAIL, email, pepper).value())))
                .build()));
    }

    private Optional<String> found(Guest who, Pepper pepper, String email) {
        Town.Reply reply = lookup(who, pepper, email);
        assertThat(reply.status()).as(reply.body()).isEqualTo(200);
        return reply.json()
                .object("mappings")
                .orElseThrow()
                .string(LookupHash.of(Medium.EMAIL, email, pepper).value());
    }

    private JsonObject invitation(Guest sender, String email, String room) {
        return JsonObject.builder()
                .put("medium", "email")
                .put("address", email)
                .put("room_id", room)
                .put("sender", sender.user().value())
                .build();
    }

    private List<JsonObject> delivered(String email) {
        return town.homeserver.onbinds()
                .stream()
                .filter(onbind -> onbind.string("address").orElseThrow().equals(email))
                .flatMap(onbind -> onbind.array("invites").orElseThrow().items().stream())
                .map(JsonObject.class::cast)
                .toList();
    }

    private long onbindTries() {
        return town.homeserver.requests().stream().filter(request -> request.path().endsWith("/onbind")).count();
    }

    private void verify(JsonObject signed) {
        String keyId = signed.object("signatures")
                .flatMap(signatures -> signatures.object(SERVER.value()))
                .orElseThrow()
                .members()
                .keySet()
                .iterator()
                .next();
        String key = town.get(V2 + "/pubkey/" + keyId, "").json().string("public_key").orElseThrow();
        assertThat(SignedJson.verify(signed, SERVER, KeyId.of(keyId), VerifyKey.parse(key).orElseThrow()))
                .isEqualTo(SignedJson.Check.VALID);
    }

    @Test
    void aHomeserverThatWasDownGetsEachInvitationOnce() throws InterruptedException {
        Guest host = guest("host");
        Guest newcomer = guest("newcomer");
        String email = "newcomer@example.org";
        List<String> tokens = new ArrayList<>();
        for (String room : List.of("!garden:example.org", "!kitchen:example.org", "!cellar:example.org")) {
            tokens.add(post("/store-invite", host, invitation(host, email, room)).string("token").orElseThrow());
        }
        for (int i = 0; i < tokens.size(); i++) {
            town.mailbox.awaitMailTo(email, PATIENCE);
        }
        JsonObject session = prove(newcomer, email);

        town.homeserver.stopAnswering();
        long before = onbindTries();
        post("/3pid/bind", newcomer, session.with("mxid", newcomer.user().value()));
        await().atMost(PATIENCE).until(() -> onbindTries() > before);
        assertThat(delivered(email)).isEmpty();
        town.homeserver.resume();

        await().atMost(PATIENCE).until(() -> !delivered(email).isEmpty());
        long after = onbindTries();
        assertThat(delivered(email)).extracting(invite -> signed(invite).string("token").orElseThrow())
                .containsExactlyInAnyOrderElementsOf(tokens);
        delivered(email).forEach(invite -> {
            assertThat(signed(invite).string("mxid")).contains(newcomer.user().value());
            verify(signed(invite));
        });
        // A server that had not heard of the delivery would try again within its first pause, of five seconds.
        await().during(Duration.ofSeconds(7)).atMost(PATIENCE).until(() -> onbindTries() == after);
        Town.Reply again = town.post(V2 + "/store-invite", host.token(),
                StrictJson.write(invitation(host, email, "!attic:example.org")));
        assertThat(again.errcode()).isEqualTo("M_THREEPID_IN_USE");
        assertThat(again.json().string("mxid")).contains(newcomer.user().value());
    }

    private static JsonObject signed(JsonObject invite) {
        return invite.object("signed").orElseThrow();
    }

    @Test
    void whoIsUnboundIsFoundNoMore() throws InterruptedException {
        Guest erin = guest("erin");
        publish(erin, "erin@example.org");
        Pepper pepper = pepper(erin);
        assertThat(found(erin, pepper, "erin@example.org")).contains(erin.user().value());

        JsonObject body = JsonObject.builder()
                .put("mxid", erin.user().value())
                .put("threepid", JsonObject.builder().put("medium", "email").put("address", "erin@example.org").build())
                .build();
        String authorization = town.homeserver.xMatrixOfSynapse("POST", UNBIND, SERVER.value(), body);
        assertThat(town.sendAuthorized("POST", UNBIND, authorization, StrictJson.write(body), "application/json")
                .status()).isEqualTo(200);
        nobodyFinds(erin, pepper, "erin@example.org");
    }

    @Test
    void theNextOwnerOfAnAddressUnbindsTheFormerOne() throws InterruptedException {
        Guest former = guest("former");
        Guest owner = guest("owner");
        publish(former, "recycled@example.org");
        Pepper pepper = pepper(owner);
        JsonObject proof = prove(owner, "recycled@example.org");
        JsonObject body = proof.with("mxid", former.user().value())
                .with("threepid",
                        JsonObject.builder().put("medium", "email").put("address", "recycled@example.org").build());
        assertThat(town.post(UNBIND, "", StrictJson.write(body)).status()).isEqualTo(200);
        nobodyFinds(owner, pepper, "recycled@example.org");
    }

    /** Asks each server in its turn. */
    private void nobodyFinds(Guest who, Pepper pepper, String email) {
        for (int i = 0; i < 4; i++) {
            assertThat(found(who, pepper, email)).isEmpty();
        }
    }

    @Test
    void lookupsGoOnWhileThePepperRotates() throws InterruptedException {
        Guest fay = guest("fay");
        publish(fay, "fay@example.org");
        Pepper old = pepper(fay);
        CompletableFuture<Integer> rotation = CompletableFuture.supplyAsync(() -> town.admin("pepper", "rotate"));
        while (!rotation.isDone()) {
            assertThat(found(fay, old, "fay@example.org")).contains(fay.user().value());
        }
        assertThat(rotation.join()).isZero();
        // A server may name the old one for a second more.
        await().atMost(PATIENCE).until(() -> !pepper(fay).equals(old));
        Pepper current = pepper(fay);
        // Whichever server is asked takes the new one at once, also before it names it, and the old one for an hour more.
        for (int i = 0; i < 4; i++) {
            assertThat(found(fay, current, "fay@example.org")).contains(fay.user().value());
            assertThat(found(fay, old, "fay@example.org")).contains(fay.user().value());
            JsonObject refusal = lookup(fay, Pepper.of("nobodysPepper"), "fay@example.org").json();
            assertThat(refusal.string("errcode")).contains("M_INVALID_PEPPER");
            assertThat(refusal.string("algorithm")).contains("sha256");
            assertThat(refusal.string("lookup_pepper")).contains(current.value());
        }
    }
}
