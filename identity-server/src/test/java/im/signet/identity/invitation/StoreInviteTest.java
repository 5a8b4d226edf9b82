package im.signet.identity.invitation;

import im.signet.identity.invitation.InvitationScene.Answer;
import im.signet.protocol.identifier.UserId;
import im.signet.protocol.json.Json;
import im.signet.protocol.json.JsonArray;
import im.signet.protocol.json.JsonNumber;
import im.signet.protocol.json.JsonObject;
import im.signet.protocol.json.StrictJson;
import im.signet.protocol.signature.VerifyKey;

import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static im.signet.identity.invitation.InvitationScene.newAddress;
import static im.signet.identity.invitation.InvitationScene.tokenOf;
import static im.signet.identity.invitation.InvitationScene.unsignedTokenOf;
import static im.signet.identity.invitation.InvitationScene.wish;
import static org.assertj.core.api.Assertions.assertThat;

class StoreInviteTest {

    private static final String PATH = "/_matrix/identity/v2/store-invite";

    private static InvitationScene scene;

    @BeforeAll
    static void open() {
        scene = InvitationScene.open();
    }

    @AfterAll
    static void close() {
        scene.close();
    }

    @Test
    void answersInTheShapeOfTheSpecification() {
        JsonObject stored = scene.invite("friend.of.alice@example.com");

        assertThat(stored.members().keySet())
                .containsExactlyInAnyOrder("token", "public_keys", "display_name", "public_key");
        assertThat(stored.string("token").orElseThrow()).matches("[0-9a-zA-Z.=_-]{20,255}");
        assertThat(stored.string("display_name")).contains("fri...@exa...");
        List<JsonObject> keys = keys(stored);
        assertThat(keys).hasSize(2);
        assertThat(keys.get(0).string("key_validity_url")).contains(scene.url("/_matrix/identity/v2/pubkey/isvalid"));
        assertThat(keys.get(1).string("key_validity_url"))
                .contains(scene.url("/_matrix/identity/v2/pubkey/ephemeral/isvalid"));
        assertThat(keys).allMatch(key -> VerifyKey.parse(key.string("public_key").orElseThrow()).isOk());
        assertThat(stored.string("public_key")).isEqualTo(keys.get(0).string("public_key"));
    }

    @Test
    void handsOutKeysThatAreValidWhereTheAnswerSaysSo() {
        for (JsonObject key : keys(scene.invite(newAddress()))) {
            URI question = URI.create(key.string("key_validity_url").orElseThrow() + "?public_key="
                    + URLEncoder.encode(key.string("public_key").orElseThrow(), StandardCharsets.UTF_8));
            assertThat(scene.get(question).json().bool("valid")).contains(true);
        }
    }

    @Test
    void makesAnotherTokenAndKeyForEachInvitation() {
        String address = newAddress();
        JsonObject first = scene.invite(address);
        JsonObject second = scene.invite(address);

        assertThat(first.string("token")).isNotEqualTo(second.string("token"));
        assertThat(keys(first).get(0)).isEqualTo(keys(second).get(0));
        assertThat(keys(first).get(1)).isNotEqualTo(keys(second).get(1));
    }

    @Test
    void knowsNoEphemeralKeyThatItDidNotHandOut() {
        String other = "A".repeat(43);
        assertThat(isEphemeralValid(other)).isFalse();
        assertThat(isEphemeralValid("not a key \u0000")).isFalse();
        String handedOut = ephemeralKey(scene.invite(newAddress()));
        assertThat(isEphemeralValid(handedOut)).isTrue();
        assertThat(isEphemeralValid(handedOut + "=")).isFalse();
    }

