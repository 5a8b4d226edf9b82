package im.signet.identity.invitation;

import im.signet.identity.invitation.InvitationScene.Answer;
import im.signet.protocol.identifier.ServerName;
import im.signet.protocol.json.JsonObject;
import im.signet.protocol.signature.KeyId;
import im.signet.protocol.signature.SignedJson;
import im.signet.protocol.signature.SigningKey;
import im.signet.protocol.signature.UnpaddedBase64;
import im.signet.protocol.signature.VerifyKey;

import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static im.signet.identity.invitation.InvitationScene.newAddress;
import static im.signet.identity.invitation.InvitationScene.tokenOf;
import static im.signet.identity.invitation.InvitationScene.unsignedTokenOf;
import static im.signet.identity.invitation.InvitationScene.wish;
import static org.assertj.core.api.Assertions.assertThat;

/** Accepting an invitation by the link that was mailed. */
class SignEd25519Test {

    private static final String V1 = "/_matrix/identity/api/v1/sign-ed25519";
    private static final String V2 = "/_matrix/identity/v2/sign-ed25519";
    private static final KeyId EPHEMERAL = KeyId.of("ed25519:0");
    private static final Pattern SIGN_URL = Pattern.compile("[?&]signurl=([^&\\s]+)");

    private static InvitationScene scene;
    private static Mailed mailed;

    @BeforeAll
    static void aKeyThatAQueryHasToEncode() {
        scene = InvitationScene.open("signet.invitation.web-client-hosts=app.element.io");
        do {
            mailed = invite();
        } while (!mailed.privateKey().contains("+"));
    }

    @AfterAll
    static void close() {
        scene.close();
    }

    /**
     * What a mail brings.
     *
     * @param signUrl as the web client hands it on
     */
    private record Mailed(String token, String privateKey, String signUrl, String publicKey) {}

    private static Mailed invite() {
        String address = newAddress();
        Answer answer = scene.store(wish(scene.alice, address).with("org.matrix.web_client_location",
                "https://app.element.io"));
        Matcher link = SIGN_URL.matcher(scene.mailTo(address).text());
        assertThat(link.find()).isTrue();
        String signUrl = decoded(link.group(1));
        String key = decoded(signUrl.substring(signUrl.indexOf("&private_key=") + "&private_key=".length()));
        assertThat(signUrl).startsWith(scene.url(V2) + "?token=" + answer.text("token") + "&private_key=");
        return new Mailed(answer.text("token"), key, signUrl, StoreInviteTest.ephemeralKey(answer.json()));
    }

    private static String decoded(String text) {
        return URLDecoder.decode(text, StandardCharsets.UTF_8);
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private static JsonObject body(String token, String key) {
        return JsonObject.builder()
                .put("mxid", scene.bob.value())
                .put("token", token)
                .put("private_key", key)
                .build();
    }

    private static String query(String token, String key) {
        return "?token=" + encoded(token) + "&private_key=" + encoded(key) + "&mxid=" + encoded(scene.bob.value());
    }

    private static void isSigned(Answer answer, Mailed invitation) {
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.json().members().keySet()).containsExactlyInAnyOrder("mxid", "sender", "token", "signatures");
        assertThat(answer.text("mxid")).isEqualTo(scene.bob.value());
        assertThat(answer.text("sender")).isEqualTo(scene.alice.value());
        assertThat(answer.text("token")).isEqualTo(invitation.token());
        assertThat(SignedJson.verify(answer.json(), ServerName.of(InvitationScene.SERVER), EPHEMERAL,
                VerifyKey.parse(invitation.publicKey()).orElseThrow())).isEqualTo(SignedJson.Check.VALID);
    }

    @Test
    void signsWithTheKeyThatTheSpecifiedCallBrings() {
        isSigned(scene.post(V2, tokenOf(scene.bob), body(mailed.token(), mailed.privateKey())), mailed);
    }

