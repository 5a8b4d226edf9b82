package im.signet.client;

import im.signet.client.contact.AddressBook;
import im.signet.client.transport.PlannedRequest;
import im.signet.client.transport.RequestListener;
import im.signet.protocol.hash.LookupHash;
import im.signet.protocol.hash.Pepper;
import im.signet.protocol.identifier.Address;
import im.signet.protocol.identifier.Medium;
import im.signet.protocol.identifier.ServerName;
import im.signet.protocol.identifier.UserId;
import im.signet.protocol.json.Json;
import im.signet.protocol.json.JsonObject;
import im.signet.protocol.json.JsonString;
import im.signet.protocol.json.StrictJson;
import im.signet.protocol.signature.KeyId;
import im.signet.protocol.signature.SignedJson;
import im.signet.protocol.signature.SigningKey;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A well-behaved identity server with one user and a few known addresses, for tests to spoil. */
final class Scene implements RequestListener {
    static final URI SERVER = URI.create("https://id.example.org");
    static final UserId ALICE = UserId.of("@alice:example.org");
    static final UserId BOB = UserId.of("@bob:example.com");
    static final Address ALICES_MAIL = Address.of(Medium.EMAIL, "alice@example.org");
    static final Address BOBS_MAIL = Address.of(Medium.EMAIL, "bob@example.com");
    static final Address CAROLS_PHONE = Address.of(Medium.MSISDN, "447700900123");
    static final String TOKEN = "syt_secret_token";
    static final Pepper PEPPER = Pepper.of("matrixrocks");
    static final Pepper NEXT_PEPPER = Pepper.of("matrixrocksagain");
    static final SigningKey KEY = SigningKey.fromSeed(KeyId.of("ed25519:0"), new byte[32]);
    static final ServerName SIGNER = ServerName.of("id.example.org");
    static final String OPEN_ID = """
            {"access_token":"open-id-secret","token_type":"Bearer","matrix_server_name":"example.org","expires_in":3600}""";
    static final URI HOMESERVER = URI.create("https://matrix.example.org");
    static final String ACCOUNT_TOKEN = "syt_account_token";
    static final String TERMS = """
            {"policies":{
              "privacy_policy":{"version":"1.2",
                "en":{"name":"Privacy","url":"https://id.example.org/privacy-1.2-en.html"},
                "fr":{"name":"Vie privée","url":"https://id.example.org/privacy-1.2-fr.html"}},
              "terms_of_service":{"version":"5",
                "en":{"name":"Terms","url":"https://id.example.org/terms-5-en.html"}}}}""";

    final ScriptedTransport wire = new ScriptedTransport();
    final List<PlannedRequest> planned = new ArrayList<>();
    private String vetoed = "nothing";

    Scene() {
        wire.on("GET /versions", 200, "{\"versions\":[\"v1.1\",\"v1.18\"]}");
        wire.on("GET /v2/terms", 200, TERMS);
        wire.on("POST /v2/terms", 200, "{}");
        wire.on("POST /v2/account/register", 200, "{\"token\":\"" + TOKEN + "\"}");
        wire.on("GET /v2/account", 200, "{\"user_id\":\"@alice:example.org\"}");
        wire.on("POST /v2/account/logout", 200, "{}");
        wire.on("GET /v2/hash_details", 200, hashDetails(PEPPER));
        wire.on("POST /v2/lookup", ScriptedTransport.computed(body -> mappings(body, Map.of(BOBS_MAIL, BOB.value()))));
        wire.on("POST /v2/validate/email/requestToken", 200, "{\"sid\":\"sid1\"}");
        wire.on("POST /v2/validate/email/submitToken", 200, "{\"success\":true}");
        wire.on("POST /v2/validate/msisdn/requestToken", 200, "{\"sid\":\"sid2\"}");
        wire.on("POST /v2/validate/msisdn/submitToken", 200, "{\"success\":true}");
        wire.on("GET /v2/3pid/getValidated3pid", 200,
                "{\"medium\":\"email\",\"address\":\"alice@example.org\",\"validated_at\":1700000000000}");
        wire.on("POST /v2/3pid/bind", 200, StrictJson.write(signed(association())));
        wire.on("POST /v2/3pid/unbind", 200, "{}");
        wire.on("GET /v2/pubkey/ed25519:0", 200, "{\"public_key\":\"" + KEY.verifyKey().encoded() + "\"}");
    }

    static String hashDetails(Pepper pepper) {
        return "{\"lookup_pepper\":\"" + pepper.value() + "\",\"algorithms\":[\"none\",\"sha256\"]}";
    }

    static String error(String errcode) {
        return "{\"errcode\":\"" + errcode + "\",\"error\":\"no\"}";
    }

