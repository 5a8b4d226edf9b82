package im.signet.kit.homeserver;

import im.signet.kit.SettableClock;
import im.signet.kit.outbound.TestInternet;
import im.signet.kit.outbound.TestInternet.Site;
import im.signet.protocol.identifier.ServerName;
import im.signet.protocol.json.JsonObject;
import im.signet.protocol.json.StrictJson;
import im.signet.protocol.signature.KeyId;
import im.signet.protocol.signature.SignedJson;
import im.signet.protocol.signature.SigningKey;

import java.io.IOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

@Timeout(60)
class HomeserverKeysTest {

    private static final String IP = "93.184.216.34";
    private static final String PATH = "/_matrix/key/v2/server";
    private static final ServerName SERVER = ServerName.of("hs.example:8448");
    private static final SigningKey FIRST = PublishedKeys.key("ed25519:first");
    private static final SigningKey SECOND = PublishedKeys.key("ed25519:second");

    private final SettableClock clock = new SettableClock();
    private final TestInternet internet = new TestInternet();
    private final HomeserverKeys keys = keys();
    private final Site site = internet.site(IP, 8448, "hs.example");

    @BeforeEach
    void resolve() {
        internet.names().answer("hs.example", IP);
    }

    @AfterEach
    void disconnect() throws IOException {
        internet.close();
    }

    private HomeserverKeys keys(String... allowed) {
        FederationProperties federation = new FederationProperties(List.of(), null,
                Stream.of(allowed).map(HomeserverPattern::valueOf).toList(), List.of());
        return new HomeserverKeys(
                new Homeservers(federation::serves, internet.client(), internet.names(), clock, new SecureRandom()),
                clock);
    }

    private PublishedKeys published(SigningKey... listed) {
        return PublishedKeys.of(SERVER, clock.instant().plus(Duration.ofDays(1)), listed);
    }

    private void publish(PublishedKeys published) {
        site.answers(PATH, 200, published.json());
    }

    private void knows(SigningKey key) {
        assertThat(keys.key(SERVER, key.id())).isEqualTo(new HomeserverKey.Key(key.verifyKey()));
    }

    private void believesNothing() {
        assertThat(keys.key(SERVER, FIRST.id())).isInstanceOf(HomeserverKey.Unreachable.class);
    }

    @Test
    void believesAKeyThatSignedItself() {
        publish(published(FIRST));
        knows(FIRST);
        assertThat(keys.key(SERVER, SECOND.id())).isInstanceOf(HomeserverKey.Unknown.class);
        assertThat(site.asked().getFirst().target()).isEqualTo(PATH);
    }

    @Test
    void believesEachOfSeveralKeysThatSignedThem() {
        publish(published(FIRST, SECOND));
        knows(FIRST);
        knows(SECOND);
    }

    @Test
    void passesOverAKeyThatDidNotSign() {
        publish(published(FIRST, SECOND).signedBy(FIRST));
        knows(FIRST);
        assertThat(keys.key(SERVER, SECOND.id())).isInstanceOf(HomeserverKey.Unknown.class);
    }

    @Test
    void neverUsesOldKeys() {
        publish(published(FIRST).withOld(SECOND));
        knows(FIRST);
        assertThat(keys.key(SERVER, SECOND.id())).isInstanceOf(HomeserverKey.Unknown.class);
    }

    @Test
    void believesNothingThatNobodySigned() {
        publish(published(FIRST).signedBy());
        believesNothing();
    }

    @Test
    void believesNothingThatAnotherKeySigned() {
        publish(published(FIRST).signedBy(SECOND));
        believesNothing();
    }

    @Test
    void believesNoKeyThatWasSwapped() {
        SigningKey sameName = PublishedKeys.key(FIRST.id().toString());
        publish(published(FIRST).signedBy(sameName));
        believesNothing();
    }

