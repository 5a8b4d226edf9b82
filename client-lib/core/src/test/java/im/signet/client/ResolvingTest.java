package im.signet.client;

import im.signet.client.handle.Alarm;
import im.signet.client.handle.ResolvedHandle.Freshness;
import im.signet.client.transport.Disclosure.Subject;
import im.signet.client.transport.PlannedRequest;
import im.signet.client.transport.RequestListener;
import im.signet.client.transport.Response;
import im.signet.protocol.handle.Handle;
import im.signet.protocol.handle.JwsSigner;
import im.signet.protocol.handle.Revocation;
import im.signet.protocol.handle.SignedBinding;
import im.signet.protocol.handle.Status;
import im.signet.protocol.json.JsonArray;
import im.signet.protocol.json.JsonObject;
import im.signet.protocol.json.StrictJson;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/** What a lookup of a handle makes of honest, odd and hostile answers when nothing was pinned. */
class ResolvingTest {
    private final NamesScene scene = new NamesScene();
    private final NamesScene.Person alice = scene.person().claims(NamesScene.ALICE);

    @BeforeEach
    void honestly() {
        scene.shows(alice, NamesScene.ALICE);
    }

    private Resolution resolve() {
        return scene.resolve(Optional.empty());
    }

    private void isMalformed(String words) {
        assertThat(resolve()).isInstanceOfSatisfying(Failure.Malformed.class,
                failure -> assertThat(failure.reason()).contains(words));
    }

    private JsonObject bundle() {
        return StrictJson.parseObject(scene.bundle(alice, NamesScene.ALICE, Status.State.ACTIVE)).orElseThrow();
    }

    private void says(JsonObject bundle) {
        scene.says(NamesScene.READ, 200, StrictJson.write(bundle));
    }

    @Test
    void findsWhatWasSigned() {
        assertThat(resolve()).isInstanceOfSatisfying(Resolution.Found.class, found -> {
            assertThat(found.handle().identity()).isEqualTo(alice.own.identity());
            assertThat(found.handle().binding()).isEqualTo(alice.binding(NamesScene.ALICE));
            assertThat(found.handle().freshness()).isEqualTo(Freshness.FRESH);
            assertThat(found.handle().pin().id()).isEqualTo(alice.own.id());
        });
        assertThat(scene.asked).containsExactly(NamesScene.WELL_KNOWN, NamesScene.READ);
    }

    @Test
    void showsEachRequestAndWhatItDiscloses() {
        resolve();

        assertThat(scene.planned).extracting(PlannedRequest::url)
                .extracting(Object::toString)
                .containsExactly("https://example.org/.well-known/signet",
                        "https://ns.example.org/_signet/ns/v1/handles/alice@example.org");
        assertThat(scene.planned.get(0).disclosure().inWords()).doesNotContain("alice");
        assertThat(scene.planned.get(1).disclosure().inWords()).contains("alice@example.org", "ns.example.org");
        assertThat(scene.planned.get(1).disclosure().subjects()).containsExactly(Subject.SOUGHT_HANDLE);
    }

    @Test
    void aVetoKeepsTheHandleFromBeingAskedFor() {
        HandleDirectory directory = HandleDirectory.with(scene, scene.options()
                .withListener(request -> request.url().getHost().equals("ns.example.org")
                        ? RequestListener.Verdict.VETO
                        : RequestListener.Verdict.SEND));

        assertThat(directory.resolve(NamesScene.ALICE, ResolveConsent.toFind(NamesScene.ALICE), Optional.empty()))
                .isInstanceOf(Failure.Vetoed.class);
        assertThat(scene.asked).containsExactly(NamesScene.WELL_KNOWN);
    }