    @Test
    void takesAPaddedKey() {
        String padded = Base64.getEncoder().encodeToString(UnpaddedBase64.decode(mailed.privateKey()).orElseThrow());
        assertThat(padded).endsWith("=");
        isSigned(scene.post(V2, tokenOf(scene.bob), body(mailed.token(), padded)), mailed);
    }

    /** matrix-js-sdk and matrix-ios-sdk: the mailed link with the user id, no body, no token. */
    @Test
    void signsForWhoPostsTheMailedLink() {
        String link = mailed.signUrl().substring(scene.url("").length());
        isSigned(scene.post(link + "&mxid=" + encoded(scene.bob.value())), mailed);
    }

    @Test
    void signsForWhoPostsTheMailedLinkWithABodyOfNothing() {
        isSigned(scene.post(V2 + query(mailed.token(), mailed.privateKey()), JsonObject.of()), mailed);
    }

    /** matrix-android-sdk2: v1, no body, no token. */
    @Test
    void signsByTheFirstVersionOfTheApi() {
        isSigned(scene.post(V1 + query(mailed.token(), mailed.privateKey())), mailed);
    }

    @Test
    void signsAgainAndAgain() {
        isSigned(scene.post(V1 + query(mailed.token(), mailed.privateKey())), mailed);
        isSigned(scene.post(V1 + query(mailed.token(), mailed.privateKey())), mailed);
    }

    @Test
    void wantsATokenOfWhoSendsABody() {
        Answer answer = scene.post(V2, body(mailed.token(), mailed.privateKey()));
        assertThat(answer.status()).isEqualTo(401);
        assertThat(answer.errcode()).isEqualTo("M_UNAUTHORIZED");
        assertThat(scene.post(V2).status()).isEqualTo(401);
        assertThat(scene.post(V2 + "?mxid=" + encoded(scene.bob.value()), body(mailed.token(), mailed.privateKey()))
                .status()).isEqualTo(401);
    }

    @Test
    void wantsTheTermsAcceptedByWhoSendsABody() {
        Answer answer = scene.post(V2, unsignedTokenOf(scene.bob), body(mailed.token(), mailed.privateKey()));
        assertThat(answer.status()).isEqualTo(403);
        assertThat(answer.errcode()).isEqualTo("M_TERMS_NOT_SIGNED");
    }