    @Test
    void wantsToBeToldWhichEphemeralKeyIsMeant() {
        Answer answer = scene.get("/_matrix/identity/v2/pubkey/ephemeral/isvalid");
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.errcode()).isEqualTo("M_MISSING_PARAMS");
    }

    @Test
    void findsTheAddressBehindEverySpelling() {
        scene.bind("strasse@example.org", scene.bob, true);
        Answer answer = scene.store(wish(scene.alice, "Stra\u00DFe@Example.ORG"));
        assertThat(answer.errcode()).isEqualTo("M_THREEPID_IN_USE");
    }

    @Test
    void namesTheUserWhoseAddressItIs() {
        String address = newAddress();
        scene.bind(address, scene.bob, true);
        Answer answer = scene.store(wish(scene.alice, address));
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.errcode()).isEqualTo("M_THREEPID_IN_USE");
        assertThat(answer.text("mxid")).isEqualTo(scene.bob.value());
        assertThat(scene.mailbox.mailsTo(address)).isEmpty();
    }

    @Test
    void hidesAnOwnerWhoDoesNotWantToBeFoundAndDeliversAtOnce() {
        String address = newAddress();
        scene.bind(address, scene.bob, false);

        JsonObject stored = scene.invite(address);

        assertThat(stored.members().keySet())
                .containsExactlyInAnyOrder("token", "public_keys", "display_name", "public_key");
        String token = stored.string("token").orElseThrow();
        InvitationScene.await("Bob's homeserver has it", () -> scene.delivered().contains(token));
        scene.awaitQuiet();
        assertThat(scene.mailbox.mailsTo(address)).isEmpty();
    }

    @Test
    void wantsAToken() {
        Answer answer = scene.post(PATH, wish(scene.alice, newAddress()));
        assertThat(answer.status()).isEqualTo(401);
        assertThat(answer.errcode()).isEqualTo("M_UNAUTHORIZED");
    }

    @Test
    void wantsTheTermsAcceptedBeforeItLooksAtAnything() {
        Answer answer = scene.post(PATH, unsignedTokenOf(scene.alice), JsonObject.of());
        assertThat(answer.status()).isEqualTo(403);
        assertThat(answer.errcode()).isEqualTo("M_TERMS_NOT_SIGNED");
    }

    @Test
    void storesNobodyElsesInvitation() {
        Answer answer = scene.post(PATH, tokenOf(scene.bob), wish(scene.alice, newAddress()));
        assertThat(answer.status()).isEqualTo(403);
        assertThat(answer.errcode()).isEqualTo("M_UNAUTHORIZED");
    }

    @ParameterizedTest
    @ValueSource(strings = {"medium", "address", "room_id", "sender"})
    void namesWhatIsMissing(String name) {
        Answer answer = scene.store(wish(scene.alice, newAddress()).without(name));
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.errcode()).isEqualTo("M_MISSING_PARAMS");
        assertThat(answer.text("error")).contains(name);
    }

    @ParameterizedTest
    @ValueSource(strings = {"msisdn", "EMAIL", "", "pigeon"})
    void knowsNoOtherMediumThanEmail(String medium) {
        Answer answer = scene.store(wish(scene.alice, newAddress()).with("medium", medium));
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.errcode()).isEqualTo("M_UNRECOGNIZED");
    }

    @ParameterizedTest
    @ValueSource(strings = {"alice", "a@b@example.org", "Alice <alice@example.org>", "\"a b\"@example.org",
        "a@example.org\r\nBcc: b@example.org", "a@example.org\n", "a@[127.0.0.1]", "mailto:a@example.org", "@",
        "a@example.org,b@example.org"})
    void refusesWhatIsNoAddress(String text) {
        Answer answer = scene.store(wish(scene.alice, text));
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.errcode()).isEqualTo("M_INVALID_EMAIL");
        assertThat(answer.body()).doesNotContain("example.org");
    }

    @ParameterizedTest
    @CsvSource({"room_id, garden", "room_id, !", "sender, alice", "sender, @alice", "sender, '@alice:exa mple.org'"})
    void refusesIdsThatAreNone(String name, String value) {
        Answer answer = scene.store(wish(scene.alice, newAddress()).with(name, value));
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.errcode()).isEqualTo("M_INVALID_PARAM");
    }

    @ParameterizedTest
    @CsvSource({"room_id, 256", "sender, 256", "room_name, 1025", "sender_display_name, 1025", "room_alias, 256",
        "room_avatar_url, 1025", "room_join_rules, 256", "room_type, 256", "sender_avatar_url, 1025"})
    void everyTextHasAGreatestLength(String name, int length) {
        String prefix = name.equals("room_id") ? "!" : "@";
        Answer answer = scene.store(
                wish(scene.alice, newAddress()).with(name, prefix + "x".repeat(length - prefix.length())));
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.errcode()).isEqualTo("M_INVALID_PARAM");
    }

    @ParameterizedTest
    @ValueSource(strings = {"medium", "address", "room_id", "sender", "room_name", "sender_display_name", "room_type",
        "room_alias", "room_avatar_url", "room_join_rules", "sender_avatar_url"})
    void refusesValuesThatAreNoTexts(String name) {
        for (Json value : List.of(JsonNumber.of(1), JsonArray.ofStrings(List.of("a")), JsonObject.of())) {
            Answer answer = scene.store(wish(scene.alice, newAddress()).with(name, value));
            assertThat(answer.status()).isEqualTo(400);
            assertThat(answer.errcode()).isEqualTo("M_INVALID_PARAM");
        }
    }

    @Test
    void toleratesWhateverElseComesAlong() {
        JsonObject more = wish(scene.alice, newAddress())
                .with("guest_access_token", "a-guest-token")
                .with("guest_user_id", JsonNumber.of(7))
                .with("org.example.more", JsonObject.of());
        assertThat(scene.post(PATH + "?brand=Element", tokenOf(scene.alice), more).status()).isEqualTo(200);
    }

    @Test
    void theInviterMayKnowNothingOfTheRoomButItsId() {
        JsonObject least = wish(scene.alice, newAddress()).without("room_alias", "room_avatar_url", "room_join_rules",
                "room_name", "sender_display_name", "sender_avatar_url");
        assertThat(scene.store(least).status()).isEqualTo(200);
    }

    @Test
    void takesRoomIdsWithoutAServerName() {
        assertThat(scene
                .store(wish(scene.alice, newAddress()).with("room_id", "!31hneApxJ_1o-63DmFrpeqnkFfWppnzWso1JvH3ogLM"))
                .status()).isEqualTo(200);
    }

    @Test
    void keepsAddressesRoomsAndKeysUnreadable() {
        String address = newAddress();
        scene.store(wish(scene.alice, address).with("room_name", "Conspicuous"));
        long readable = scene.count("""
                SELECT count(*) FROM identity.invitation
                WHERE position('Conspicuous'::bytea IN payload_sealed) > 0 OR position('garden'::bytea IN payload_sealed) > 0
                   OR position('guest'::bytea IN address_sealed) > 0""");
        assertThat(readable).isZero();
    }

    @Test
    void refusesInvitationsThatItCannotMail() {
        try (InvitationScene mailless = InvitationScene.openWithoutMail()) {
            mailless.bind("found@example.org", mailless.bob, true);
            mailless.bind("hidden@example.org", mailless.bob, false);
            assertThat(mailless.store(wish(mailless.alice, "found@example.org")).errcode())
                    .isEqualTo("M_THREEPID_IN_USE");
            // Whoever does not want to be found is told apart from nobody.
            for (String address : List.of("hidden@example.org", "stranger@example.org")) {
                Answer answer = mailless.store(wish(mailless.alice, address));
                assertThat(answer.status()).isEqualTo(400);
                assertThat(answer.errcode()).isEqualTo("M_EMAIL_SEND_ERROR");
            }
            assertThat(mailless.invitations()).isZero();
        }
    }

    @Test
    void servesNobodyByTheWrongMethod() {
        Answer answer = scene.get(PATH);
        assertThat(answer.status()).isEqualTo(405);
        assertThat(answer.errcode()).isEqualTo("M_UNRECOGNIZED");
    }

    @Test
    void takesUserIdsOfTheHistoricalGrammar() {
        UserId historical = UserId.of("@Alice/<b>:example.org");
        Answer answer = scene.post(PATH, tokenOf(historical), wish(historical, newAddress()));
        assertThat(answer.status()).isEqualTo(200);
    }

    @Test
    void saysNothingOfTheAddressInItsAnswer() {
        String address = "somebody.with.a.long.name@subdomain.example.org";
        assertThat(StrictJson.write(scene.invite(address))).doesNotContain("somebody.").doesNotContain("subdomain");
    }

    private static boolean isEphemeralValid(String key) {
        Answer answer = scene.get("/_matrix/identity/v2/pubkey/ephemeral/isvalid?public_key="
                + URLEncoder.encode(key, StandardCharsets.UTF_8));
        assertThat(answer.status()).isEqualTo(200);
        return answer.json().bool("valid").orElseThrow();
    }

    static List<JsonObject> keys(JsonObject stored) {
        return stored.array("public_keys").orElseThrow().items().stream().map(JsonObject.class::cast).toList();
    }

    static String ephemeralKey(JsonObject stored) {
        return keys(stored).get(1).string("public_key").orElseThrow();
    }
}
