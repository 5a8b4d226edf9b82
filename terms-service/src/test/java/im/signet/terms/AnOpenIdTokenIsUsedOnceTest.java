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
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import static im.signet.terms.TermsServer.REGISTER;
import static org.assertj.core.api.Assertions.assertThat;

/** Whoever comes upon an OpenID token that was used, in a log or by having been handed it, gets nothing for it. */
class AnOpenIdTokenIsUsedOnceTest {

    private static final String WITHOUT_LIMITS = "signet.limits.enabled: false\n";
    private static final String USER_INFO = "/_matrix/federation/v1/openid/userinfo";

    private static Installation installation;
    private static TermsServer server;
    private static TermsServer other;
    private static DemoHomeserver homeserver;
    private static UserId alice;

    @BeforeAll
    static void start() {
        installation = Installation.fresh();
        server = installation.start(WITHOUT_LIMITS);
        other = installation.start(WITHOUT_LIMITS);
        homeserver = Installation.homeserver();
        alice = homeserver.register("alice");
    }

    @AfterEach
    void behave() {
        homeserver.behave();
    }

    @AfterAll
    static void stop() {
        server.close();
        other.close();
        homeserver.close();
    }

    private static long asked() {
        return homeserver.requests().stream().filter(request -> request.path().equals(USER_INFO)).count();
    }

    private static void isUsedUp(Answer answer) {
        answer.is(401, "M_UNAUTHORIZED");
        assertThat(answer.json().string("error"))
                .contains("that token was used before; ask the homeserver for a new one");
    }

    @Test
    void andTheHomeserverIsNotAskedAgain() {
        JsonObject openId = homeserver.openId(alice);
        String token = server.post(REGISTER, openId).ok().string("token").orElseThrow();
        long asked = asked();
        isUsedUp(server.post(REGISTER, openId));
        isUsedUp(other.post(REGISTER, openId));
        isUsedUp(server.post(REGISTER, openId.without("expires_in")));
        assertThat(asked()).isEqualTo(asked);
        server.account(token).ok();
        server.post(REGISTER, homeserver.openId(alice)).ok();
    }

    @Test
    void andStaysUsedWhenWhatItGotHasEnded() {
        JsonObject openId = homeserver.openId(alice);
        server.logout(server.post(REGISTER, openId).ok().string("token").orElseThrow()).ok();
        isUsedUp(server.post(REGISTER, openId));
    }

    @Test
    void andOfSixtyFourAtOnceOneGetsAnAccount() throws Exception {
        for (int round = 0; round < 5; round++) {
            JsonObject openId = homeserver.openId(alice);
            long before = installation.rows("access_token");
            // So that many have asked before any is answered.
            homeserver.hold(Duration.ofMillis(300));
            List<Callable<Integer>> uses = new ArrayList<>();
            for (int i = 0; i < 64; i++) {
                TermsServer either = i % 2 == 0 ? server : other;
                uses.add(() -> either.post(REGISTER, openId).status());
            }
            List<Integer> statuses = new ArrayList<>();
            try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
                for (Future<Integer> status : clients.invokeAll(uses)) {
                    statuses.add(status.get());
                }
            }
            assertThat(statuses.stream().collect(Collectors.groupingBy(status -> status, Collectors.counting())))
                    .isEqualTo(Map.of(200, 1L, 401, 63L));
            assertThat(installation.rows("access_token")).isEqualTo(before + 1);
        }
    }

    @Test
    void butNotUpWhileNothingComesOfIt() {
        JsonObject openId = homeserver.openId(alice);
        homeserver.answer(USER_INFO, 503, "{}");
        server.post(REGISTER, openId).is(502, "M_UNKNOWN");
        homeserver.answer(USER_INFO, 401, "{\"errcode\":\"M_UNKNOWN_TOKEN\"}");
        server.post(REGISTER, openId).is(401, "M_UNAUTHORIZED");
        homeserver.answerUserInfoAs(UserId.of("@alice:example.org"));
        server.post(REGISTER, openId).is(401, "M_UNAUTHORIZED");
        homeserver.behave();
        server.post(REGISTER, openId).ok();
        isUsedUp(server.post(REGISTER, openId));
    }

    // Its homeserver goes by another clock here, and would still vouch: what refuses it is what we remember.
    @Test
    void andForgottenWhenItsHomeserverNoLongerKnowsIt() {
        JsonObject openId = homeserver.openId(alice);
        server.post(REGISTER, openId).ok();
        installation.clock().move(Duration.ofHours(23));
        isUsedUp(server.post(REGISTER, openId));
        installation.clock().move(Duration.ofHours(25));
        Awaitility.await()
                .atMost(Duration.ofSeconds(30))
                .until(() -> installation
                        .texts("SELECT 'old' FROM terms.used_openid_token WHERE expires_at < ?::timestamptz",
                                installation.clock().instant().toString())
                        .isEmpty());
    }

    @Test
    void andKeptAsAHashThatNobodyCanTryTokensOn() throws NoSuchAlgorithmException {
        JsonObject openId = homeserver.openId(alice);
        server.post(REGISTER, openId).ok();
        String token = openId.string("access_token").orElseThrow();
        MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
        String stored = installation.texts("SELECT r::text FROM terms.used_openid_token r").toString();
        for (String guess : List.of(token, homeserver.serverName() + "\0" + token)) {
            byte[] bytes = guess.getBytes(StandardCharsets.UTF_8);
            assertThat(stored).doesNotContain(HexFormat.of().formatHex(bytes))
                    .doesNotContain(HexFormat.of().formatHex(sha256.digest(bytes)));
        }
        assertThat(installation.rows("used_openid_token")).isPositive();
    }
}
