package im.signet.client.jdk;

import im.signet.client.Binding;
import im.signet.client.ClientOptions;
import im.signet.client.Connection;
import im.signet.client.Consent;
import im.signet.client.Failure;
import im.signet.client.IdentityServer;
import im.signet.client.Logout;
import im.signet.client.Lookup;
import im.signet.client.OpenIdToken;
import im.signet.client.Proof;
import im.signet.client.Publication;
import im.signet.client.Purpose;
import im.signet.client.Session;
import im.signet.client.Status;
import im.signet.client.Terms;
import im.signet.client.TermsReading;
import im.signet.client.TokenCheck;
import im.signet.client.TokenRequest;
import im.signet.client.contact.AddressBook;
import im.signet.client.contact.ContactState;
import im.signet.client.transport.PlannedRequest;
import im.signet.client.transport.RequestListener.Verdict;
import im.signet.client.transport.Transport;
import im.signet.protocol.identifier.Address;
import im.signet.protocol.identifier.Medium;
import im.signet.protocol.identifier.ServerName;
import im.signet.protocol.json.JsonObject;
import im.signet.protocol.json.StrictJson;
import im.signet.protocol.signature.KeyId;
import im.signet.protocol.signature.SignedJson;
import im.signet.protocol.signature.SigningKey;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;

import com.sun.net.httpserver.HttpExchange;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/** The library and its transport together, against a server that is scripted but really listens. */
@Timeout(60)
public class DiscoveryOverHttpTest {
    private static final String PREFIX = "/_matrix/identity";
    private static final String TERMS = "GET " + PREFIX + "/v2/terms";
    private static final Address MAIL = Address.of(Medium.EMAIL, "alice@example.org");
    private static final SigningKey KEY = SigningKey.fromSeed(KeyId.of("ed25519:0"), new byte[32]);

    private final List<PlannedRequest> planned = new CopyOnWriteArrayList<>();
    private ScriptedServer server;
    private IdentityServer client;

    /** Returns the transport to try. */
    protected Transport transport(Duration requestTimeout) {
        return JdkTransport.builder().requestTimeout(requestTimeout).build();
    }