    @Test
    void aConsentForAnotherHandleIsOfNoUse() {
        ResolveConsent bob = ResolveConsent.toFind(Handle.of("bob@example.org"));
        ResolveConsent elsewhere = ResolveConsent.toFollow(NamesScene.ALICE_ELSEWHERE.domain());

        for (ResolveConsent consent : List.of(bob, elsewhere)) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> scene.directory().resolve(NamesScene.ALICE, consent, Optional.empty()));
        }
        assertThat(scene.directory()
                .resolve(NamesScene.ALICE, ResolveConsent.toFollow(NamesScene.DOMAIN), Optional.empty()))
                .isInstanceOf(Resolution.Found.class);
        assertThat(scene.asked).hasSize(2);
    }

    @Test
    void keepsWhatADomainSaidForAsLongAsItMayBe() {
        String document = NamesScene.document("https://ns.example.org", scene.statusKey);
        scene.says(NamesScene.WELL_KNOWN, request -> Response.of(200,
                Map.of("Cache-Control", List.of("public, max-age=3600")), document.getBytes(StandardCharsets.UTF_8)));
        HandleDirectory directory = scene.directory();
        directory.nameserver(NamesScene.DOMAIN);
        scene.clock.now = scene.clock.now.plusSeconds(3599);
        directory.nameserver(NamesScene.DOMAIN);
        assertThat(scene.asked).hasSize(1);
        scene.clock.now = scene.clock.now.plusSeconds(1);
        directory.nameserver(NamesScene.DOMAIN);
        assertThat(scene.asked).hasSize(2);
    }

    @ParameterizedTest
    @ValueSource(ints = {301, 302, 307, 308})
    void followsNoRedirectOfADomain(int status) {
        scene.says(NamesScene.WELL_KNOWN, request -> Response.of(status,
                Map.of("Location", List.of("https://evil.example.com/.well-known/signet")), new byte[0]));

        assertThat(resolve()).isInstanceOf(Failure.Malformed.class);
        assertThat(scene.asked).containsExactly(NamesScene.WELL_KNOWN);
    }

    @Test
    void aDomainWithoutADocumentHasNoHandles() {
        scene.says(NamesScene.WELL_KNOWN, 404, "<html>");

        assertThat(resolve()).isEqualTo(new Resolution.NotFound());
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "[]", "{\"v\":2,\"nameserver\":\"https://ns.example.org\",\"status_keys\":[]}",
        "{\"v\":1,\"nameserver\":\"https://ns.example.org\",\"status_keys\":[]}",
        "{\"v\":1,\"nameserver\":\"https://ns.example.org\",\"status_keys\":[{\"crv\":\"Ed25519\",\"x\":\"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\"}]}",
        "{\"v\":1,\"nameserver\":\"http://ns.example.org\",\"status_keys\":[{\"crv\":\"Ed25519\",\"x\":\"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo\"}]}"})
    void aDocumentThatIsNotOneIsMalformed(String document) {
        scene.says(NamesScene.WELL_KNOWN, 200, document);

        assertThat(resolve()).isInstanceOf(Failure.Malformed.class);
        assertThat(scene.asked).containsExactly(NamesScene.WELL_KNOWN);
    }

    @Test
    void aHandleThatIsNobodysIsNotFound() {
        scene.says(NamesScene.READ, 404, "{\"status\":404,\"code\":\"NOT_FOUND\",\"detail\":\"nothing\"}");

        assertThat(resolve()).isEqualTo(new Resolution.NotFound());
    }

    @Test
    void aHandleThatIsGoneSaysWhy() {
        scene.says(NamesScene.READ, 410, "{\"status\":410,\"code\":\"HANDLE_GONE\",\"detail\":\"gone\"}");
        assertThat(resolve()).isEqualTo(new Resolution.Gone(Alarm.Gone.GIVEN_UP, Optional.empty()));

        Status status = scene.status(alice.own.chain(), alice.binding(NamesScene.ALICE), Status.State.SUSPENDED);
        scene.says(NamesScene.READ, 410, "{\"code\":\"HANDLE_SUSPENDED\",\"reason\":\"operator\",\"signed_status\":"
                + status.sign(scene.statusKey).toText() + "}");
        assertThat(resolve()).isEqualTo(new Resolution.Gone(Alarm.Gone.SUSPENDED, Optional.of(status)));

        scene.says(NamesScene.READ, 410, "{\"code\":\"HANDLE_SUSPENDED\",\"reason\":\"withdrawn\",\"signed_status\":"
                + status.sign(JwsSigner.generate(NamesScene.RANDOM)).toText() + "}");
        assertThat(resolve()).isEqualTo(new Resolution.Gone(Alarm.Gone.WITHDRAWN, Optional.empty()));
    }

    @Test
    void patienceIsAskedForAsEverywhere() {
        scene.says(NamesScene.READ, request -> Response.of(429, Map.of("Retry-After", List.of("7")),
                "{\"code\":\"LIMIT_EXCEEDED\"}".getBytes(StandardCharsets.UTF_8)));

        assertThat(resolve()).isEqualTo(new Failure.Limited(Optional.of(Duration.ofSeconds(7))));
    }

    @Test
    void aForgedStatusIsRefused() {
        JwsSigner forger = JwsSigner.generate(NamesScene.RANDOM);
        says(bundle().with("status", scene
                .status(alice.own.chain(), alice.binding(NamesScene.ALICE), Status.State.ACTIVE)
                .sign(forger)
                .toJson()));

        isMalformed("the status");
    }

    @ParameterizedTest
    @CsvSource({"-301, false", "-300, true", "0, true", "86699, true", "86700, false"})
    void aStatusHoldsForItsTimeAndNoLonger(long later, boolean holds) {
        // It was signed at the hour, for a day; clocks may differ by five minutes.
        scene.clock.now = scene.clock.now.plusSeconds(later);

        assertThat(resolve()).isInstanceOf(holds ? Resolution.Found.class : Resolution.Untimely.class);
    }

    @Test
    void aStatusOfSomethingElseIsRefused() {
        NamesScene.Person mallory = scene.person().claims(NamesScene.ALICE);
        NamesScene.Person bob = scene.person().claims(Handle.of("bob@example.org"));
        JsonObject hers = StrictJson.parseObject(scene.bundle(mallory, NamesScene.ALICE, Status.State.ACTIVE))
                .orElseThrow();
        says(bundle().with("status", hers.get("status").orElseThrow()));
        isMalformed("status says another thing");

        says(StrictJson.parseObject(scene.bundle(bob, Handle.of("bob@example.org"), Status.State.ACTIVE))
                .orElseThrow());
        isMalformed("another handle");
    }

    @ParameterizedTest
    @ValueSource(strings = {"MOVED", "RELEASED", "SUSPENDED", "STALE"})
    void aStatusThatDoesNotFitTheBindingIsRefused(Status.State state) {
        scene.shows(alice, NamesScene.ALICE, state);

        isMalformed("status says another thing");
    }

    @Test
    void anotherIdentitysChainIsRefused() {
        says(bundle().with("identity", scene.person().own.chain().toJson()));

        isMalformed("the binding is refused");
    }

    @Test
    void aShortenedOrEmptyChainIsRefused() {
        alice.addsDevice().renews(NamesScene.ALICE);
        JsonArray whole = alice.own.chain().toJson();
        says(bundle().with("identity", JsonArray.of(whole.items().subList(0, 1))));
        isMalformed("the binding is refused");
        says(bundle().with("identity", JsonArray.of(whole.items().subList(1, 2))));
        isMalformed("the identity is refused");
        says(bundle().with("identity", JsonArray.of(List.of())));
        isMalformed("the identity is refused");
    }

    @Test
    void anEndThatWasCutOffIsSeenByTheStatus() {
        JsonObject before = bundle();
        alice.addsDevice();
        JsonObject after = bundle();
        // The binding was signed before: it fits both.
        says(after.with("identity", before.get("identity").orElseThrow()));

        isMalformed("status says another thing");
    }

    @Test
    void somebodyElsesSignatureIsRefused() {
        NamesScene.Person mallory = scene.person();
        JsonObject forged = alice.binding(NamesScene.ALICE)
                .binding()
                .sign(JwsSigner.generate(NamesScene.RANDOM))
                .toJson();
        says(bundle().with("binding", forged));
        isMalformed("the binding is refused");
        assertThat(mallory.own.binding(NamesScene.ALICE)).isEmpty();
    }

    @Test
    void anythingIsReadWithinBoundsOnly() {
        scene.says(NamesScene.READ, 200, "{\"binding\":\"" + "a".repeat(5 * 1024 * 1024) + "\"}");
        assertThat(resolve()).isInstanceOf(Failure.Malformed.class);
        scene.says(NamesScene.READ, 200, "{\"binding\":" + "[".repeat(100_000));
        assertThat(resolve()).isInstanceOf(Failure.Malformed.class);
        scene.says(NamesScene.WELL_KNOWN, 200, "{\"v\":1,\"x\":\"" + "a".repeat(70_000) + "\"}");
        assertThat(resolve()).isInstanceOf(Failure.Malformed.class);
    }

    @Test
    void whatARevokedDeviceSignedIsStale() {
        alice.addsDevice();
        alice.did(alice.own.revoke(Set.of(alice.own.device()), Revocation.Why.LOST, alice.clock).orElseThrow());
        scene.shows(alice, NamesScene.ALICE, Status.State.STALE);
        assertThat(found()).isEqualTo(Freshness.SIGNER_REVOKED);
        // The server says otherwise, against its own records.
        scene.shows(alice, NamesScene.ALICE, Status.State.ACTIVE);
        isMalformed("status says another thing");
    }

    @Test
    void whatWasNotRenewedHasLapsed() {
        scene.clock.now = scene.clock.now.plus(Duration.ofDays(91));
        scene.shows(alice, NamesScene.ALICE, Status.State.LAPSED);
        assertThat(found()).isEqualTo(Freshness.LAPSED);
        scene.shows(alice, NamesScene.ALICE, Status.State.ACTIVE);
        assertThat(found()).isEqualTo(Freshness.LAPSED);
    }

    @Test
    void anEndedIdentityNamesNobody() {
        alice.did(alice.own.deactivate(alice.recovery, alice.clock).orElseThrow());
        scene.shows(alice, NamesScene.ALICE, Status.State.STALE);
        assertThat(found()).isEqualTo(Freshness.IDENTITY_DEACTIVATED);
    }

    private Freshness found() {
        if (resolve() instanceof Resolution.Found found) {
            return found.handle().freshness();
        }
        throw new AssertionError("not found: " + resolve());
    }

    private Resolution.Moved moved() {
        alice.did(alice.own.move(NamesScene.ALICE, NamesScene.ALICE_ELSEWHERE, alice.recovery, alice.clock,
                NamesScene.RANDOM).orElseThrow());
        scene.shows(alice, NamesScene.ALICE, Status.State.MOVED);
        assertThat(resolve()).isInstanceOf(Resolution.Moved.class);
        return (Resolution.Moved) resolve();
    }

    private Resolution follow(Resolution.Moved moved) {
        return scene.directory().follow(moved, ResolveConsent.toFind(moved.to()), Optional.empty());
    }

    @Test
    void aMoveIsToldAndFollowedOnlyByAConsent() {
        Resolution.Moved moved = moved();
        assertThat(moved.to()).isEqualTo(NamesScene.ALICE_ELSEWHERE);
        assertThat(scene.asked).doesNotContain(NamesScene.WELL_KNOWN_ELSEWHERE);
        assertThatIllegalArgumentException().isThrownBy(
                () -> scene.directory().follow(moved, ResolveConsent.toFind(NamesScene.ALICE), Optional.empty()));

        alice.claims(NamesScene.ALICE_ELSEWHERE);
        scene.shows(alice, NamesScene.ALICE_ELSEWHERE);
        assertThat(follow(moved)).isInstanceOf(Resolution.Found.class);
    }

    @Test
    void aMoveToSomebodyElseIsNotFollowed() {
        Resolution.Moved moved = moved();
        scene.shows(scene.person().claims(NamesScene.ALICE_ELSEWHERE), NamesScene.ALICE_ELSEWHERE);

        assertThat(follow(moved)).isInstanceOf(Resolution.NotTheSame.class);
    }

    @Test
    void aMoveOfAMoveIsNotFollowed() {
        Resolution.Moved moved = moved();
        alice.claims(NamesScene.ALICE_ELSEWHERE);
        alice.did(alice.own.move(NamesScene.ALICE_ELSEWHERE, NamesScene.ALICE, alice.recovery, alice.clock,
                NamesScene.RANDOM).orElseThrow());
        scene.shows(alice, NamesScene.ALICE_ELSEWHERE, Status.State.MOVED);

        assertThat(follow(moved)).isInstanceOf(Resolution.NotTheSame.class);
        assertThat(scene.asked.stream().filter(NamesScene.READ_ELSEWHERE::equals)).hasSize(1);
    }

    @Test
    void aMoveToAStaleBindingIsNotFollowed() {
        Resolution.Moved moved = moved();
        alice.claims(NamesScene.ALICE_ELSEWHERE).addsDevice();
        alice.did(alice.own.revoke(Set.of(alice.own.device()), Revocation.Why.LOST, alice.clock).orElseThrow());
        scene.shows(alice, NamesScene.ALICE_ELSEWHERE, Status.State.STALE);

        assertThat(follow(moved)).isInstanceOf(Resolution.NotTheSame.class);
    }

    @Test
    void noiseNeverBecomesAFindOrAnException() {
        // A fixed seed: the same noise in each run.
        Random random = new Random(20261121);
        String honest = scene.bundle(alice, NamesScene.ALICE, Status.State.ACTIVE);
        SignedBinding binding = alice.binding(NamesScene.ALICE);
        for (int i = 0; i < 400; i++) {
            StringBuilder noise = new StringBuilder(honest);
            int at = random.nextInt(noise.length());
            char c = (char) (32 + random.nextInt(95));
            noise.setCharAt(at, c);
            scene.says(NamesScene.READ, 200, noise.toString());
            Resolution resolution = resolve();
            if (resolution instanceof Resolution.Found found) {
                // Only where the changed character was the same one, or stands in no signed part.
                assertThat(found.handle().binding()).isEqualTo(binding);
                assertThat(found.handle().chain()).isEqualTo(alice.own.chain());
            } else {
                assertThat(resolution).isInstanceOf(Failure.Malformed.class);
            }
        }
    }
}
