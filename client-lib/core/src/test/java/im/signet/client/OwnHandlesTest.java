package im.signet.client;

import im.signet.client.handle.DeviceRequest;
import im.signet.client.handle.Nameserver;
import im.signet.client.handle.NextBinding;
import im.signet.client.handle.NextOperation;
import im.signet.client.handle.OwnIdentity;
import im.signet.client.transport.Method;
import im.signet.client.transport.PlannedRequest;
import im.signet.client.transport.Request;
import im.signet.client.transport.RequestListener;
import im.signet.client.transport.Transport;
import im.signet.protocol.handle.Jws;
import im.signet.protocol.handle.JwsSigner;
import im.signet.protocol.handle.ProofOfPossession;
import im.signet.protocol.handle.Status;
import im.signet.protocol.json.JsonObject;
import im.signet.protocol.json.StrictJson;

import java.io.InterruptedIOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/** What becomes of the user's own records at a nameserver that answers as it likes. */
class OwnHandlesTest {
    private static final URI NS = URI.create("https://ns.example.org");
    private static final String CHALLENGE = "POST " + NamesScene.NAMES + "/challenges";
    private static final String REGISTER = "POST " + NamesScene.NAMES + "/bindings";
    private static final String NONCE = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

    private final NamesScene names = new NamesScene();
    private final Scene identity = new Scene();
    private final NamesScene.Person alice = names.person();
    private final List<Request> sent = new ArrayList<>();
    private RequestListener listener = names;
    private OwnHandles handles;
    private NextBinding claim;

    /** The identity server and the nameserver, at their two addresses. */
    private Transport both() {
        return request -> {
            sent.add(request);
            return request.url().getHost().equals("id.example.org") ? identity.wire.send(request) : names.send(request);
        };
    }

    private ClientOptions options() {
        return names.options().withListener(request -> listener.beforeSending(request)).trustingNameserver(NS);
    }

    private Nameserver nameserver() {
        return new Nameserver(NamesScene.DOMAIN, NS, List.of(names.statusKey.key()), Optional.of(Scene.SERVER));
    }

    private Session session(ClientOptions options, Consent<?>[] consent) {
        IdentityServer server = IdentityServer.at(Scene.SERVER, both(), options).orElseThrow();
        consent[0] = Scene.fullConsent(Scene.terms(server), Purpose.keepHandle(NS));
        return ((Connection.Connected) server.connect(consent[0], Scene.openId())).session();
    }

    @BeforeEach
    @SuppressWarnings("unchecked")
    void begin() {
        Consent<?>[] consent = new Consent<?>[1];
        handles = session(options(), consent).ownHandles((Consent<Purpose.KeepHandle>) consent[0], nameserver());
        claim = alice.own.claim(NamesScene.ALICE, Optional.empty(), alice.clock, NamesScene.RANDOM).orElseThrow();
        sent.clear();
        names.planned.clear();
        names.says(CHALLENGE, 201, "{\"nonce\":\"" + NONCE + "\",\"expires_in\":300,\"audience\":\"" + NS
                + "\",\"terms_outstanding\":false}");
        NamesScene.Person after = names.person();
        after.own = claim.after();
        names.says(REGISTER, 201, names.bundle(after, NamesScene.ALICE, Status.State.ACTIVE));
    }

    private JsonObject body(String url) {
        return sent.stream()
                .filter(request -> (request.method() + " " + request.url()).equals(url))
                .findFirst()
                .flatMap(Request::body)
                .map(bytes -> StrictJson.parseObject(bytes).orElseThrow())
                .orElseThrow();
    }

    @Test
    void registersByAProofForThisServerAndThisBinding() {
        assertThat(handles.register(claim)).isInstanceOfSatisfying(Registration.Registered.class, registered -> {
            assertThat(registered.now().binding(NamesScene.ALICE)).contains(claim.binding());
            assertThat(registered.handle().binding()).isEqualTo(claim.binding());
        });
        Jws pop = Jws.of(body(REGISTER).object("pop").orElseThrow()).orElseThrow();
        ProofOfPossession.Request expected = new ProofOfPossession.Request(NS.toString(),
                new ProofOfPossession.Nonce(NONCE), claim.binding().opId(), ProofOfPossession.Method.POST,
                NS + "/_signet/ns/v1/bindings");
        assertThat(ProofOfPossession.verify(pop, alice.own.device(), expected).isValid()).isTrue();
    }

