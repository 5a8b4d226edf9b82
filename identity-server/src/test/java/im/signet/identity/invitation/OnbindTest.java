package im.signet.identity.invitation;

import im.signet.demo.CaughtMail;
import im.signet.demo.RecordedRequest;
import im.signet.demo.walk.PageForm;
import im.signet.identity.association.AssociationRemoved;
import im.signet.identity.association.Associations;
import im.signet.identity.invitation.InvitationScene.Answer;
import im.signet.protocol.identifier.Address;
import im.signet.protocol.identifier.Medium;
import im.signet.protocol.identifier.ServerName;
import im.signet.protocol.identifier.UserId;
import im.signet.protocol.json.JsonObject;
import im.signet.protocol.signature.KeyId;
import im.signet.protocol.signature.SignedJson;
import im.signet.protocol.signature.UnpaddedBase64;
import im.signet.protocol.signature.VerifyKey;

import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

import static im.signet.identity.invitation.InvitationScene.await;
import static im.signet.identity.invitation.InvitationScene.invites;
import static im.signet.identity.invitation.InvitationScene.newAddress;
import static im.signet.identity.invitation.InvitationScene.tokenOf;
import static im.signet.identity.invitation.InvitationScene.wish;
import static org.assertj.core.api.Assertions.assertThat;

/** Handing invitations to the homeserver of whom their address was bound to. */
class OnbindTest {

    private static final String ONBIND = "/_matrix/federation/v1/3pid/onbind";
    private static final ServerName SERVER = ServerName.of(InvitationScene.SERVER);

    private static final String REFUSED = "SELECT count(*) FROM identity.invitation WHERE refusals > 0";

    private static InvitationScene scene;

    @BeforeAll
    static void open() {
        scene = InvitationScene.open();
    }

    @AfterAll
    static void close() {
        scene.close();
    }

    @AfterEach
    void calmDown() {
        scene.homeserver.behave();
        scene.letPass(Duration.ofMinutes(20));
        scene.awaitQuiet();
    }

    private static String token(JsonObject stored) {
        return stored.string("token").orElseThrow();
    }

    private static JsonObject signedBlock(JsonObject invite) {
        return invite.object("signed").orElseThrow();
    }

    private static KeyId signerOf(JsonObject signed) {
        return KeyId.of(signed.object("signatures")
                .orElseThrow()
                .object(InvitationScene.SERVER)
                .orElseThrow()
                .members()
                .keySet()
                .iterator()
                .next());
    }

    /** As the homeserver does that gets the invitation: one of the keys of the room's event must have signed. */
    private static void verifiesWithAKeyOf(JsonObject stored, JsonObject signed) {
        assertThat(StoreInviteTest.keys(stored)).anyMatch(key -> SignedJson.verify(signed, SERVER, signerOf(signed),
                VerifyKey.parse(key.string("public_key").orElseThrow()).orElseThrow()) == SignedJson.Check.VALID);
    }

    private static VerifyKey publishedKey(InvitationScene at, KeyId id) {
        return VerifyKey.parse(at.get("/_matrix/identity/v2/pubkey/" + id).text("public_key")).orElseThrow();
    }

    private static JsonObject onbindFor(String address) {
        await("the homeserver is told of " + address, () -> !onbindsFor(address).isEmpty());
        return onbindsFor(address).getFirst();
    }

    private static List<JsonObject> onbindsFor(String address) {
        return scene.homeserver.onbinds()
                .stream()
                .filter(onbind -> onbind.string("address").orElseThrow().equals(address))
                .toList();
    }

    private static void awaitTries(long tries) {
        await("the homeserver was tried " + tries + " times", () -> scene.tries() >= tries);
    }

    /** Waits for a try that comes after all pauses. */
    private static void letPausesPass() {
        long before = scene.tries();
        scene.letPass(Duration.ofMinutes(20));
        await("another try", () -> scene.tries() > before || scene.lettersOnTheirWay() == 0);
    }

