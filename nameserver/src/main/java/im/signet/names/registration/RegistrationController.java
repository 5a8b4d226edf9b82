package im.signet.names.registration;

import im.signet.kit.limit.Limits;
import im.signet.kit.token.Caller;
import im.signet.kit.web.NeedsToken;
import im.signet.kit.web.Params;
import im.signet.kit.web.ServiceName;
import im.signet.names.identity.Envelopes;
import im.signet.names.problem.Problem;
import im.signet.names.problem.ProblemCode;
import im.signet.names.resolution.Bundles;
import im.signet.names.resolution.Resolution;
import im.signet.names.resolution.Resolver;
import im.signet.names.setting.NamesLimits;
import im.signet.names.setting.NamesProperties;
import im.signet.names.setting.PublicUrl;
import im.signet.protocol.error.ErrorCode;
import im.signet.protocol.handle.Binding;
import im.signet.protocol.handle.Handle;
import im.signet.protocol.handle.Identity;
import im.signet.protocol.handle.IdentityId;
import im.signet.protocol.handle.Jws;
import im.signet.protocol.json.Json;
import im.signet.protocol.json.JsonArray;
import im.signet.protocol.json.JsonObject;

import java.net.URI;
import java.util.List;

import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.http.ResponseEntity;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RestController;

/// `/_signet/ns/v1/challenges` and `/_signet/ns/v1/bindings`: registering handles, and what becomes of them.
@RestController
final class RegistrationController {

    private static final HandleTally OPERATIONS = HandleTally.operations();
    static final String BINDINGS = "/_signet/ns/v1/bindings";
    private static final String IDENTITIES = "/_signet/ns/v1/identities";
    private static final int MAX_BINDINGS = 100;
    private static final String HANDLES = "/_signet/ns/v1/handles/";

    private final HandleRegistration registration;
    private final BindingUpdate update;
    private final ChainShowing showing;
    private final Challenges challenges;
    private final Bundles bundles;
    private final Resolver resolver;
    private final NamesProperties names;
    private final PublicUrl url;
    private final Limits limits;
    private final NamesLimits rates;

    RegistrationController(HandleRegistration registration, BindingUpdate update, ChainShowing showing,
            Challenges challenges, Bundles bundles, Resolver resolver, NamesProperties names, PublicUrl url,
            @Qualifier("namesLimits") Limits limits,
            NamesLimits rates) {
        this.registration = registration;
        this.update = update;
        this.showing = showing;
        this.challenges = challenges;
        this.bundles = bundles;
        this.resolver = resolver;
        this.names = names;
        this.url = url;
        this.limits = limits;
        this.rates = rates;
    }

    @NeedsToken(service = ServiceName.NAMES, termsMayBeOutstanding = true)
    @PostMapping("/_signet/ns/v1/challenges")
    ResponseEntity<JsonObject> challenge(@AuthenticationPrincipal Caller caller) {
        limits.take(rates.requestsPerAccount().by(caller.user().value()));
        if (names.domains().isEmpty()) {
            throw Problem.of(ProblemCode.NOT_FOUND);
        }
        return ResponseEntity.status(201)
                .body(JsonObject.builder()
                        .put("nonce", challenges.make(caller.user()).value())
                        .put("expires_in", Challenges.LIFE.toSeconds())
                        .put("audience", url.base())
                        .put("terms_outstanding", caller.termsOutstanding())
                        .build());
    }

    @NeedsToken(service = ServiceName.NAMES)
    @PostMapping(BINDINGS)
    ResponseEntity<JsonObject> register(@AuthenticationPrincipal Caller caller, Params params) {
        limits.take(rates.requestsPerAccount().by(caller.user().value()));
        params.require("identity", "binding", "pop");
        JsonObject body = params.asJson();
        Jws binding = Envelopes.read(body.get("binding").orElseThrow());
        HandleRegistration.Request request = new HandleRegistration.Request(
                identity(body.get("identity").orElseThrow()), binding,
                Envelopes.read(body.get("pop").orElseThrow()),
                params.optionalString("invite", InviteCodes.MAX_LENGTH));
        boolean added = OPERATIONS.counted(HandleTally.Operation.REGISTER,
                () -> registration.register(request, caller.user()), Boolean::booleanValue);
        return bundle(added, Problem.orThrow(Binding.read(binding)).handle());
    }

    /** Whoever has terms to accept can move and release all the same: to leave. */
    @NeedsToken(service = ServiceName.NAMES, termsMayBeOutstanding = true)
    @PutMapping(BINDINGS + "/{handle}/{seq}")
    ResponseEntity<JsonObject> put(@PathVariable String handle, @PathVariable String seq,
            @AuthenticationPrincipal Caller caller, Params params) {
        limits.take(rates.requestsPerAccount().by(caller.user().value()));
        Handle name = Problem.orThrow(Handle.parse(handle));
        Jws jws = Envelopes.read(params.asJson());
        long next = Envelopes.seq(seq);
        HandleTally.Operation operation = HandleTally.Operation
                .of(Problem.orThrow(Binding.read(jws)).state());
        return switch (OPERATIONS.counted(operation, () -> update.put(name, next, jws, caller),
                BindingUpdate.Outcome::added)) {
            case BindingUpdate.Outcome.Kept(boolean added) -> bundle(added, name);
            case BindingUpdate.Outcome.Released(Binding release, var at, boolean added) ->
                ResponseEntity.status(added ? 201 : 200).body(resolver.released(release, jws, at));
        };
    }

    /** Whoever has terms to accept can show it all the same: it is what throwing a stolen device out begins with. */
    @NeedsToken(service = ServiceName.NAMES, termsMayBeOutstanding = true)
    @PostMapping(IDENTITIES + "/{id}/chain")
    ResponseEntity<JsonObject> show(@PathVariable String id, @AuthenticationPrincipal Caller caller, Params params) {
        limits.take(rates.requestsPerAccount().by(caller.user().value()));
        params.require("identity", "bindings", "pop");
        JsonObject body = params.asJson();
        IdentityId name = Problem.orThrow(IdentityId.parse(id));
        Identity newest = showing.show(name, new ChainShowing.Shown(identity(body.get("identity").orElseThrow()),
                bindings(body.get("bindings").orElseThrow()), Envelopes.read(body.get("pop").orElseThrow())),
                caller.user(), IDENTITIES + "/" + name.value() + "/chain").identity();
        return ResponseEntity.ok(JsonObject.builder()
                .put("id", newest.id().value())
                .put("seq", newest.seq())
                .put("head", newest.head().value())
                .build());
    }

    private ResponseEntity<JsonObject> bundle(boolean added, Handle handle) {
        Resolution.Found found = bundles.of(handle);
        return ResponseEntity.status(added ? 201 : 200)
                .location(URI.create(url.of(HANDLES + handle)))
                .eTag(found.etag())
                .body(found.bundle());
    }

    private List<Jws> bindings(Json json) {
        if (!(json instanceof JsonArray bindings) || bindings.items().size() > MAX_BINDINGS) {
            throw ErrorCode.M_INVALID_PARAM
                    .because("bindings must be an array of at most " + MAX_BINDINGS + " bindings");
        }
        return bindings.items().stream().map(Envelopes::read).toList();
    }

    private static List<Jws> identity(Json json) {
        if (!(json instanceof JsonArray operations) || operations.items().size() > Identity.MAX_OPERATIONS) {
            throw ErrorCode.M_INVALID_PARAM
                    .because("identity must be an array of at most " + Identity.MAX_OPERATIONS + " operations");
        }
        return operations.items().stream().map(Envelopes::read).toList();
    }
}