    @Test
    void eachRequestIsShownAndNothingSecretIsIn() {
        handles.register(claim, Optional.of("the-code"));

        assertThat(names.planned).extracting(PlannedRequest::method).containsExactly(Method.POST, Method.POST);
        assertThat(names.planned.get(0).disclosure().inWords()).contains("not which");
        assertThat(names.planned.get(1).disclosure().inWords()).contains("alice@example.org", "invitation code");
        assertThat(names.planned.toString()).doesNotContain("the-code", Scene.TOKEN);
        assertThat(body(REGISTER).string("invite")).contains("the-code");
    }

    @Test
    void aVetoKeepsTheHandleToTheUser() {
        listener = request -> request.url().getPath().endsWith("/bindings")
                ? RequestListener.Verdict.VETO
                : RequestListener.Verdict.SEND;

        assertThat(handles.register(claim)).isInstanceOf(Failure.Vetoed.class);
        assertThat(sent).extracting(Request::url).extracting(URI::getPath).containsExactly("/_signet/ns/v1/challenges");
    }

    @Test
    @SuppressWarnings("unchecked")
    void noTokenGoesToANameserverThatADomainNames() {
        Consent<?>[] consent = new Consent<?>[1];
        Session session = session(names.options(), consent);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> session.ownHandles((Consent<Purpose.KeepHandle>) consent[0], nameserver()));
        assertThat(session.mayHaveToken(NS)).isFalse();
        assertThat(session.mayHaveToken(Scene.SERVER)).isTrue();
        assertThat(session.mayHaveToken(URI.create("http://id.example.org"))).isFalse();
        assertThat(session.mayHaveToken(URI.create("https://id.example.org:8443"))).isFalse();
    }

    @Test
    void aConsentForAnotherNameserverIsOfNoUse() {
        IdentityServer server = IdentityServer.at(Scene.SERVER, both(), options()).orElseThrow();
        Consent<Purpose.KeepHandle> other = Scene.fullConsent(Scene.terms(server),
                Purpose.keepHandle(URI.create("https://other.example.org")));
        Session session = ((Connection.Connected) server.connect(other, Scene.openId())).session();

        assertThatIllegalArgumentException().isThrownBy(() -> session.ownHandles(other, nameserver()));
    }

    @ParameterizedTest
    @CsvSource({"409, HANDLE_TAKEN, TAKEN", "409, HANDLE_CONFUSABLE, LOOKS_LIKE_ANOTHER",
        "403, HANDLE_RESERVED, RESERVED",
        "410, HANDLE_GONE, IN_QUARANTINE", "410, HANDLE_SUSPENDED, SUSPENDED", "403, NOT_ALLOWED, NOT_ALLOWED",
        "403, UNKNOWN_INVITE, NEEDS_INVITE", "403, TOO_MANY_HANDLES, TOO_MANY", "404, NOT_FOUND, NOT_SERVED",
        "403, REACH_NOT_PROVEN, REACH_NOT_PROVEN", "422, PROOF_TIME, CLOCK_OFF", "422, BINDING_TIME, CLOCK_OFF",
        "409, OLD_HEAD, IDENTITY_CHANGED", "409, FORKED, IDENTITY_CHANGED", "409, CHAIN_TOO_SHORT, IDENTITY_CHANGED",
        "422, WRONG_PREV, DOES_NOT_FOLLOW"})
    void eachRefusalHasItsMeaning(int status, String code, Registration.Refused meaning) {
        names.says(REGISTER, status, "{\"status\":" + status + ",\"code\":\"" + code + "\",\"detail\":\"no\"}");

        assertThat(handles.register(claim)).isEqualTo(meaning);
    }

    @Test
    void aRefusalThatNobodyKnowsIsPassedOn() {
        names.says(REGISTER, 422, "{\"code\":\"BAD_SIGNATURE\",\"detail\":\"a signature is not valid\"}");
        assertThat(handles.register(claim))
                .isEqualTo(new Failure.Refused(422, "BAD_SIGNATURE", "a signature is not valid"));
    }

    @Test
    void outstandingTermsAreNamed() {
        names.says(REGISTER, 403, "{\"errcode\":\"M_TERMS_NOT_SIGNED\",\"error\":\"terms\"}");
        assertThat(handles.register(claim)).isInstanceOf(Failure.TermsOutstanding.class);
    }

    @ParameterizedTest
    @CsvSource({"AAAA, https://ns.example.org", NONCE + ", https://evil.example.org",
        NONCE + ", https://ns.example.org/"})
    void nothingIsSignedForAnotherServersChallenge(String nonce, String audience) {
        names.says(CHALLENGE, 201, "{\"nonce\":\"" + nonce + "\",\"audience\":\"" + audience + "\"}");

        assertThat(handles.register(claim)).isInstanceOf(Failure.Malformed.class);
        assertThat(sent).hasSize(1);
    }

    @Test
    void anAnswerThatShowsSomethingElseIsNoSuccess() {
        names.says(REGISTER, 201, names.bundle(names.person().claims(NamesScene.ALICE), NamesScene.ALICE,
                Status.State.ACTIVE));
        assertThat(handles.register(claim)).isInstanceOf(Failure.Malformed.class);
        names.says(REGISTER, 201, "{}");
        assertThat(handles.register(claim)).isInstanceOf(Failure.Malformed.class);
    }

    @Test
    void aClockThatIsOffIsSaidAndTheSameRecordIsSentAgain() {
        names.clock.now = names.clock.now.minus(Duration.ofHours(2));
        assertThat(handles.register(claim)).isEqualTo(Registration.Refused.CLOCK_OFF);
        names.clock.now = names.clock.now.plus(Duration.ofHours(2));
        assertThat(handles.register(claim)).isInstanceOf(Registration.Registered.class);
    }

    @Test
    void aLostAnswerIsAskedForByTheSameRecord() {
        names.says(REGISTER, request -> {
            throw new InterruptedIOException("lost");
        });
        assertThat(handles.register(claim)).isInstanceOf(Failure.Unreachable.class);
        NamesScene.Person after = names.person();
        after.own = claim.after();
        names.says(REGISTER, 200, names.bundle(after, NamesScene.ALICE, Status.State.ACTIVE));
        assertThat(handles.register(claim)).isInstanceOf(Registration.Registered.class);
    }

    private NextBinding release() {
        return claim.after().release(NamesScene.ALICE, alice.recovery, alice.clock, NamesScene.RANDOM).orElseThrow();
    }

    @Test
    void leavingTakesNoTerms() {
        NextBinding release = release();
        names.says("PUT " + NamesScene.NAMES + "/bindings/alice@example.org/1", 201, "{\"status\":{}}");

        assertThat(handles.update(release)).isInstanceOf(BindingUpdate.Updated.class);
        assertThat(sent).extracting(Request::url).noneMatch(url -> url.getPath().contains("terms"));
    }

    @ParameterizedTest
    @CsvSource({"409, STALE, OVERTAKEN", "422, WRONG_PREV, OVERTAKEN", "409, OLD_HEAD, IDENTITY_CHANGED",
        "422, SIGNER_REVOKED, IDENTITY_CHANGED", "422, EPOCH_OVER, IDENTITY_CHANGED",
        "410, HANDLE_SUSPENDED, SUSPENDED",
        "410, HANDLE_GONE, GONE", "404, NOT_FOUND, GONE", "403, REACH_NOT_PROVEN, REACH_NOT_PROVEN",
        "422, BINDING_TIME, CLOCK_OFF"})
    void eachRefusalOfAnUpdateHasItsMeaning(int status, String code, BindingUpdate.Refused meaning) {
        names.says("PUT " + NamesScene.NAMES + "/bindings/alice@example.org/1", status, "{\"code\":\"" + code + "\"}");

        assertThat(handles.update(release())).isEqualTo(meaning);
    }

    private NextOperation addition(OwnIdentity own) {
        JwsSigner device = JwsSigner.generate(NamesScene.RANDOM);
        return OwnIdentity
                .join(own.vouchFor(new DeviceRequest(device.key()), alice.clock).orElseThrow(), device)
                .orElseThrow();
    }

    private String put(NextOperation next) {
        return "PUT " + NamesScene.NAMES + "/identities/" + next.after().id() + "/ops/"
                + next.after().identity().seq();
    }

    private void showsChain(OwnIdentity own, long since) {
        String query = since < 0 ? "" : "?since=" + since;
        names.says("GET " + NamesScene.NAMES + "/identities/" + own.id() + query, 200,
                StrictJson.write(JsonObject.builder()
                        .put("id", own.id().value())
                        .put("seq", own.identity().seq())
                        .put("head", own.identity().head().value())
                        .put("operations", im.signet.protocol.json.JsonArray.of(
                                own.chain()
                                        .toJson()
                                        .items()
                                        .subList((int) Math.min(since + 1, own.identity().seq() + 1),
                                                (int) own.identity().seq() + 1)))
                        .build()));
    }

    @Test
    void publishesOnceAndAgain() {
        NextOperation next = addition(alice.own);
        names.says(put(next), 201, "{}");
        assertThat(handles.publish(next)).isEqualTo(new OperationUpdate.Published(next.after()));
        names.says(put(next), 200, "{}");
        assertThat(handles.publish(next)).isEqualTo(new OperationUpdate.Published(next.after()));
    }

    @Test
    void whoWasOvertakenLearnsWhatHappened() {
        NextOperation mine = addition(alice.own);
        OwnIdentity theirs = addition(addition(alice.own).after()).after();
        names.says(put(mine), 409, "{\"code\":\"STALE\",\"seq\":2}");
        showsChain(theirs, 0);

        assertThat(handles.publish(mine)).isInstanceOfSatisfying(OperationUpdate.Overtaken.class, overtaken -> {
            assertThat(overtaken.now().identity()).isEqualTo(theirs.identity());
            assertThat(overtaken.happened()).hasSize(2);
        });
    }

    @Test
    void whatArrivedByAnotherWayIsPublished() {
        NextOperation mine = addition(alice.own);
        names.says(put(mine), 409, "{\"code\":\"STALE\",\"seq\":1}");
        showsChain(mine.after(), 0);

        assertThat(handles.publish(mine)).isInstanceOf(OperationUpdate.Published.class);
    }

    @Test
    void anotherHistoryIsProof() {
        OwnIdentity mine = addition(alice.own).after();
        NextOperation next = addition(mine);
        OwnIdentity theirs = addition(addition(addition(alice.own).after()).after()).after();
        names.says(put(next), 409, "{\"code\":\"STALE\",\"seq\":3}");
        showsChain(theirs, 1);
        showsChain(theirs, -1);

        assertThat(handles.publish(next)).isInstanceOf(OperationUpdate.Forked.class);
        assertThat(handles.refresh(mine)).isInstanceOf(ChainReading.Forked.class);
    }

    @Test
    void aServerThatLostSomethingIsNotBelieved() {
        OwnIdentity mine = addition(alice.own).after();
        NextOperation next = addition(mine);
        names.says(put(next), 409, "{\"code\":\"STALE\",\"seq\":0}");
        showsChain(alice.own, 1);

        assertThat(handles.publish(next)).isEqualTo(new OperationUpdate.WentBack());
        assertThat(handles.refresh(mine)).isEqualTo(new ChainReading.WentBack());
    }

    @Test
    void forgedNewsAreNotBelieved() {
        NextOperation next = addition(alice.own);
        NamesScene.Person mallory = names.person();
        names.says("GET " + NamesScene.NAMES + "/identities/" + alice.own.id() + "?since=0", 200,
                "{\"seq\":1,\"head\":\"x\",\"operations\":["
                        + addition(mallory.own).operation().toText() + "]}");
        names.says("GET " + NamesScene.NAMES + "/identities/" + alice.own.id(), 200,
                "{\"seq\":1,\"head\":\"x\",\"operations\":" + StrictJson.write(mallory.own.chain().toJson()) + "}");
        names.says(put(next), 409, "{\"code\":\"STALE\",\"seq\":1}");

        assertThat(handles.publish(next)).isInstanceOf(Failure.Malformed.class);
        assertThat(handles.refresh(alice.own)).isInstanceOf(Failure.Malformed.class);
    }
}
