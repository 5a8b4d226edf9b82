package im.signet.terms;

import im.signet.demo.DemoHomeserver;
import im.signet.kit.token.AccessToken;
import im.signet.protocol.identifier.UserId;
import im.signet.protocol.json.Json;
import im.signet.protocol.json.JsonObject;
import im.signet.protocol.signature.UnpaddedBase64;
import im.signet.terms.account.TokenInfo;
import im.signet.terms.account.Tokens;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.jdbc.core.simple.JdbcClient;

import static im.signet.terms.TermsServer.TOKENS;
import static im.signet.terms.TermsServer.bearer;
import static org.assertj.core.api.Assertions.assertThat;

/** A user sees where they are signed in, and signs out there: also before accepting any terms. */
class TokensOfAUserTest {

    private static final String END_ALL = TOKENS + "/end_all";
    private static final String SETTINGS = """
            signet:
              limits.enabled: false
              account: {token-lifetime: 10d, max-tokens: 5}
              terms.policies:
                privacy_policy:
                  version: "1.0"
                  en: {name: Privacy Policy, url: "https://example.org/privacy-1.0-en.html"}
            """;

    private static Installation installation;
    private static TermsServer server;
    private static DemoHomeserver homeserver;
    private static MovableClock clock;
    private static int users;

    private UserId alice = UserId.of("@nobody:example.org");

    @BeforeAll
    static void start() {
        installation = Installation.fresh();
        server = installation.start(SETTINGS);
        homeserver = Installation.homeserver();
        clock = installation.clock();
    }

    @BeforeEach
    void arrive() {
        alice = homeserver.register("alice" + users++);
    }

    @AfterAll
    static void stop() {
        server.close();
        homeserver.close();
    }

    private String signIn() {
        return server.tokenOf(homeserver, alice);
    }

    private static List<JsonObject> seenBy(String token) {
        List<JsonObject> seen = new ArrayList<>();
        for (Json each : server.get(TOKENS, bearer(token)).ok().array("tokens").orElseThrow().items()) {
            seen.add((JsonObject) each);
        }
        return seen;
    }

    private static String idOf(String token) {
        return seenBy(token).stream()
                .filter(each -> each.bool("current").orElseThrow())
                .map(each -> each.string("id").orElseThrow())
                .reduce((_, _) -> "more than one is current")
                .orElseThrow();
    }

    private static Answer end(String token, String id) {
        return server.send("DELETE", TOKENS + "/" + id, "", bearer(token));
    }

    private static boolean lives(String token) {
        Answer answer = server.account(token);
        assertThat(answer.status()).isIn(401, 403);
        return answer.status() == 403;
    }

    @Test
    void areListedThoseFirstThatWereUsedLast() {
        Instant first = clock.instant();
        String phone = signIn();
        clock.move(Duration.ofDays(1));
        String laptop = signIn();
        clock.move(Duration.ofDays(1));
        List<JsonObject> seen = seenBy(phone);
        assertThat(seen).hasSize(2);
        assertThat(seen.getFirst()).isEqualTo(JsonObject.builder()
                .put("id", idOf(phone))
                .put("created_ts", first.toEpochMilli())
                .put("last_used_ts", clock.instant().toEpochMilli())
                .put("expires_ts", clock.instant().plus(Duration.ofDays(10)).toEpochMilli())
                .put("current", true)
                .build());
        assertThat(seen.getLast().bool("current")).contains(false);
        assertThat(seen.getLast().integer("last_used_ts"))
                .contains(first.plus(Duration.ofDays(1)).toEpochMilli());
        assertThat(seenBy(laptop)).extracting(each -> each.string("id").orElseThrow())
                .containsExactly(idOf(laptop), idOf(phone));
    }

    // An id may stand in a URL, a history, a screen shot.
    @Test
    void areNamedByWhatSaysNothingOfThem() {
        String token = signIn();
        String id = idOf(token);
        assertThat(id).matches("[A-Za-z0-9_-]{22}");
        assertThat(UnpaddedBase64.decodeUrl(id).orElseThrow()).hasSize(16);
        assertThat(token).doesNotContain(id);
        assertThat(UnpaddedBase64.encodeUrl(new AccessToken(token).hash())).doesNotContain(id);
        server.get(TOKENS, bearer(id)).is(401, "M_UNAUTHORIZED");
    }

    @Test
    void areEndedOneByOne() {
        String phone = signIn();
        String laptop = signIn();
        assertThat(end(laptop, idOf(phone)).ok()).isEqualTo(JsonObject.of());
        assertThat(lives(phone)).isFalse();
        assertThat(lives(laptop)).isTrue();
        assertThat(end(laptop, idOf(laptop)).ok()).isEqualTo(JsonObject.of());
        assertThat(lives(laptop)).isFalse();
    }