    @BeforeEach
    void start() throws IOException {
        server = ScriptedServer.start();
        ClientOptions options = ClientOptions.defaults().allowingLoopbackHttp().withListener(request -> {
            planned.add(request);
            return Verdict.SEND;
        });
        client = IdentityServer.at(server.url(), transport(Duration.ofSeconds(2)), options).orElseThrow();
        on("GET /versions", "{\"versions\":[\"v1.18\"]}");
        on("GET /v2/terms",
                """
                {"policies":{"privacy":{"version":"1","en":{"name":"Privacy","url":"https://id.example.org/p/1/en"}}}}""");
        on("POST /v2/terms", "{}");
        on("POST /v2/account/register", "{\"token\":\"secret\"}");
        on("GET /v2/account", "{\"user_id\":\"@alice:example.org\"}");
        on("POST /v2/account/logout", "{}");
        on("GET /v2/hash_details", "{\"lookup_pepper\":\"matrixrocks\",\"algorithms\":[\"sha256\"]}");
        // The published hash of bob@example.com with that pepper.
        on("POST /v2/lookup", """
                {"mappings":{"LJwSazmv46n0hlMlsb_iYxI0_HXEqy_yj6Jm636cdT8":"@bob:example.com"}}""");
        on("POST /v2/validate/email/requestToken", "{\"sid\":\"s1\"}");
        on("POST /v2/validate/email/submitToken", "{\"success\":true}");
        on("GET /v2/3pid/getValidated3pid",
                "{\"medium\":\"email\",\"address\":\"alice@example.org\",\"validated_at\":1700000000000}");
        JsonObject association = JsonObject.builder()
                .put("address", MAIL.value())
                .put("medium", "email")
                .put("mxid", "@alice:example.org")
                .put("not_before", 1L)
                .put("not_after", 2L)
                .put("ts", 1L)
                .build();
        on("POST /v2/3pid/bind", StrictJson.write(SignedJson.sign(association, ServerName.of("id.example.org"), KEY)));
        on("GET /v2/pubkey/ed25519:0", "{\"public_key\":\"" + KEY.verifyKey().encoded() + "\"}");
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private void on(String route, String body) {
        server.on(route.replace(" ", " " + PREFIX), 200, body);
    }

    private <P extends Purpose> Consent<P> consent(P purpose) {
        Terms terms = ((TermsReading.Read) client.terms()).terms();
        return terms.consentTo(purpose).accept(terms.policy("privacy").orElseThrow(), "en").give();
    }

    private Session connect(Consent<?> consent) {
        OpenIdToken openId = OpenIdToken.parse("""
                {"access_token":"o","token_type":"Bearer","matrix_server_name":"example.org","expires_in":3600}""")
                .orElseThrow();
        return ((Connection.Connected) client.connect(consent, openId)).session();
    }

    @Test
    void discoversAFriend() {
        assertThat(client.status()).isEqualTo(new Status.Available(List.of("v1.18")));
        Consent<Purpose.DiscoverContacts> consent = consent(Purpose.DISCOVER_CONTACTS);
        Session session = connect(consent);
        Lookup.Found found = (Lookup.Found) session.discovery(consent)
                .lookup(AddressBook.empty().with("Bob", Address.of(Medium.EMAIL, "Bob@Example.com")));

        assertThat(found.contacts()).hasSize(1);
        assertThat(found.contacts().get(0).userId()).hasToString("@bob:example.com");
        assertThat(found.contacts().get(0).state()).isEqualTo(ContactState.UNVALIDATED);
        assertThat(session.logout()).isEqualTo(new Logout.LoggedOut());
        assertThat(planned).hasSameSizeAs(server.routes());
    }

    @Test
    void publishesAnAddress() {
        Consent<Purpose.PublishAddress> consent = consent(Purpose.PUBLISH_ADDRESS);
        Publication publication = connect(consent).publication(consent);
        TokenRequest.Sent sent = (TokenRequest.Sent) publication.requestEmailToken(MAIL);
        assertThat(publication.submitToken(sent.pending(), "123456")).isEqualTo(new TokenCheck.Correct());
        Proof.Proven proven = (Proof.Proven) publication.proof(sent.pending());

        assertThat(publication.bind(proven.address())).isInstanceOf(Binding.Bound.class);
    }

    static Stream<Arguments> oddAnswers() {
        return Stream.of(
                odd(Failure.Malformed.class, exchange -> ScriptedServer.reply(exchange, 200, "<html>Welcome</html>")),
                odd(Failure.Malformed.class, exchange -> ScriptedServer.reply(exchange, 200, "")),
                odd(Failure.Malformed.class, exchange -> ScriptedServer.reply(exchange, 204, "")),
                odd(Failure.Malformed.class, exchange -> ScriptedServer.reply(exchange, 200, "{\"a\":1,\"a\":2}")),
                odd(Failure.Malformed.class, exchange -> ScriptedServer.reply(exchange, 200, "x".repeat(600_000))),
                odd(Failure.Unreachable.class, exchange -> ScriptedServer.reply(exchange, 200, "x".repeat(5_000_000))),
                odd(Failure.Malformed.class, DiscoveryOverHttpTest::redirectToItself),
                odd(Failure.Malformed.class, exchange -> ScriptedServer.reply(exchange, 500, "java.lang.Exception")),
                odd(Failure.Unreachable.class, exchange -> ScriptedServer.reply(exchange, 502, "<html>nginx</html>")),
                odd(Failure.Refused.class,
                        exchange -> ScriptedServer.reply(exchange, 403, "{\"errcode\":\"M_FORBIDDEN\"}")),
                odd(Failure.Unreachable.class, HttpExchange::close),
                odd(Failure.Unreachable.class, DiscoveryOverHttpTest::stall),
                odd(Failure.Limited.class, exchange -> ScriptedServer.reply(exchange, 429, "")));
    }

    @ParameterizedTest
    @MethodSource("oddAnswers")
    void anOddAnswerIsAnOutcome(Class<?> expected, ScriptedServer.Reaction reaction) {
        server.on(TERMS, reaction);

        assertThat(client.terms()).isInstanceOf(expected);
    }

    @Test
    void tellsHowLongToWait() {
        server.on(TERMS, exchange -> {
            exchange.getResponseHeaders().add("Retry-After", "17");
            ScriptedServer.reply(exchange, 429, "{\"errcode\":\"M_LIMIT_EXCEEDED\",\"error\":\"slow down\"}");
        });
        assertThat(client.terms()).isEqualTo(new Failure.Limited(Optional.of(Duration.ofSeconds(17))));
    }

    @Test
    void doesNotFollowARedirectWithTheToken() throws IOException {
        Consent<Purpose.DiscoverContacts> consent = consent(Purpose.DISCOVER_CONTACTS);
        Session session = connect(consent);
        try (ScriptedServer elsewhere = ScriptedServer.start()) {
            server.on("GET " + PREFIX + "/v2/hash_details", exchange -> {
                exchange.getResponseHeaders().add("Location", elsewhere.url() + "/v2/hash_details");
                ScriptedServer.reply(exchange, 307, "");
            });

            assertThat(session.discovery(consent).lookup(AddressBook.empty().with("Bob", MAIL)))
                    .isInstanceOf(Failure.Malformed.class);
            assertThat(elsewhere.asked()).isEmpty();
        }
    }

    private static Arguments odd(Class<?> expected, ScriptedServer.Reaction reaction) {
        return Arguments.of(expected, reaction);
    }

    private static void redirectToItself(HttpExchange exchange) throws IOException {
        exchange.getResponseHeaders().add("Location", exchange.getRequestURI().toString());
        ScriptedServer.reply(exchange, 302, "");
    }

    private static void stall(HttpExchange exchange) throws IOException {
        exchange.sendResponseHeaders(200, 0);
        exchange.getResponseBody().write('{');
        exchange.getResponseBody().flush();
        try {
            Thread.sleep(Duration.ofSeconds(5).toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