    @Test
    void believesNothingThatWasChangedAfterwards() {
        JsonObject signed = published(FIRST).toJson();
        site.answers(PATH, 200, StrictJson.write(signed.with("more", "text")));
        believesNothing();
    }

    @Test
    void believesNoOtherServersKeys() {
        ServerName other = ServerName.of("other.example");
        publish(PublishedKeys.of(other, clock.instant().plus(Duration.ofDays(1)), FIRST));
        believesNothing();
        JsonObject signedByTheOther = SignedJson.sign(published(FIRST).signedBy().toJson(), other, FIRST);
        clock.move(Duration.ofMinutes(2));
        site.answers(PATH, 200, StrictJson.write(signedByTheOther));
        believesNothing();
    }

    @Test
    void believesNothingThatIsOutOfDate() {
        publish(PublishedKeys.of(SERVER, clock.instant(), FIRST));
        believesNothing();
        clock.move(Duration.ofMinutes(2));
        publish(PublishedKeys.of(SERVER, clock.instant().minus(Duration.ofDays(400)), FIRST));
        believesNothing();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "[]", "{}", "<html>", "{\"server_name\":\"hs.example:8448\"}",
        "{\"server_name\":\"hs.example:8448\",\"verify_keys\":{\"ed25519:first\":{\"key\":\"AAAA\"}},\"valid_until_ts\":99999999999999}",
        "{\"server_name\":\"hs.example:8448\",\"verify_keys\":[],\"valid_until_ts\":99999999999999}",
        "{\"server_name\":\"hs.example:8448\",\"verify_keys\":{\"x\":1},\"valid_until_ts\":99999999999999}",
        "{\"server_name\":\"hs.example:8448\",\"verify_keys\":{},\"valid_until_ts\":\"99999999999999\"}"})
    void believesNothingThatIsNoListOfKeys(String body) {
        site.answers(PATH, 200, body);
        believesNothing();
    }

    @ParameterizedTest
    @ValueSource(ints = {201, 302, 404, 500})
    void believesNoOtherStatus(int status) {
        site.answers(PATH, status, published(FIRST).json());
        believesNothing();
    }

    @Test
    void believesNothingOfTooManyKeys() {
        publish(published(IntStream.range(0, 33)
                .mapToObj(i -> PublishedKeys.key("ed25519:k" + i))
                .toArray(
                        SigningKey[]::new)));
        assertThat(keys.key(SERVER, KeyId.of("ed25519:k0"))).isInstanceOf(HomeserverKey.Unreachable.class);
    }

    @Test
    void asksOnceForAsLongAsTheKeysAreGood() {
        publish(published(FIRST));
        knows(FIRST);
        clock.move(Duration.ofHours(23));
        knows(FIRST);
        assertThat(site.asked()).hasSize(1);
        clock.move(Duration.ofHours(1));
        publish(published(FIRST));
        knows(FIRST);
        assertThat(site.asked()).hasSize(2);
    }

    @Test
    void forgetsKeysAfterTheyRanOut() {
        publish(published(FIRST));
        knows(FIRST);
        site.answers(PATH, 500, "{}");
        clock.move(Duration.ofDays(1));
        believesNothing();
    }

    @Test
    void believesNoKeyForMoreThanAWeek() {
        publish(PublishedKeys.of(SERVER, clock.instant().plus(Duration.ofDays(4000)), FIRST));
        knows(FIRST);
        site.answers(PATH, 500, "{}");
        clock.move(Duration.ofDays(7).minusMillis(1));
        knows(FIRST);
        clock.move(Duration.ofMillis(1));
        believesNothing();
    }

    @Test
    void takesTheLongestTimeThereIs() {
        JsonObject forever = published(FIRST).signedBy()
                .toJson()
                .toBuilder()
                .put("valid_until_ts", (1L << 53) - 1)
                .build();
        site.answers(PATH, 200, StrictJson.write(SignedJson.sign(forever, SERVER, FIRST)));
        knows(FIRST);
    }

    @Test
    void findsAKeyThatWasMadeSince() {
        publish(published(FIRST));
        knows(FIRST);
        publish(published(SECOND).withOld(FIRST));
        clock.move(Duration.ofMinutes(1));
        knows(SECOND);
        assertThat(keys.key(SERVER, FIRST.id())).isInstanceOf(HomeserverKey.Unknown.class);
    }

    @Test
    void asksForUnknownKeysAtMostOnceAMinute() {
        publish(published(FIRST));
        for (int i = 0; i < 50; i++) {
            assertThat(keys.key(SERVER, KeyId.of("ed25519:x" + i))).isInstanceOf(HomeserverKey.Unknown.class);
        }
        assertThat(site.asked()).hasSize(1);
        clock.move(Duration.ofMinutes(1));
        for (int i = 0; i < 50; i++) {
            assertThat(keys.key(SERVER, KeyId.of("ed25519:x" + i))).isInstanceOf(HomeserverKey.Unknown.class);
        }
        assertThat(site.asked()).hasSize(2);
    }

    @Test
    void keepsGoodKeysWhenAskingForAnotherFails() {
        publish(published(FIRST));
        knows(FIRST);
        site.answers(PATH, 500, "{}");
        clock.move(Duration.ofMinutes(1));
        assertThat(keys.key(SERVER, SECOND.id())).isInstanceOf(HomeserverKey.Unreachable.class);
        knows(FIRST);
        clock.move(Duration.ofDays(1));
        believesNothing();
    }

    @Test
    void asksAgainAMinuteAfterAFailure() {
        site.answers(PATH, 500, "{}");
        believesNothing();
        believesNothing();
        assertThat(site.asked()).hasSize(1);
        publish(published(FIRST));
        clock.move(Duration.ofMinutes(1));
        knows(FIRST);
    }

    @Test
    void findsAServerUnreachableThatIsDown() {
        site.stop();
        believesNothing();
        assertThat(keys.key(ServerName.of("absent.example"), FIRST.id())).isInstanceOf(HomeserverKey.Unreachable.class);
    }

    @Test
    void connectsToNoForbiddenAddress() {
        assertThat(keys.key(ServerName.of("127.0.0.1:8448"), FIRST.id())).isInstanceOf(HomeserverKey.Unreachable.class);
        assertThat(keys.key(ServerName.of("[::ffff:10.0.0.1]"), FIRST.id()))
                .isInstanceOf(HomeserverKey.Unreachable.class);
        assertThat(internet.dialled()).isEmpty();
    }

    @Test
    void asksOnlyHomeserversOnTheList() {
        publish(published(FIRST));
        assertThat(keys("other.example").key(SERVER, FIRST.id())).isInstanceOf(HomeserverKey.Unreachable.class);
        assertThat(keys("hs.example:8448").key(SERVER, FIRST.id())).isInstanceOf(HomeserverKey.Key.class);
    }

    @Test
    void findsAServerUnreachableThatIsTooSlow() throws InterruptedException {
        CountDownLatch over = new CountDownLatch(1);
        site.handles(PATH, exchange -> {
            try {
                over.await();
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
            }
        });
        believesNothing();
        over.countDown();
    }

    @Test
    void asksOnceForManyWhoComeTogether() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch answer = new CountDownLatch(1);
        String json = published(FIRST).json();
        site.handles(PATH, exchange -> {
            asked.countDown();
            try {
                answer.await();
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
            }
            TestInternet.respond(exchange, 200, json);
        });
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Callable<HomeserverKey> asking = () -> keys.key(SERVER, FIRST.id());
            var answers = IntStream.range(0, 40).mapToObj(_ -> threads.submit(asking)).toList();
            asked.await();
            answer.countDown();
            for (var each : answers) {
                assertThat(each.get()).isEqualTo(new HomeserverKey.Key(FIRST.verifyKey()));
            }
        }
        assertThat(site.asked()).hasSize(1);
    }
}
