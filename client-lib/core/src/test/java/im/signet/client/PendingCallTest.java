package im.signet.client;

import im.signet.client.contact.AddressBook;
import im.signet.client.transport.PlannedRequest;
import im.signet.protocol.identifier.Address;
import im.signet.protocol.identifier.Medium;

import java.net.URI;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class PendingCallTest {
    private static final String LOOKUP = "POST /v2/lookup";

    private final Scene scene = new Scene();
    private final Deque<Runnable> waiting = new ArrayDeque<>();
    private final Executor later = waiting::add;
    private final ExecutorService threads = Executors.newSingleThreadExecutor();

    @AfterEach
    void stop() {
        threads.shutdownNow();
    }

    private static AddressBook friends(int count) {
        AddressBook book = AddressBook.empty();
        for (int i = 0; i < count; i++) {
            book = book.with("Friend " + i, Address.of(Medium.EMAIL, "friend" + i + "@example.com"));
        }
        return book;
    }

    private Discovery slowDiscovery() {
        return scene.discovery(ClientOptions.defaults().withBatchSize(1));
    }

    /** Cancels when the server answers the first lookup. */
    private void cancelAtTheFirstAnswer(Deque<PendingCall<?>> calls) {
        scene.wire.instead(LOOKUP, request -> {
            calls.getFirst().cancel(true);
            return ScriptedTransport.json(200, "{\"mappings\":{}}");
        });
    }

    private static <T> Optional<T> end(PendingCall<T> call) {
        return call.ended().toCompletableFuture().join();
    }

    @Test
    void completesWithWhatTheCallReturns() throws ExecutionException, InterruptedException, TimeoutException {
        Discovery discovery = scene.discovery();
        PendingCall<Lookup> call = PendingCall.on(threads, () -> discovery.lookup(Scene.book()));

        assertThat(call.get(30, TimeUnit.SECONDS)).isEqualTo(scene.discovery().lookup(Scene.book()));
        assertThat(end(call)).contains(call.join());
    }

    @Test
    void nothingIsSentBeforeTheExecutorRunsIt() {
        Discovery discovery = scene.discovery();
        PendingCall<Lookup> call = PendingCall.on(later, () -> discovery.lookup(Scene.book()));
        assertThat(scene.wire.routes()).isEmpty();
        assertThat(call.sent()).isEmpty();

        waiting.remove().run();
        assertThat(call.sent()).isEqualTo(scene.planned).hasSize(2);
    }

    @Test
    void aCallThatIsCancelledInTimeSendsNothing() {
        Discovery discovery = scene.discovery();
        PendingCall<Lookup> call = PendingCall.on(later, () -> discovery.lookup(Scene.book()));
        assertThat(call.cancel(false)).isTrue();
        waiting.remove().run();

        assertThat(scene.wire.routes()).isEmpty();
        assertThat(scene.planned).isEmpty();
        assertThat(end(call)).isEmpty();
    }

    @Test
    void aCallThatIsCancelledMidwaySendsNothingMoreAndTellsWhatItSent() {
        Discovery discovery = slowDiscovery();
        Deque<PendingCall<?>> calls = new ArrayDeque<>();
        cancelAtTheFirstAnswer(calls);
        PendingCall<Lookup> call = PendingCall.on(later, () -> discovery.lookup(friends(3)));
        calls.add(call);
        waiting.remove().run();

        assertThat(call.isCancelled()).isTrue();
        assertThat(scene.wire.routes()).containsExactly("GET /v2/hash_details", LOOKUP);
        assertThat(call.sent()).extracting(PlannedRequest::url)
                .extracting(URI::getPath)
                .containsExactly("/_matrix/identity/v2/hash_details", "/_matrix/identity/v2/lookup");
        assertThat(end(call).orElseThrow()).isInstanceOfSatisfying(Lookup.Interrupted.class, interrupted -> {
            assertThat(interrupted.soFar().asked()).isEqualTo(1);
            assertThat(interrupted.remaining().entries()).hasSize(2);
            assertThat(interrupted.why()).isInstanceOf(Failure.Cancelled.class);
        });
    }

    @Test
    void aRequestIsNotSentWhenTheUserCancelsInsteadOfAnsweringTheListener() {
        Deque<PendingCall<?>> calls = new ArrayDeque<>();
        IdentityServer server = IdentityServer.at(Scene.SERVER, scene.wire,
                ClientOptions.defaults().withListener(request -> {
                    calls.getFirst().cancel(true);
                    return Scene.Verdict.SEND;
                })).orElseThrow();
        PendingCall<Status> call = PendingCall.on(later, server::status);
        calls.add(call);
        waiting.remove().run();

        assertThat(end(call).orElseThrow()).isInstanceOf(Failure.Cancelled.class);
        assertThat(scene.wire.routes()).isEmpty();
        assertThat(call.sent()).isEmpty();
    }

    @Test
    void aTimeLimitStopsItLikeACancellation() throws InterruptedException, TimeoutException, ExecutionException {
        Discovery discovery = slowDiscovery();
        CountDownLatch isOver = new CountDownLatch(1);
        scene.wire.instead(LOOKUP, request -> {
            try {
                assertThat(isOver.await(30, TimeUnit.SECONDS)).isTrue();
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
            return ScriptedTransport.json(200, "{\"mappings\":{}}");
        });
        PendingCall<Lookup> call = PendingCall.on(threads, () -> discovery.lookup(friends(3)));
        CompletableFuture<Lookup> limited = call.orTimeout(1, TimeUnit.MILLISECONDS);
        assertThatExceptionOfType(ExecutionException.class).isThrownBy(() -> limited.get(30, TimeUnit.SECONDS))
                .withCauseInstanceOf(TimeoutException.class);
        isOver.countDown();

        call.ended().toCompletableFuture().get(30, TimeUnit.SECONDS);
        assertThat(call.sent()).hasSizeLessThanOrEqualTo(2);
        assertThat(scene.wire.routes()).hasSameSizeAs(call.sent());
    }

    @Test
    void aSessionThatNobodyGetsIsGivenBack() {
        IdentityServer server = scene.server();
        Consent<?> consent = Scene.fullConsent(Scene.terms(server), Purpose.DISCOVER_CONTACTS);
        scene.forget();
        Deque<PendingCall<?>> calls = new ArrayDeque<>();
        scene.wire.instead("POST /v2/account/register", request -> {
            calls.getFirst().cancel(true);
            return ScriptedTransport.json(200, "{\"token\":\"" + Scene.TOKEN + "\"}");
        });
        PendingCall<Connection> call = PendingCall.on(later, () -> server.connect(consent, Scene.openId()));
        calls.add(call);
        waiting.remove().run();

        assertThat(scene.wire.routes()).containsExactly("POST /v2/account/register", "POST /v2/account/logout");
        assertThat(end(call).orElseThrow()).isInstanceOf(Failure.Cancelled.class);
        assertThat(call.sent()).hasSize(2);
    }

    @Test
    void theThreadIsFreeAfterwards() {
        IdentityServer server = scene.server();
        PendingCall<Status> cancelled = PendingCall.on(later, server::status);
        cancelled.cancel(true);
        PendingCall<Status> next = PendingCall.on(later, server::status);
        waiting.remove().run();
        waiting.remove().run();

        assertThat(next.join()).isInstanceOf(Status.Available.class);
        assertThat(server.status()).isInstanceOf(Status.Available.class);
        assertThat(next.sent()).hasSize(1);
    }

    @Test
    void aCallWithinACallStopsAlone() {
        IdentityServer server = scene.server();
        PendingCall<Status> outer = PendingCall.on(Runnable::run, () -> {
            PendingCall<Status> inner = PendingCall.on(Runnable::run, server::status);
            assertThat(inner.sent()).hasSize(1);
            return server.status();
        });

        assertThat(outer.join()).isInstanceOf(Status.Available.class);
        assertThat(outer.sent()).hasSize(1);
    }

    @Test
    void aMistakeOfTheProgramCompletesItExceptionally() {
        PendingCall<Status> call = PendingCall.on(Runnable::run, () -> {
            throw new IllegalArgumentException("the consent is for another server");
        });

        assertThatThrownBy(call::join).hasCauseInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> end(call)).hasCauseInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void anExecutorThatRefusesIsTheCallersConcern() {
        threads.shutdownNow();
        IdentityServer server = scene.server();
        assertThatExceptionOfType(RejectedExecutionException.class)
                .isThrownBy(() -> PendingCall.on(threads, server::status));
    }

    @Test
    void whatWasSentCannotBeChanged() {
        PendingCall<Status> call = PendingCall.on(Runnable::run, scene.server()::status);
        List<PlannedRequest> sent = call.sent();
        assertThatThrownBy(() -> sent.remove(0)).isInstanceOf(UnsupportedOperationException.class);
    }
}