    private static List<Answer> inEveryForm(String token, String key) {
        return List.of(scene.post(V2, tokenOf(scene.bob), body(token, key)), scene.post(V2 + query(token, key)),
                scene.post(V1 + query(token, key)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"unknown", "", "a b", "\u0000", "x\n"})
    void knowsNoOtherToken(String token) {
        for (Answer answer : inEveryForm(token, mailed.privateKey())) {
            assertThat(answer.status()).isEqualTo(404);
            assertThat(answer.errcode()).isEqualTo("M_UNRECOGNIZED");
        }
    }

    @Test
    void signsWithNoOtherKeyThanTheInvitations() {
        Mailed other = invite();
        String foreign = UnpaddedBase64.encode(SigningKey.generate(EPHEMERAL, new SecureRandom()).seed());
        for (String key : List.of(foreign, other.privateKey())) {
            for (Answer answer : inEveryForm(mailed.token(), key)) {
                assertThat(answer.status()).isEqualTo(404);
                assertThat(answer.errcode()).isEqualTo("M_UNRECOGNIZED");
                assertThat(answer.body()).doesNotContain(key);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "AAAA", "not base64!", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAB",
        "_-AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
        " AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"})
    void refusesWhatIsNoPrivateKey(String key) {
        for (Answer answer : inEveryForm(mailed.token(), key)) {
            assertThat(answer.status()).isEqualTo(400);
            assertThat(answer.errcode()).isEqualTo("M_INVALID_PARAM");
        }
    }

    @Test
    void refusesWhoIsNoUser() {
        JsonObject nobody = body(mailed.token(), mailed.privateKey()).with("mxid", "bob");
        assertThat(scene.post(V2, tokenOf(scene.bob), nobody).errcode()).isEqualTo("M_INVALID_PARAM");
        String query = "?token=" + mailed.token() + "&private_key=" + encoded(mailed.privateKey()) + "&mxid=bob";
        assertThat(scene.post(V1 + query).errcode()).isEqualTo("M_INVALID_PARAM");
    }

    @ParameterizedTest
    @ValueSource(strings = {"mxid", "token", "private_key"})
    void namesWhatIsMissing(String name) {
        Answer specified = scene.post(V2, tokenOf(scene.bob), body(mailed.token(), mailed.privateKey()).without(name));
        assertThat(specified.status()).isEqualTo(400);
        assertThat(specified.errcode()).isEqualTo("M_MISSING_PARAMS");
        String query = query(mailed.token(), mailed.privateKey()).replaceFirst("(?<=[?&])" + name + "=[^&]*&?", "");
        Answer legacy = scene.post(V1 + query);
        assertThat(legacy.status()).isEqualTo(400);
        assertThat(legacy.errcode()).isEqualTo("M_MISSING_PARAMS");
    }

    @Test
    void refusesAParameterThatCameTwice() {
        String twice = query(mailed.token(), mailed.privateKey()) + "&mxid=" + encoded(scene.alice.value());
        for (String path : List.of(V1, V2)) {
            Answer answer = scene.post(path + twice);
            assertThat(answer.status()).isEqualTo(400);
            assertThat(answer.errcode()).isEqualTo("M_INVALID_PARAM");
        }
    }

    @Test
    void signsNothingThatWasTakenBack() {
        Mailed withdrawn = invite();
        assertThat(scene.withdraw(withdrawn.token())).isTrue();
        for (Answer answer : inEveryForm(withdrawn.token(), withdrawn.privateKey())) {
            assertThat(answer.status()).isEqualTo(404);
        }
        assertThat(scene.withdraw(withdrawn.token())).isFalse();
        assertThat(scene.withdraw("\u0000")).isFalse();
    }

    @Test
    void signsForNobodyElseOnceTheAddressIsBound() {
        String address = newAddress();
        scene.homeserver.stopAnswering();
        try {
            Answer stored = scene.store(wish(scene.alice, address).with("org.matrix.web_client_location",
                    "https://app.element.io"));
            Matcher link = SIGN_URL.matcher(scene.mailTo(address).text());
            assertThat(link.find()).isTrue();
            String signUrl = decoded(link.group(1)).substring(scene.url("").length());
            scene.bind(address, scene.bob, true);

            assertThat(scene.post(signUrl + "&mxid=" + encoded(scene.alice.value())).status()).isEqualTo(404);
            isSigned(scene.post(signUrl + "&mxid=" + encoded(scene.bob.value())),
                    new Mailed(stored.text("token"), "", "", StoreInviteTest.ephemeralKey(stored.json())));
        } finally {
            scene.homeserver.behave();
        }
    }

    @Test
    void knowsTheFirstVersionOfTheApiOnlyWhereTheOperatorWants() {
        try (InvitationScene modern = InvitationScene.open("signet.legacy-v1.sign-ed25519=false")) {
            Answer answer = modern.post(V1 + query(mailed.token(), mailed.privateKey()));
            assertThat(answer.status()).isEqualTo(404);
            assertThat(answer.errcode()).isEqualTo("M_UNRECOGNIZED");
            Answer second = modern.post(V2 + query(mailed.token(), mailed.privateKey()));
            assertThat(second.text("error")).contains("no invitation");
        }
    }

    @Test
    void servesBrowsersOfOtherSites() {
        Answer answer = scene.post(V2 + query(mailed.token(), mailed.privateKey()));
        assertThat(answer.headers().allValues("access-control-allow-origin")).containsExactly("*");
        assertThat(answer.headers().firstValue("content-type").orElseThrow()).startsWith("application/json");
    }

    @Test
    void takesTheParametersAsAFormToo() {
        isSigned(scene.postForm(V2, Map.of("token", mailed.token(), "private_key", mailed.privateKey(), "mxid",
                scene.bob.value())), mailed);
    }
}