    @Test
    void theOfficialFlow() {
        String address = newAddress();
        JsonObject stored = scene.invite(address);
        CaughtMail invitation = scene.mailTo(address);
        assertThat(invitation.links()).isNotEmpty();

        // The stranger gets an account, and proves the address with it.
        JsonObject asked = JsonObject.builder()
                .put("client_secret", "a-secret")
                .put("email", address)
                .put("send_attempt", 1)
                .build();
        Answer session = scene.post("/_matrix/identity/v2/validate/email/requestToken", tokenOf(scene.bob), asked);
        CaughtMail proof = scene.mailTo(address);
        PageForm confirm = PageForm.in(scene.get(proof.links().getFirst()).body()).getFirst();
        assertThat(scene.postForm(confirm.action(), confirm.fields()).status()).isEqualTo(200);
        assertThat(onbindsFor(address)).isEmpty();
        Answer bound = scene.post("/_matrix/identity/v2/3pid/bind", tokenOf(scene.bob), JsonObject.builder()
                .put("client_secret", "a-secret")
                .put("sid", session.text("sid"))
                .put("mxid", scene.bob.value())
                .build());
        assertThat(bound.status()).isEqualTo(200);

        JsonObject onbind = onbindFor(address);
        assertThat(onbind.without("invites", "signatures")).isEqualTo(bound.json().without("signatures"));
        assertThat(SignedJson.verify(onbind, SERVER, signerOf(onbind), publishedKey(scene, signerOf(onbind))))
                .isEqualTo(SignedJson.Check.VALID);
        assertThat(invites(onbind)).hasSize(1);
        JsonObject invite = invites(onbind).getFirst();
        assertThat(invite.without("signed")).isEqualTo(JsonObject.builder()
                .put("medium", "email")
                .put("address", address)
                .put("mxid", scene.bob.value())
                .put("room_id", "!garden:example.org")
                .put("sender", scene.alice.value())
                .build());
        JsonObject signed = signedBlock(invite);
        assertThat(signed.members().keySet()).containsExactlyInAnyOrder("mxid", "token", "signatures");
        assertThat(signed.string("mxid")).contains(scene.bob.value());
        assertThat(signed.string("token")).contains(token(stored));
        verifiesWithAKeyOf(stored, signed);
        scene.awaitQuiet();
        assertThat(onbindsFor(address)).hasSize(1);
        assertThat(scene.store(wish(scene.alice, address)).errcode()).isEqualTo("M_THREEPID_IN_USE");
    }

