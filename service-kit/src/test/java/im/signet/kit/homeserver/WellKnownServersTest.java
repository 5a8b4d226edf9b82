package im.signet.kit.homeserver;

import im.signet.kit.outbound.TestInternet;
import im.signet.kit.outbound.TestInternet.Site;
import im.signet.protocol.identifier.ServerName;

import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Map;
import java.util.Optional;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

@Timeout(60)
class WellKnownServersTest {

    private static final String PATH = "/.well-known/matrix/server";
    private static final String IP = "93.184.216.34";
    private static final String DELEGATION = "{\"m.server\":\"matrix.example:443\"}";

    private final TestInternet internet = new TestInternet();
    private final AdjustableClock clock = new AdjustableClock();
    private final WellKnownServers wellKnown = new WellKnownServers(internet.client(), clock);
    private final Site site = internet.site(IP, 443, "hs.example");

    @BeforeEach
    void resolve() {
        internet.names().answer("hs.example", IP);
    }

    @AfterEach
    void disconnect() throws IOException {
        internet.close();
    }

    @Test
    void readsTheDelegation() {
        site.answers(PATH, 200, DELEGATION);
        assertThat(ask()).contains(ServerName.of("matrix.example:443"));
        assertThat(site.asked().getFirst().header("Host")).isEqualTo("hs.example");
    }

    @Test
    void followsRedirects() {
        internet.names().answer("www.hs.example", "93.184.216.35");
        internet.site("93.184.216.35", 443, "www.hs.example").answers("/elsewhere", 200, DELEGATION);
        site.redirects(PATH, 301, "https://www.hs.example/elsewhere");
        assertThat(ask()).contains(ServerName.of("matrix.example:443"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x", "[]", "{}", "{\"m.server\":null}", "{\"m.server\":7}", "{\"m.server\":\"\"}",
        "{\"m.server\":\"a b\"}", "{\"m.server\":\"https://matrix.example\"}", "{\"m.server\":\"user@matrix.example\"}",
        "{\"m.server\":\"matrix.example/\"}", "{\"m.server\":\"matrix.example:\"}",
        "{\"m.server\":\"matrix.example:99999\"}",
        "{\"m.server\":\"matrix.example\\r\\nX: y\"}", "{\"m.server\":\"a.example\",\"m.server\":\"b.example\"}",
        "{\"m.server\":\"127.1\"}", "{\"m.server\":\"2130706433\"}"})
    void takesAnythingElseForNoDelegation(String body) {
        site.answers(PATH, 200, body);
        assertThat(ask()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {201, 204, 304, 400, 404, 500})
    void takesOtherStatusesForNoDelegation(int status) {
        site.answers(PATH, status, status == 204 || status == 304 ? "" : DELEGATION);
        assertThat(ask()).isEmpty();
    }

    @Test
    void readsFiftyKibibytesAndNoMore() {
        int padding = 50 * 1024 - DELEGATION.length();
        site.answers(PATH, 200, DELEGATION + " ".repeat(padding));
        assertThat(ask()).isPresent();
        clock.pass(Duration.ofDays(3));
        site.answers(PATH, 200, DELEGATION + " ".repeat(padding + 1));
        assertThat(ask()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(nullValues = "-", value = {"-, PT24H", "max-age=60, PT1M", "max-age=0, PT0S", "no-store, PT0S",
        "'public, no-cache', PT0S", "'public, MAX-AGE=\"60\"', PT1M", "max-age=999999999, PT48H",
        "max-age=999999999999999999, PT48H", "max-age=99999999999999999999999, PT24H", "max-age=-1, PT24H",
        "max-age=x, PT24H", "s-maxage=60, PT24H", "'max-age=60, max-age=120', PT1M"})
    void remembersADelegationAsLongAsItSays(String cacheControl, Duration lifetime) {
        answerWith(200, DELEGATION, cacheControl == null ? Map.of() : Map.of("Cache-Control", cacheControl));
        assertRememberedFor(lifetime);
    }

    @Test
    void remembersADelegationUntilItExpires() {
        answerWith(200, DELEGATION, Map.of("Expires", httpDate(Duration.ofMinutes(5))));
        assertRememberedFor(Duration.ofMinutes(5));
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "-1", "x", "Thu, 01 Jan 1970 00:00:00 GMT"})
    void takesADateThatHasPassedOrIsNoneForExpired(String expires) {
        answerWith(200, DELEGATION, Map.of("Expires", expires));
        assertRememberedFor(Duration.ZERO);
    }

    @Test
    void heedsCacheControlBeforeExpires() {
        answerWith(200, DELEGATION, Map.of("Expires", "0", "Cache-Control", "max-age=60"));
        assertRememberedFor(Duration.ofMinutes(1));
    }

    @ParameterizedTest
    @CsvSource(nullValues = "-", value = {"-, PT1H", "max-age=86400, PT1H", "max-age=60, PT1M"})
    void remembersThatThereIsNothingForAnHourAtMost(String cacheControl, Duration lifetime) {
        answerWith(404, "{}", cacheControl == null ? Map.of() : Map.of("Cache-Control", cacheControl));
        assertRememberedFor(lifetime);
    }

    @Test
    void asksAnUnreachableHostAgainAfterTwoMinutes() {
        site.stop();
        int before = internet.dialled().size();
        assertThat(ask()).isEmpty();
        clock.pass(Duration.ofSeconds(119));
        assertThat(ask()).isEmpty();
        assertThat(internet.dialled()).hasSize(before + 1);
        clock.pass(Duration.ofSeconds(2));
        assertThat(ask()).isEmpty();
        assertThat(internet.dialled()).hasSize(before + 2);
    }

    private void assertRememberedFor(Duration lifetime) {
        Optional<ServerName> first = ask();
        if (!lifetime.isZero()) {
            clock.pass(lifetime.minusSeconds(1));
            assertThat(ask()).isEqualTo(first);
            assertThat(site.asked()).hasSize(1);
            clock.pass(Duration.ofSeconds(1));
        }
        ask();
        assertThat(site.asked()).hasSize(2);
    }

    private void answerWith(int status, String body, Map<String, String> headers) {
        site.handles(PATH, exchange -> {
            headers.forEach(exchange.getResponseHeaders()::add);
            TestInternet.respond(exchange, status, body);
        });
    }

    private String httpDate(Duration ahead) {
        return DateTimeFormatter.RFC_1123_DATE_TIME.format(clock.instant().plus(ahead).atOffset(ZoneOffset.UTC));
    }

    private Optional<ServerName> ask() {
        return wellKnown.delegatedBy("hs.example", Deadline.in(Duration.ofSeconds(10)));
    }

    private static final class AdjustableClock extends Clock {

        private Instant now = Instant.parse("2026-11-21T09:30:00Z");

        void pass(Duration time) {
            now = now.plus(time);
        }

        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }
}
