package im.signet.client;

import im.signet.client.handle.Chain;
import im.signet.client.handle.NextBinding;
import im.signet.client.handle.NextOperation;
import im.signet.client.handle.OwnIdentity;
import im.signet.client.handle.Pin;
import im.signet.client.handle.RecoveryKey;
import im.signet.client.transport.PlannedRequest;
import im.signet.client.transport.Request;
import im.signet.client.transport.RequestListener;
import im.signet.client.transport.Response;
import im.signet.client.transport.Transport;
import im.signet.protocol.handle.Handle;
import im.signet.protocol.handle.HandleDomain;
import im.signet.protocol.handle.JwsSigner;
import im.signet.protocol.handle.SignedBinding;
import im.signet.protocol.handle.Status;
import im.signet.protocol.json.JsonArray;
import im.signet.protocol.json.JsonObject;
import im.signet.protocol.json.StrictJson;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A domain with a nameserver that says whatever a test has told it, and somebody with a handle there. */
public final class NamesScene implements Transport, RequestListener {
    public static final SecureRandom RANDOM = new SecureRandom();
    public static final HandleDomain DOMAIN = HandleDomain.of("example.org");
    public static final Handle ALICE = Handle.of("alice@example.org");
    public static final Handle ALICE_ELSEWHERE = Handle.of("alice@example.net");
    public static final String WELL_KNOWN = "GET https://example.org/.well-known/signet";
    public static final String WELL_KNOWN_ELSEWHERE = "GET https://example.net/.well-known/signet";
    public static final String NAMES = "https://ns.example.org/_signet/ns/v1";
    public static final String READ = "GET " + NAMES + "/handles/alice@example.org";
    public static final String READ_ELSEWHERE = "GET " + NAMES + "/handles/alice@example.net";

    public final SettableClock clock = new SettableClock(Instant.parse("2026-11-21T12:00:00Z"));
    public JwsSigner statusKey = JwsSigner.generate(RANDOM);
    public final List<PlannedRequest> planned = new ArrayList<>();
    public final List<String> asked = new ArrayList<>();
    private final Map<String, ScriptedTransport.Reaction> answers = new HashMap<>();

    /** A clock that stands still until it is set. */
    public static final class SettableClock extends Clock {
        public Instant now;

        public SettableClock(Instant now) {
            this.now = now;
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

    /** Somebody with one handle. */
    public static final class Person {
        public final RecoveryKey recovery = RecoveryKey.generate(RANDOM);
        public final Clock clock;
        public OwnIdentity own;

        public Person(Clock clock) {
            this.clock = clock;
            this.own = OwnIdentity.create(DOMAIN, List.of(recovery), clock, RANDOM);
        }

        /** Goes on as if what was signed had been published. */
        public Person did(NextBinding next) {
            own = next.after();
            return this;
        }

        public Person did(NextOperation next) {
            own = next.after();
            return this;
        }

        public Person claims(Handle handle) {
            return did(own.claim(handle, Optional.empty(), clock, RANDOM).orElseThrow());
        }

        public Person renews(Handle handle) {
            return did(own.renew(handle, clock, RANDOM).orElseThrow());
        }

        public Person addsDevice() {
            JwsSigner device = JwsSigner.generate(RANDOM);
            NextOperation next = OwnIdentity
                    .join(own.vouchFor(new im.signet.client.handle.DeviceRequest(device.key()), clock).orElseThrow(),
                            device)
                    .orElseThrow();
            own = own.at(next.after().chain());
            return this;
        }

        public SignedBinding binding(Handle handle) {
            return own.binding(handle).orElseThrow();
        }
    }

    public NamesScene() {
        says(WELL_KNOWN, 200, document("https://ns.example.org", statusKey));
        says(WELL_KNOWN_ELSEWHERE, 200, document("https://ns.example.org", statusKey));
    }

    public Person person() {
        return new Person(clock);
    }

    public static String document(String nameserver, JwsSigner... keys) {
        List<im.signet.protocol.json.Json> jwks = new ArrayList<>();
        for (JwsSigner key : keys) {
            jwks.add(key.key().toJwk());
        }
        return StrictJson.write(JsonObject.builder()
                .put("v", 1)
                .put("nameserver", nameserver)
                .put("status_keys", JsonArray.of(jwks))
                .put("identity_server", "https://id.example.org")
                .build());
    }

    public void says(String request, int status, String body) {
        says(request, sent -> Response.of(status, Map.of(), body.getBytes(StandardCharsets.UTF_8)));
    }

    void says(String request, ScriptedTransport.Reaction reaction) {
        answers.put(request, reaction);
    }

    /** Lets the server answer with what it would say honestly of that binding. */
    public void shows(Person person, Handle handle) {
        says("GET " + NAMES + "/handles/" + handle, 200, bundle(person, handle, Status.State.ACTIVE));
    }

    public void shows(Person person, Handle handle, Status.State state) {
        says("GET " + NAMES + "/handles/" + handle, 200, bundle(person, handle, state));
    }

    public String bundle(Person person, Handle handle, Status.State state) {
        return bundle(person.own.chain(), person.binding(handle),
                status(person.own.chain(), person.binding(handle), state));
    }

    public String bundle(Chain chain, SignedBinding binding, Status status) {
        return StrictJson.write(JsonObject.builder()
                .put("binding", binding.jws().toJson())
                .put("identity", chain.toJson())
                .put("status", status.sign(statusKey).toJson())
                .build());
    }

    /** Returns what is said at the beginning of this hour. */
    public Status status(Chain chain, SignedBinding binding, Status.State state) {
        long now = clock.now.getEpochSecond();
        long iat = now - now % 3600;
        return new Status(binding.binding().handle(), chain.identity().id(), binding.binding().seq(), binding.opId(),
                chain.head(), state, iat, iat + Status.MAX_LIFE_SECONDS);
    }

    public ClientOptions options() {
        return ClientOptions.defaults().withListener(this).withClock(clock);
    }

    public HandleDirectory directory() {
        return HandleDirectory.with(this, options());
    }

    public Resolution resolve(Handle handle, Optional<Pin> pin) {
        return directory().resolve(handle, ResolveConsent.toFind(handle), pin);
    }

    public Resolution resolve(Optional<Pin> pin) {
        return resolve(ALICE, pin);
    }

    /** Returns the pin of what the server shows now. */
    public Pin pin() {
        if (resolve(Optional.empty()) instanceof Resolution.Found found) {
            return found.handle().pin();
        }
        throw new AssertionError("not found: " + resolve(Optional.empty()));
    }

    @Override
    public Response send(Request request) throws IOException {
        String line = request.method() + " " + request.url();
        asked.add(line);
        ScriptedTransport.Reaction reaction = answers.get(line);
        return reaction == null
                ? Response.of(404, Map.of(), "<html>".getBytes(StandardCharsets.UTF_8))
                : reaction.to(request);
    }

    @Override
    public Verdict beforeSending(PlannedRequest request) {
        planned.add(request);
        return Verdict.SEND;
    }
}