    @Test
    void areNobodyElsesToEndOrToKnowOf() {
        String hers = signIn();
        String id = idOf(hers);
        String mallorys = server.tokenOf(homeserver, homeserver.register("mallory" + users));
        Answer foreign = end(mallorys, id).is(404, "M_NOT_FOUND");
        Answer unknown = end(mallorys, "A".repeat(22)).is(404, "M_NOT_FOUND");
        assertThat(foreign.body()).isEqualTo(unknown.body());
        assertThat(lives(hers)).isTrue();
        assertThat(seenBy(mallorys)).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"A", "AAAAAAAAAAAAAAAAAAAAAB", "AAAAAAAAAAAAAAAAAAAAAA==", "end_all", "%20", "%C3%A9",
        "..........", "'%20OR%20true--"})
    void areNotEndedByWhatIsNoId(String odd) {
        String token = signIn();
        end(token, odd).is(404, "M_NOT_FOUND");
        end(token, "A".repeat(4000)).is(404, "M_NOT_FOUND");
        assertThat(lives(token)).isTrue();
    }

    @Test
    void areEndedAllTogether() {
        String phone = signIn();
        String laptop = signIn();
        String bobs = server.tokenOf(homeserver, homeserver.register("bob" + users));
        assertThat(server.post(END_ALL, "{}", bearer(phone)).ok().integer("ended")).contains(2L);
        assertThat(lives(phone)).isFalse();
        assertThat(lives(laptop)).isFalse();
        assertThat(lives(bobs)).isTrue();
    }

    @Test
    void areEndedButForTheOneInUse() {
        String phone = signIn();
        String laptop = signIn();
        Answer answer = server.post(END_ALL, "{\"keep_current\":true}", bearer(laptop));
        assertThat(answer.ok().integer("ended")).contains(1L);
        assertThat(lives(phone)).isFalse();
        assertThat(lives(laptop)).isTrue();
        server.post(END_ALL, "{\"keep_current\":\"true\"}", bearer(laptop)).is(400, "M_INVALID_PARAM");
        server.post(END_ALL, "", bearer(laptop)).is(400, "M_NOT_JSON");
        assertThat(lives(laptop)).isTrue();
        server.post(END_ALL, "{\"keep_current\":false}", bearer(laptop)).ok();
        assertThat(lives(laptop)).isFalse();
    }

    @Test
    void areSeenAndEndedByOtherFeaturesToo() {
        String phone = signIn();
        signIn();
        Tokens tokens = server.part(Tokens.class);
        assertThat(tokens.tokensOf(alice)).hasSize(2).extracting(TokenInfo::id).contains(idOf(phone));
        assertThat(tokens.end(alice, idOf(phone))).isTrue();
        assertThat(lives(phone)).isFalse();
        assertThat(tokens.endAll(alice)).isEqualTo(1);
        assertThat(tokens.tokensOf(alice)).isEmpty();
    }

    // Whoever is erased is not named by what has run out, until a job comes by.
    @Test
    void leaveNothingWhenAllAreEnded() {
        signIn();
        clock.move(Duration.ofDays(10));
        signIn();
        server.part(Tokens.class).endAll(alice);
        assertThat(server.part(JdbcClient.class)
                .sql("SELECT count(*) FROM terms.access_token WHERE user_id = ?")
                .param(alice.value())
                .query(Long.class)
                .single()).isZero();
    }

    @Test
    void areNoLongerListedWhenTheyHaveExpired() {
        String old = signIn();
        String id = idOf(old);
        clock.move(Duration.ofDays(10));
        String fresh = signIn();
        assertThat(seenBy(fresh)).hasSize(1);
        end(fresh, id).is(404, "M_NOT_FOUND");
    }

    @Test
    void giveWayWhenThereAreTooMany() {
        List<String> tokens = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            tokens.add(signIn());
            clock.move(Duration.ofHours(3));
        }
        // The oldest is used now, so that the second is the one that was not used for longest.
        assertThat(lives(tokens.getFirst())).isTrue();
        String sixth = signIn();
        assertThat(lives(tokens.get(1))).isFalse();
        assertThat(lives(tokens.getFirst())).isTrue();
        assertThat(seenBy(sixth)).hasSize(5);
    }

    @Test
    void areNeverTooManyHoweverManyComeAtOnce() throws Exception {
        List<Callable<String>> signIns = new ArrayList<>();
        for (int i = 0; i < 24; i++) {
            signIns.add(this::signIn);
        }
        try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Future<String> token : clients.invokeAll(signIns)) {
                token.get();
            }
        }
        assertThat(server.part(Tokens.class).tokensOf(alice)).hasSize(5);
    }
}
