package im.signet.kit.homeserver;

import im.signet.kit.SettableClock;
import im.signet.kit.homeserver.FederationRequests.Check;
import im.signet.kit.outbound.TestInternet;
import im.signet.kit.outbound.TestInternet.Site;
import im.signet.protocol.identifier.ServerName;
import im.signet.protocol.json.JsonObject;
import im.signet.protocol.signature.FederationRequest;
import im.signet.protocol.signature.FederationRequest.Addressing;
import im.signet.protocol.signature.SigningKey;
import im.signet.protocol.signature.XMatrix;

import java.io.IOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class FederationRequestsTest {

    private static final String IP = "93.184.216.34";
    private static final String PATH = "/_matrix/key/v2/server";
    private static final ServerName SENDER = ServerName.of("hs.example:8448");
    private static final ServerName OTHER = ServerName.of("other.example:8448");
    private static final SigningKey KEY = PublishedKeys.key("ed25519:1");
    private static final Set<String> NAMES = Set.of("id.example", "id.example:8448", "id.example/path");
    private static final FederationRequest REQUEST = new FederationRequest("POST", "/unbind",
            Optional.of(JsonObject.of().with("mxid", "@a:hs.example:8448")));

    private final SettableClock clock = new SettableClock();
    private final TestInternet internet = new TestInternet();
    private final Site site = internet.site(IP, 8448, "hs.example", "other.example");
    private final FederationRequests requests = new FederationRequests(
            new HomeserverKeys(
                    new Homeservers(new FederationProperties(List.of(), null, List.of(), List.of())::serves,
                            internet.client(),
                            internet.names(), clock, new SecureRandom()),
                    clock),
            NAMES);

    @BeforeEach
    void publish() {
        internet.names().answer("hs.example", IP);
        internet.names().answer("other.example", IP);
        site.answers(PATH, 200, PublishedKeys.of(SENDER, clock.instant().plus(Duration.ofDays(1)), KEY).json());
    }

    @AfterEach
    void disconnect() throws IOException {
        internet.close();
    }

    private static XMatrix signed(Addressing addressing, String destination) {
        return REQUEST.sign(SENDER, addressing, destination, KEY);
    }

    private Check check(XMatrix... headers) {
        return requests.check(REQUEST, SENDER, List.of(headers).stream().map(XMatrix::toHeader).toList());
    }

    @ParameterizedTest
    @ValueSource(strings = {"id.example", "id.example:8448", "id.example/path", "ID.Example"})
    void believesASignatureForEachOfOurNames(String name) {
        for (Addressing addressing : Addressing.values()) {
            XMatrix header = signed(addressing, name);
            assertThat(check(header)).isInstanceOf(Check.Signed.class);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"id.example", "id.example:8448", "id.example/path"})
    void believesASignatureWithoutDestinationInTheHeader(String name) {
        for (Addressing addressing : Addressing.values()) {
            XMatrix header = signed(addressing, name);
            assertThat(check(new XMatrix(SENDER, Optional.empty(), header.key(), header.signature())))
                    .isInstanceOf(Check.Signed.class);
        }
    }

    @Test
    void believesNoSignatureForAnother() {
        XMatrix forAnother = signed(Addressing.DESTINATION, "id.elsewhere.example");
        assertThat(check(forAnother)).isInstanceOf(Check.ForAnother.class);
        assertThat(check(new XMatrix(SENDER, Optional.empty(), forAnother.key(), forAnother.signature())))
                .isInstanceOf(Check.NotSigned.class);
        assertThat(check(new XMatrix(SENDER, Optional.of("id.example"), forAnother.key(), forAnother.signature())))
                .isInstanceOf(Check.NotSigned.class);
    }

    @Test
    void asksNobodyAboutARequestForAnother() {
        check(signed(Addressing.DESTINATION, "id.elsewhere.example"));
        assertThat(site.asked()).isEmpty();
    }

    @Test
    void asksNobodyButTheSender() {
        assertThat(check(REQUEST.sign(OTHER, Addressing.DESTINATION, "id.example", KEY)))
                .isInstanceOf(Check.NotSigned.class);
        assertThat(site.asked()).isEmpty();
    }

    @Test
    void believesNobodyWhoSaysToBeTheSender() {
        SigningKey own = PublishedKeys.key(KEY.id().toString());
        assertThat(check(REQUEST.sign(SENDER, Addressing.DESTINATION, "id.example", own)))
                .isInstanceOf(Check.NotSigned.class);
        assertThat(check(REQUEST.sign(SENDER, Addressing.DESTINATION, "id.example", PublishedKeys.key("ed25519:2"))))
                .isInstanceOf(Check.NotSigned.class);
    }

    @Test
    void believesNoSignatureOfAnotherRequest() {
        String header = signed(Addressing.DESTINATION, "id.example").toHeader();
        assertThat(requests.check(
                new FederationRequest("POST", "/unbind",
                        Optional.of(JsonObject.of().with("mxid", "@b:hs.example:8448"))),
                SENDER, List.of(header))).isInstanceOf(Check.NotSigned.class);
        assertThat(requests.check(new FederationRequest("POST", "/unbind?", REQUEST.content()), SENDER,
                List.of(header))).isInstanceOf(Check.NotSigned.class);
        assertThat(requests.check(new FederationRequest("PUT", "/unbind", REQUEST.content()), SENDER,
                List.of(header))).isInstanceOf(Check.NotSigned.class);
    }

    @Test
    void needsOneValidHeaderOfSeveral() {
        String good = signed(Addressing.DESTINATION, "id.example").toHeader();
        String foreign = REQUEST.sign(OTHER, Addressing.DESTINATION, "id.example", KEY).toHeader();
        String wrong = signed(Addressing.DESTINATION, "id.elsewhere.example").toHeader();
        assertThat(requests.check(REQUEST, SENDER, List.of("Bearer abc", "X-Matrix nonsense", foreign, wrong, good)))
                .isInstanceOf(Check.Signed.class);
        assertThat(requests.check(REQUEST, SENDER, List.of(good, wrong))).isInstanceOf(Check.Signed.class);
        assertThat(requests.check(REQUEST, SENDER, List.of("Bearer abc", "X-Matrix nonsense", foreign)))
                .isInstanceOf(Check.NotSigned.class);
        assertThat(requests.check(REQUEST, SENDER, List.of())).isInstanceOf(Check.NotSigned.class);
        assertThat(requests.check(REQUEST, SENDER, Collections.nCopies(1000, wrong)))
                .isInstanceOf(Check.ForAnother.class);
    }

    @Test
    void cannotTellWithoutTheSendersKeys() {
        site.answers(PATH, 503, "{}");
        assertThat(check(signed(Addressing.DESTINATION, "id.example"))).isInstanceOf(Check.KeysUnreachable.class);
    }

    @Test
    void believesNoKeyThatTheSenderRetired() {
        SigningKey next = PublishedKeys.key("ed25519:2");
        site.answers(PATH, 200,
                PublishedKeys.of(SENDER, clock.instant().plus(Duration.ofDays(1)), next).withOld(KEY).json());
        assertThat(check(signed(Addressing.DESTINATION, "id.example"))).isInstanceOf(Check.NotSigned.class);
        assertThat(check(REQUEST.sign(SENDER, Addressing.DESTINATION, "id.example", next)))
                .isInstanceOf(Check.Signed.class);
    }
}
