package im.signet.terms;

import im.signet.demo.DemoHomeserver;
import im.signet.protocol.identifier.UserId;
import im.signet.protocol.json.JsonObject;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static im.signet.terms.TermsServer.REGISTER;
import static org.assertj.core.api.Assertions.assertThat;

/** Whoever comes upon an OpenID token that was used, in a log or by having been handed it, gets nothing for it. */
class AnOpenIdTokenIsUsedOnceTest {

    private static final String WITHOUT_LIMITS = "signet.limits.enabled: false\n";
    private static final String USER_INFO = "/_matrix/federation/v1/openid/userinfo";

    private static final Installation INSTALLATION = Installation.fresh();
    private static final TermsServer SERVER = INSTALLATION.start(WITHOUT_LIMITS);
    private static final TermsServer OTHER = INSTALLATION.start(WITHOUT_LIMITS);
    private static final DemoHomeserver HOMESERVER = Installation.homeserver();
    private static final UserId ALICE = HOMESERVER.register("alice");

    @AfterEach
    void behave() {
        HOMESERVER.behave();
    }

    @AfterAll
    static void stop() {
        SERVER.close();
        OTHER.close();
        HOMESERVER.close();
    }

    private static long asked() {
        return HOMESERVER.requests().stream().filter(request -> request.path().equals(USER_INFO)).count();
    }

    private static void isUsedUp(Answer answer) {
        answer.is(401, "M_UNAUTHORIZED");
        assertThat(answer.json().string("error"))
                .contains("that token was used before; ask the homeserver for a new one");
    }

    @Test
    void andTheHomeserverIsNotAskedAgain() {
        JsonObject openId = HOMESERVER.openId(ALICE);
        String token = SERVER.post(REGISTER, openId).ok().string("token").orElseThrow();
        long asked = asked();
        isUsedUp(SERVER.post(REGISTER, openId));
        isUsedUp(OTHER.post(REGISTER, openId));
        isUsedUp(SERVER.post(REGISTER, openId.without("expires_in")));
        assertThat(asked()).isEqualTo(asked);
        SERVER.account(token).ok();
        SERVER.post(REGISTER, HOMESERVER.openId(ALICE)).ok();
    }

    @Test
    void andStaysUsedWhenWhatItGotHasEnded() {
        JsonObject openId = HOMESERVER.openId(ALICE);
        SERVER.logout(SERVER.post(REGISTER, openId).ok().string("token").orElseThrow()).ok();
        isUsedUp(SERVER.post(REGISTER, openId));
    }

    @Test
    void andOfSixtyFourAtOnceOneGetsAnAccount() throws Exception {
        for (int round = 0; round < 5; round++) {
            JsonObject openId = HOMESERVER.openId(ALICE);
            long before = INSTALLATION.rows("access_token");
            // So that many have asked before any is answered.
            HOMESERVER.hold(Duration.ofMillis(300));
            List<Callable<Integer>> uses = new ArrayList<>();
            for (int i = 0; i < 64; i++) {
                TermsServer server = i % 2 == 0 ? SERVER : OTHER;
                uses.add(() -> server.post(REGISTER, openId).status());
            }
            List<Integer> statuses = new ArrayList<>();
            try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
                for (Future<Integer> status : clients.invokeAll(uses)) {
                    statuses.add(status.get());
                }
            }
            assertThat(statuses.stream().collect(Collectors.groupingBy(status -> status, Collectors.counting())))
                    .isEqualTo(Map.of(200, 1L, 401, 63L));
            assertThat(INSTALLATION.rows("access_token")).isEqualTo(before + 1);
        }
    }

    @Test
    void butNotUpWhileNothingComesOfIt() {
        JsonObject openId = HOMESERVER.openId(ALICE);
        HOMESERVER.answer(USER_INFO, 503, "{}");
        SERVER.post(REGISTER, openId).is(502, "M_UNKNOWN");
        HOMESERVER.answer(USER_INFO, 401, "{\"errcode\":\"M_UNKNOWN_TOKEN\"}");
        SERVER.post(REGISTER, openId).is(401, "M_UNAUTHORIZED");
        HOMESERVER.answerUserInfoAs(UserId.of("@alice:example.org"));
        SERVER.post(REGISTER, openId).is(401, "M_UNAUTHORIZED");
        HOMESERVER.behave();
        SERVER.post(REGISTER, openId).ok();
        isUsedUp(SERVER.post(REGISTER, openId));
    }

    // Its homeserver goes by another clock here, and would still vouch: what refuses it is what we remember.
    @Test
    void andForgottenWhenItsHomeserverNoLongerKnowsIt() {
        JsonObject openId = HOMESERVER.openId(ALICE);
        SERVER.post(REGISTER, openId).ok();
        INSTALLATION.clock().move(Duration.ofHours(23));
        isUsedUp(SERVER.post(REGISTER, openId));
        INSTALLATION.clock().move(Duration.ofHours(25));
        Awaitility.await()
                .atMost(Duration.ofSeconds(30))
                .until(() -> INSTALLATION
                        .texts("SELECT 'old' FROM terms.used_openid_token WHERE expires_at < ?::timestamptz",
                                INSTALLATION.clock().instant().toString())
                        .isEmpty());
    }

    @Test
    void andKeptAsAHashThatNobodyCanTryTokensOn() throws NoSuchAlgorithmException {
        JsonObject openId = HOMESERVER.openId(ALICE);
        SERVER.post(REGISTER, openId).ok();
        String token = openId.string("access_token").orElseThrow();
        MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
        String stored = INSTALLATION.texts("SELECT r::text FROM terms.used_openid_token r").toString();
        for (String guess : List.of(token, HOMESERVER.serverName() + "\0" + token)) {
            byte[] bytes = guess.getBytes(StandardCharsets.UTF_8);
            assertThat(stored).doesNotContain(HexFormat.of().formatHex(bytes))
                    .doesNotContain(HexFormat.of().formatHex(sha256.digest(bytes)));
        }
        assertThat(INSTALLATION.rows("used_openid_token")).isPositive();
    }
}