    /** Returns the answer of a server that knows these addresses, to the pepper and the hashes that a lookup sent. */
    static String mappings(JsonObject lookup, Map<Address, String> known) {
        Pepper pepper = Pepper.of(lookup.string("pepper").orElseThrow());
        List<Json> asked = lookup.array("addresses").orElseThrow().items();
        JsonObject.Builder mappings = JsonObject.builder();
        known.forEach((address, userId) -> {
            String hash = LookupHash.of(address, pepper).value();
            if (asked.contains(new JsonString(hash))) {
                mappings.put(hash, userId);
            }
        });
        return StrictJson.write(JsonObject.builder().put("mappings", mappings.build()).build());
    }

    static JsonObject association() {
        return JsonObject.builder()
                .put("address", "alice@example.org")
                .put("medium", "email")
                .put("mxid", "@alice:example.org")
                .put("not_before", 1_700_000_000_000L)
                .put("not_after", 4_800_000_000_000L)
                .put("ts", 1_700_000_000_001L)
                .build();
    }

    static JsonObject signed(JsonObject association) {
        return SignedJson.sign(association, SIGNER, KEY);
    }

    static AddressBook book() {
        return AddressBook.empty().with("Bob", BOBS_MAIL).with("Carol", CAROLS_PHONE);
    }

    static OpenIdToken openId() {
        return OpenIdToken.parse(OPEN_ID).orElseThrow();
    }

    /** Lets nothing pass to that route. */
    Scene vetoing(String route) {
        vetoed = route;
        return this;
    }

    @Override
    public Verdict beforeSending(PlannedRequest request) {
        planned.add(request);
        String route = request.method() + " " + request.url().getPath().replace("/_matrix/identity", "");
        return route.equals(vetoed) ? Verdict.VETO : Verdict.SEND;
    }

    IdentityServer server() {
        return server(ClientOptions.defaults());
    }

    IdentityServer server(ClientOptions options) {
        return IdentityServer.at(SERVER, wire, options.withListener(this)).orElseThrow();
    }

    /** Returns Alice's homeserver, which answers on the same wire. */
    Homeserver homeserver() {
        return homeserver(ALICE);
    }

    Homeserver homeserver(UserId userId) {
        return Homeserver.at(HOMESERVER, userId, AccessToken.parse(ACCOUNT_TOKEN).orElseThrow(), wire,
                ClientOptions.defaults().withListener(this)).orElseThrow();
    }

    Terms terms() {
        return terms(server());
    }

    static Terms terms(IdentityServer server) {
        if (server.terms() instanceof TermsReading.Read read) {
            return read.terms();
        }
        throw new AssertionError("the terms were not read");
    }

    /** Returns a consent to everything that the server wants accepted. */
    static <P extends Purpose> Consent<P> fullConsent(Terms terms, P purpose) {
        Consent.Draft<P> draft = terms.consentTo(purpose);
        terms.policies().forEach(policy -> draft.accept(policy, "en"));
        return draft.give();
    }

    Session connect(IdentityServer server, Consent<?> consent) {
        Connection connection = server.connect(consent, openId());
        if (connection instanceof Connection.Connected connected) {
            return connected.session();
        }
        throw new AssertionError("not connected: " + connection);
    }

    /** Returns a discovery that is ready for its first request; what led to it is forgotten. */
    Discovery discovery(ClientOptions options) {
        IdentityServer server = server(options);
        Consent<Purpose.DiscoverContacts> consent = fullConsent(terms(server), Purpose.DISCOVER_CONTACTS);
        Discovery discovery = connect(server, consent).discovery(consent);
        forget();
        return discovery;
    }

    Discovery discovery() {
        return discovery(ClientOptions.defaults());
    }

    Consent<Purpose.PublishAddress> consentToPublish() {
        return fullConsent(terms(), Purpose.PUBLISH_ADDRESS);
    }

    /** Returns a publication that is ready for its first request; what led to it is forgotten. */
    Publication publication() {
        IdentityServer server = server();
        Consent<Purpose.PublishAddress> consent = fullConsent(terms(server), Purpose.PUBLISH_ADDRESS);
        Publication publication = connect(server, consent).publication(consent);
        forget();
        return publication;
    }

    PendingAddress pending(Publication publication) {
        if (publication.requestEmailToken(ALICES_MAIL) instanceof TokenRequest.Sent sent) {
            return sent.pending();
        }
        throw new AssertionError("no token was requested");
    }

    ProvenAddress proven(Publication publication) {
        if (publication.proof(pending(publication)) instanceof Proof.Proven proven) {
            return proven.address();
        }
        throw new AssertionError("nothing was proven");
    }

    void forget() {
        wire.forgetRequests();
        planned.clear();
    }
}
