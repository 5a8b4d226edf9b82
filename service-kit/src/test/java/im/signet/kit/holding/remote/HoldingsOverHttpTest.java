package im.signet.kit.holding.remote;

import im.signet.kit.SettableClock;
import im.signet.kit.holding.ConfirmationLink;
import im.signet.kit.holding.Ending;
import im.signet.kit.holding.Holding;
import im.signet.kit.holding.Holdings;
import im.signet.kit.page.Audience;
import im.signet.kit.peer.Peer;
import im.signet.kit.token.remote.TermsService;
import im.signet.kit.web.TinyService;
import im.signet.protocol.identifier.UserId;

import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.test.context.junit.jupiter.SpringExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** The terms-service's side and the other service's, over HTTP. */
@ExtendWith(SpringExtension.class)
@SpringBootTest(classes = {TinyService.class,
    HoldingsOverHttpTest.Service.class}, webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
class HoldingsOverHttpTest {

    private static final UserId ALICE = UserId.of("@alice:example.org");
    private static final String SECRET = "what-both-of-them-know-0123456789";
    private static final Audience READER = new Audience(Locale.forLanguageTag("pt-BR"), Optional.of("garden"));
    private static final ConfirmationLink LINK = new ConfirmationLink(
            URI.create("https://id.example.org/_signet/terms/confirm?t=secret"), Ending.WITHDRAWN,
            Duration.ofHours(1), READER);

    @Configuration(proxyBeanMethods = false)
    @Import(HoldingsEndpoint.class)
    static class Service {

        @Bean
        Recorded holdings() {
            return new Recorded();
        }

        @Bean
        TermsService termsService() {
            return new TermsService("https://id.example.org", "identity", SECRET);
        }
    }

    /** Remembers what it was asked, by whichever of the server's threads. */
    static final class Recorded implements Holdings {

        private final List<String> asked = new CopyOnWriteArrayList<>();
        private volatile List<Holding> kept = List.of();
        private volatile boolean sends = true;
        private volatile boolean fails;

        @Override
        public String service() {
            return "identity";
        }

        @Override
        public List<Holding> of(UserId user) {
            asked.add("of " + user);
            return kept;
        }

        @Override
        public boolean send(UserId user, String id, ConfirmationLink link) {
            asked.add("send " + user + " " + id + " " + link.url() + " " + link.ending() + " " + link.life() + " "
                    + link.audience());
            return sends;
        }

        @Override
        public void end(UserId user, Ending ending, Instant before) {
            if (fails) {
                throw new IllegalStateException("the database is gone");
            }
            asked.add("end " + user + " " + ending + " " + before);
        }
    }

    @LocalServerPort
    private int port;
    @Autowired
    private Recorded recorded;
    private final List<Peer> peers = new ArrayList<>();

    @AfterEach
    void forget() {
        peers.forEach(Peer::close);
        recorded.asked.clear();
        recorded.kept = List.of();
        recorded.sends = true;
        recorded.fails = false;
    }

    private Holdings asking(String name, String secret) {
        Peer peer = new Peer(URI.create("http://127.0.0.1:" + port), name, secret, Optional.empty(),
                Duration.ofSeconds(10), new SettableClock());
        peers.add(peer);
        return new RemoteHoldings("identity", peer);
    }

    private Holdings holdings() {
        return asking("identity", SECRET);
    }

    @Test
    void tellsWhatIsKept() {
        assertThat(holdings().of(ALICE)).isEmpty();
        recorded.kept = List.of(
                new Holding("1", "email", "a\u2022\u2022\u2022@e\u2022\u2022\u2022.org", true,
                        Instant.parse("2026-11-21T12:00:00.123Z")),
                new Holding("2", "handle", "alice@example.org", false, Instant.EPOCH));
        assertThat(holdings().of(ALICE)).isEqualTo(recorded.kept);
        assertThat(recorded.asked).containsOnly("of @alice:example.org");
    }

    @Test
    void sendsTheLinkAsItIs() {
        assertThat(holdings().send(ALICE, "7", LINK)).isTrue();
        assertThat(recorded.asked).containsExactly("send @alice:example.org 7 " + LINK.url() + " WITHDRAWN PT1H "
                + READER);
        recorded.sends = false;
        assertThat(holdings().send(ALICE, "7", LINK)).isFalse();
    }

    // What goes out under our name must not lead to somebody else's page.
    @ParameterizedTest
    @CsvSource({"https://evil.example/x", "https://id.example.org.evil.example/",
        "https://id.example.org@evil.example/",
        "http://id.example.org/", "https://id.example.org"})
    void sendsNoLinkThatLeadsElsewhere(URI url) {
        ConfirmationLink link = new ConfirmationLink(url, Ending.ERASED, Duration.ofHours(1), READER);
        assertThatThrownBy(() -> holdings().send(ALICE, "7", link)).hasMessageContaining("answered 400");
        assertThat(recorded.asked).isEmpty();
    }

    @Test
    void endsWhatBeganBefore() {
        Instant before = Instant.parse("2026-11-21T12:00:00.123456789Z");
        holdings().end(ALICE, Ending.ERASED, before);
        assertThat(recorded.asked).containsExactly("end @alice:example.org ERASED " + before);
    }

    @Test
    void throwsWhereNothingWasDone() {
        recorded.fails = true;
        assertThatThrownBy(() -> holdings().end(ALICE, Ending.ERASED, Instant.EPOCH))
                .hasMessageContaining("could not be asked");
    }

    @ParameterizedTest
    @CsvSource({"identity,wrong", "calendar," + SECRET, "'',''", "identity,''", "identity," + SECRET + "x"})
    void answersNobodyElse(String name, String secret) {
        Holdings stranger = asking(name, secret);
        assertThatThrownBy(() -> stranger.of(ALICE)).hasMessageContaining("answered 401");
        assertThatThrownBy(() -> stranger.send(ALICE, "7", LINK)).hasMessageContaining("answered 401");
        assertThatThrownBy(() -> stranger.end(ALICE, Ending.ERASED, Instant.EPOCH))
                .hasMessageContaining("answered 401");
        assertThat(recorded.asked).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {"of|{}", "of|{\"user\":\"alice\"}",
        "end|{\"user\":\"@alice:example.org\",\"ending\":\"paused\",\"before\":\"2026-11-21T12:00:00Z\"}",
        "end|{\"user\":\"@alice:example.org\",\"ending\":\"erased\",\"before\":\"yesterday\"}",
        "send|{\"user\":\"@alice:example.org\",\"id\":\"7\",\"ending\":\"erased\"}"})
    void refusesWhatItCannotRead(String path, String body) {
        Peer peer = new Peer(URI.create("http://127.0.0.1:" + port), "identity", SECRET, Optional.empty(),
                Duration.ofSeconds(10), new SettableClock());
        peers.add(peer);
        assertThat(peer.post("/_signet/holdings/" + path, "application/json", "application/json", body))
                .isInstanceOfSatisfying(Peer.Reply.Answered.class,
                        answered -> assertThat(answered.status()).isEqualTo(400));
        assertThat(recorded.asked).isEmpty();
    }
}