    @Test
    void allInvitationsOfAnAddressGoInOneLetter() {
        String address = newAddress();
        List<String> tokens = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            tokens.add(token(scene.invite(address)));
        }
        scene.bind(address, scene.bob, true);
        assertThat(
                invites(onbindFor(address)).stream().map(invite -> signedBlock(invite).string("token").orElseThrow()))
                .containsExactlyInAnyOrderElementsOf(tokens);
        scene.awaitQuiet();
        assertThat(onbindsFor(address)).hasSize(1);
    }

    @Test
    void tellsNobodyWhenNobodyInvited() {
        long before = scene.tries();
        scene.bind(newAddress(), scene.bob, true);
        scene.awaitQuiet();
        assertThat(scene.tries()).isEqualTo(before);
    }

    @Test
    void keepsNothingOfWhatWasDeliveredButTheBareKey() {
        String address = newAddress();
        JsonObject stored = scene.invite(address);
        scene.bind(address, scene.bob, true);
        onbindFor(address);
        scene.awaitQuiet();
        assertThat(scene.bean(Invitations.class).look(token(stored))).isEmpty();
        assertThat(scene.bean(Invitations.class).isEphemeralKey(StoreInviteTest.ephemeralKey(stored))).isTrue();
        assertThat(scene.get("/_signet/invitation?token=" + token(stored)).status()).isEqualTo(404);
    }

    @Test
    void deliversEachInvitationOnceWhenTheHomeserverComesBack() {
        String address = newAddress();
        String first = token(scene.invite(address));
        String second = token(scene.invite(address));
        scene.homeserver.stopAnswering();
        long before = scene.tries();
        scene.bind(address, scene.bob, true);
        awaitTries(before + 1);
        letPausesPass();
        assertThat(onbindsFor(address)).isEmpty();

        scene.homeserver.resume();
        letPausesPass();
        scene.awaitQuiet();

        assertThat(scene.delivered()).containsOnlyOnce(first, second);
        assertThat(onbindsFor(address)).hasSize(1);
    }

    @Test
    void usesPutWherePostIsNotKnown() {
        scene.homeserver.takeOnbindByPut();
        String address = newAddress();
        scene.invite(address);
        long before = scene.tries();
        scene.bind(address, scene.bob, true);
        onbindFor(address);
        scene.awaitQuiet();
        List<String> methods = scene.homeserver.requests()
                .stream()
                .filter(request -> request.path().equals(ONBIND))
                .skip(before)
                .map(RecordedRequest::method)
                .toList();
        assertThat(methods).containsExactly("POST", "PUT");
    }

    @ParameterizedTest
    @ValueSource(ints = {302, 400, 403, 404, 405, 429, 500, 503})
    void triesAgainWhateverTheHomeserverAnswers(int status) {
        scene.homeserver.answer(ONBIND, status, "{}");
        String address = newAddress();
        String token = token(scene.invite(address));
        long before = scene.tries();
        scene.bind(address, scene.bob, true);
        awaitTries(before + 1);
        scene.homeserver.behave();
        letPausesPass();
        onbindFor(address);
        scene.awaitQuiet();
        assertThat(scene.delivered()).containsOnlyOnce(token);
    }

    @Test
    void givesUpAHomeserverThatRefusesAgainAndAgain() {
        scene.homeserver.answer(ONBIND, 403, "{}");
        String address = newAddress();
        String token = token(scene.invite(address));
        scene.bind(address, scene.bob, true);
        await("the refusal is noted", () -> scene.count(REFUSED) == 1);
        // As if that had gone on for hours.
        scene.bean(JdbcClient.class).sql("UPDATE identity.invitation SET refusals = 23 WHERE refusals > 0").update();
        letPausesPass();
        scene.awaitQuiet();
        assertThat(scene.bean(Invitations.class).look(token)).isEmpty();
        assertThat(scene.delivered()).doesNotContain(token);
    }

    @Test
    void sendsAloneWhatWasRefusedTogether() {
        scene.homeserver.answer(ONBIND, 403, "{}");
        String address = newAddress();
        String first = token(scene.invite(address));
        String second = token(scene.invite(address));
        long before = scene.tries();
        scene.bind(address, scene.bob, true);
        awaitTries(before + 1);
        await("the refusal is noted", () -> scene.count(REFUSED) == 2);
        scene.homeserver.behave();
        letPausesPass();
        scene.awaitQuiet();
        assertThat(onbindsFor(address)).hasSize(2).allMatch(onbind -> invites(onbind).size() == 1);
        assertThat(scene.delivered()).containsOnlyOnce(first, second);
    }

    @Test
    void neverDeliversToTheNextOwner() {
        String address = newAddress();
        String token = token(scene.invite(address));
        scene.homeserver.stopAnswering();
        long before = scene.tries();
        scene.bind(address, scene.bob, true);
        awaitTries(before + 1);

        // The address changes hands before Bob's homeserver is back.
        UserId mallory = scene.homeserver.register("mallory");
        scene.bind(address, mallory, true);
        scene.homeserver.resume();
        letPausesPass();
        scene.awaitQuiet();

        assertThat(scene.delivered()).doesNotContain(token);
        assertThat(scene.bean(Invitations.class).look(token)).isEmpty();
    }

    @Test
    void deliversNothingAnyMoreOnceTheAddressIsUnbound() {
        String address = newAddress();
        String token = token(scene.invite(address));
        scene.homeserver.stopAnswering();
        long before = scene.tries();
        scene.bind(address, scene.bob, true);
        awaitTries(before + 1);
        var association = scene.bean(Associations.class).current(Address.of(Medium.EMAIL, address)).orElseThrow();
        scene.publish(new AssociationRemoved(association));
        scene.homeserver.resume();
        letPausesPass();
        scene.awaitQuiet();
        assertThat(scene.delivered()).doesNotContain(token);
    }

    @Test
    void bindingAnewLosesNothing() {
        String address = newAddress();
        String token = token(scene.invite(address));
        scene.homeserver.stopAnswering();
        long before = scene.tries();
        scene.bind(address, scene.bob, true);
        awaitTries(before + 1);
        scene.bind(address, scene.bob, true);
        scene.homeserver.resume();
        letPausesPass();
        scene.awaitQuiet();
        assertThat(scene.delivered()).containsOnlyOnce(token);
    }

    @Test
    void deliversNothingThatWasWithdrawn() {
        String address = newAddress();
        String kept = token(scene.invite(address));
        String withdrawn = token(scene.invite(address));
        scene.homeserver.stopAnswering();
        long before = scene.tries();
        scene.bind(address, scene.bob, true);
        awaitTries(before + 1);
        assertThat(scene.withdraw(withdrawn)).isTrue();
        scene.homeserver.resume();
        letPausesPass();
        scene.awaitQuiet();
        assertThat(scene.delivered()).contains(kept).doesNotContain(withdrawn);
    }

    @Test
    void aBindingThatIsUndoneTakesNoInvitation() {
        String address = newAddress();
        String token = token(scene.invite(address));
        long before = scene.tries();
        new TransactionTemplate(scene.bean(PlatformTransactionManager.class)).executeWithoutResult(transaction -> {
            scene.bind(address, scene.bob, true);
            transaction.setRollbackOnly();
        });
        assertThat(scene.tries()).isEqualTo(before);
        scene.bind(address, scene.bob, true);
        onbindFor(address);
        scene.awaitQuiet();
        assertThat(scene.delivered()).containsOnlyOnce(token);
    }

    @Test
    void anInvitationThatMeetsABindingIsRefusedOrDelivered() throws Exception {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 20; i++) {
                String address = newAddress();
                Future<Answer> stored = threads.submit(() -> scene.store(wish(scene.alice, address)));
                Future<?> bound = threads.submit(() -> scene.bind(address, scene.bob, true));
                bound.get();
                Answer answer = stored.get();
                if (answer.status() == 200) {
                    onbindFor(address);
                    scene.awaitQuiet();
                    assertThat(scene.delivered()).containsOnlyOnce(answer.text("token"));
                } else {
                    assertThat(answer.errcode()).isEqualTo("M_THREEPID_IN_USE");
                }
            }
        }
    }

    @Test
    void anInvitationEndsWithItsTime() {
        String address = newAddress();
        JsonObject stored = scene.invite(address);
        scene.letPass(Duration.ofDays(30).plusMinutes(1));

        assertThat(scene.get("/_signet/invitation?token=" + token(stored)).status()).isEqualTo(404);
        scene.bind(address, scene.bob, true);
        scene.awaitQuiet();
        assertThat(scene.delivered()).doesNotContain(token(stored));
        scene.bean(Invitations.class).deleteExpired();
        assertThat(scene.count("SELECT count(*) FROM identity.invitation WHERE token = '" + token(stored) + "'"))
                .isZero();
        // Rooms keep asking for the key.
        assertThat(scene.bean(Invitations.class).isEphemeralKey(StoreInviteTest.ephemeralKey(stored))).isTrue();
    }

    @Test
    void stopsTryingWhenTheInvitationRunsOut() {
        String address = newAddress();
        String token = token(scene.invite(address));
        scene.homeserver.stopAnswering();
        long before = scene.tries();
        scene.bind(address, scene.bob, true);
        awaitTries(before + 1);
        scene.letPass(Duration.ofDays(31));
        scene.awaitQuiet();
        scene.homeserver.resume();
        assertThat(scene.delivered()).doesNotContain(token);
    }

    @Test
    void logsNoAddressTokenOrKey() {
        ListAppender<ILoggingEvent> lines = new ListAppender<>();
        lines.start();
        Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        root.addAppender(lines);
        try {
            scene.homeserver.answer(ONBIND, 403, "{}");
            String address = newAddress();
            JsonObject stored = scene.invite(address);
            long before = scene.tries();
            scene.bind(address, scene.bob, true);
            awaitTries(before + 1);
            scene.homeserver.behave();
            letPausesPass();
            scene.awaitQuiet();
            String log = String.join("\n", lines.list.stream().map(ILoggingEvent::getFormattedMessage).toList());
            assertThat(log).contains("onbind")
                    .doesNotContain(address, token(stored), StoreInviteTest.ephemeralKey(stored), "!garden");
        } finally {
            root.detachAppender(lines);
        }
    }

    /** Retries lost at restart, and a key that was rotated meanwhile. */
    @Test
    void survivesARestartAndARotationOfTheKey() throws IOException {
        try (InvitationScene own = InvitationScene.open()) {
            String waiting = newAddress();
            JsonObject stored = own.invite(waiting);
            String undelivered = newAddress();
            JsonObject assigned = own.invite(undelivered);
            own.homeserver.stopAnswering();
            own.bind(undelivered, own.bob, true);
            await("the homeserver was tried", () -> own.tries() > 0);

            own.stop();
            KeyId old = appendKey(own.keyFile("signing"));
            own.homeserver.resume();
            own.startAgain();
            own.letPass(Duration.ofMinutes(20));
            await("the letter arrives after the restart", () -> own.homeserver.onbinds().size() == 1);
            own.bind(waiting, own.bob, true);
            await("the invitation of before arrives", () -> own.homeserver.onbinds().size() == 2);
            own.awaitQuiet();

            assertThat(own.delivered()).containsExactly(token(assigned), token(stored));
            for (int i = 0; i < 2; i++) {
                JsonObject onbind = own.homeserver.onbinds().get(i);
                JsonObject signed = signedBlock(invites(onbind).getFirst());
                assertThat(signerOf(signed)).isEqualTo(old);
                verifiesWithAKeyOf(i == 0 ? assigned : stored, signed);
                assertThat(signerOf(onbind)).isEqualTo(KeyId.of("ed25519:second"));
                assertThat(SignedJson.verify(onbind, SERVER, signerOf(onbind), publishedKey(own, signerOf(onbind))))
                        .isEqualTo(SignedJson.Check.VALID);
            }
            String longTerm = StoreInviteTest.keys(stored).getFirst().string("public_key").orElseThrow();
            assertThat(own.get("/_matrix/identity/v2/pubkey/isvalid?public_key="
                    + URLEncoder.encode(longTerm, StandardCharsets.UTF_8))
                    .json()
                    .bool("valid")).contains(true);
            assertThat(StoreInviteTest.keys(own.invite(newAddress())).getFirst().string("public_key"))
                    .isNotEqualTo(Optional.of(longTerm));
        }
    }

    /** Adds a second key, as an operator rotates; returns the id of the first. */
    private static KeyId appendKey(Path file) throws IOException {
        List<String> lines = new ArrayList<>(Files.readAllLines(file));
        String first = lines.getLast().split(" ", -1)[0];
        byte[] seed = new byte[32];
        new SecureRandom().nextBytes(seed);
        lines.add("ed25519:second " + UnpaddedBase64.encode(seed));
        Files.write(file, lines);
        return KeyId.of(first);
    }
}
