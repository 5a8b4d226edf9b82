package im.signet.cli;

import im.signet.cli.Outcome.Style;
import im.signet.client.BindingUpdate;
import im.signet.client.Failure;
import im.signet.client.Registration;
import im.signet.client.Resolution;
import im.signet.client.ResolveConsent;
import im.signet.client.handle.Chain;
import im.signet.client.handle.NextBinding;
import im.signet.client.handle.OwnIdentity;
import im.signet.client.handle.RecoveryKey;
import im.signet.client.handle.ResolvedHandle;
import im.signet.protocol.handle.Binding;
import im.signet.protocol.handle.Handle;
import im.signet.protocol.handle.Reach;
import im.signet.protocol.handle.SignedBinding;
import im.signet.protocol.handle.Verdict;
import im.signet.protocol.json.Json;
import im.signet.protocol.json.JsonArray;
import im.signet.protocol.json.JsonObject;

import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.BiFunction;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "handle", description = "Own a handle such as alice@example.org, or look one up.", subcommands = {
    HandleCommands.Register.class, HandleCommands.Renew.class, HandleCommands.Move.class,
    HandleCommands.Release.class, HandleCommands.Show.class})
final class HandleCommands extends Group {

    private static Outcome registered(Registration registration, Handle handle, OwnIdentity own, App app) {
        return switch (registration) {
            case Registration.Registered(OwnIdentity now, var found) -> {
                app.put(now);
                yield Outcome.done(handle + " names your identity " + now.id() + ".")
                        .and(Style.FAINT, "Until " + Instant.ofEpochSecond(found.binding().binding().exp())
                                + "; signet handle renew keeps it longer.")
                        .with("handle", handle.toString())
                        .with("identity", now.id().value())
                        .with("expires", Instant.ofEpochSecond(found.binding().binding().exp()).toString());
            }
            // As after a registration whose answer was lost.
            case Registration.Refused refused when refused == Registration.Refused.TAKEN
                    || refused == Registration.Refused.DOES_NOT_FOLLOW ->
                resolved(handle, own, app).filter(mine -> isActive(handle, mine)).map(mine -> {
                    app.put(mine);
                    return Outcome.done(handle + " names your identity " + mine.id() + " already.")
                            .with("handle", handle.toString())
                            .with("identity", mine.id().value());
                }).orElseGet(() -> refused(refused, handle));
            case Registration.Refused refused -> refused(refused, handle);
            case Failure failure -> Words.of(failure);
        };
    }

    /** Returns whether a handle names this identity, as far as this device knows. */
    static boolean isActive(Handle handle, OwnIdentity own) {
        return own.binding(handle)
                .filter(binding -> binding.binding().state() == Binding.State.ACTIVE)
                .isPresent();
    }

    private static Outcome refused(Registration.Refused refused, Handle handle) {
        boolean later = refused == Registration.Refused.IDENTITY_CHANGED || refused == Registration.Refused.CLOCK_OFF;
        return Outcome.not(later ? Exit.NOT_NOW : Exit.NO, inWords(refused, handle))
                .with("refused", refused.name().toLowerCase(Locale.ROOT));
    }

    private static String inWords(Registration.Refused refused, Handle handle) {
        return switch (refused) {
            case TAKEN -> handle + " is taken.";
            case LOOKS_LIKE_ANOTHER -> handle + " looks too much like a handle that is taken.";
            case RESERVED -> handle + " is reserved by the server.";
            case IN_QUARANTINE -> handle + " was given up not long ago; nobody can have it so soon.";
            case SUSPENDED -> handle + " is suspended.";
            case NOT_ALLOWED -> "The server does not let your account register handles.";
            case NEEDS_INVITE -> "The server wants an invitation code, one that was not used: --invite-file.";
            case TOO_MANY -> "Your account has as many handles as it may have.";
            case NOT_SERVED -> "The server keeps no handles of " + handle.domain() + ".";
            case REACH_NOT_PROVEN -> "The server knows you by another Matrix ID than the one in the record.";
            case DOES_NOT_FOLLOW -> "The record does not follow on the last one of " + handle
                    + "; after a move or a release it takes --by-recovery-key.";
            case IDENTITY_CHANGED -> "Your identity has changed meanwhile; try again.";
            case CLOCK_OFF -> "Your clock and the server's are too far apart.";
        };
    }

    /** Returns the identity with the newest record of a handle, which another device may have made. */
    private static OwnIdentity withBinding(Handle handle, OwnIdentity own, App app) {
        return own.binding(handle).isPresent()
                ? own
                : resolved(handle, own, app)
                        .orElseThrow(() -> new Ended(Exit.NO, handle + " is no handle of yours."));
    }

    /** Returns the identity with the record of a handle that its nameserver shows; empty when that names somebody else. */
    private static Optional<OwnIdentity> resolved(Handle handle, OwnIdentity own, App app) {
        Resolution resolution = app.directory().resolve(handle, ResolveConsent.toFind(handle), Optional.empty());
        Optional<ResolvedHandle> found = switch (resolution) {
            case Resolution.Found(ResolvedHandle active) -> Optional.of(active);
            case Resolution.Moved(ResolvedHandle moved, Handle _) -> Optional.of(moved);
            case Failure failure -> throw new Ended(Words.of(failure));
            default -> Optional.empty();
        };
        return found.filter(shown -> shown.identity().id().equals(own.id())).map(shown -> {
            if (!(own.compare(shown.chain().operations()) instanceof Chain.Comparison.Continues)) {
                throw new Ended(Exit.NOT_NOW, "The nameserver of " + handle.domain()
                        + " does not know the newest changes of your keys.");
            }
            return own.at(shown);
        });
    }

    private static Outcome updated(Handle handle, App app, boolean leaving,
            BiFunction<OwnIdentity, App, Verdict<NextBinding>> change, String done) {
        Keeping keeping = leaving ? Keeping.toLeaveAt(handle.domain(), app) : Keeping.at(handle.domain(), app);
        OwnIdentity own = withBinding(handle, keeping.refreshed(app.ownIdentity()), app);
        BindingUpdate update = keeping.handles().update(Keeping.valid(change.apply(own, app)));
        Optional<OwnIdentity> newer = update == BindingUpdate.Refused.OVERTAKEN
                ? resolved(handle, own, app)
                : Optional.empty();
        if (newer.isPresent()) {
            app.tell("Another device of yours has signed for " + handle + " since; this goes on from there.");
            app.put(newer.get());
            update = keeping.handles().update(Keeping.valid(change.apply(newer.get(), app)));
        }
        return switch (update) {
            case BindingUpdate.Updated(OwnIdentity now) -> {
                app.put(now);
                yield Outcome.done(done).with("handle", handle.toString());
            }
            case BindingUpdate.Refused refused -> Outcome.not(
                    refused == BindingUpdate.Refused.GONE || refused == BindingUpdate.Refused.SUSPENDED
                            || refused == BindingUpdate.Refused.REACH_NOT_PROVEN
                                    ? Exit.NO
                                    : Exit.NOT_NOW,
                    switch (refused) {
                        case OVERTAKEN -> "Another device of yours was faster; try again.";
                        case IDENTITY_CHANGED -> "Your identity has changed meanwhile; try again.";
                        case SUSPENDED -> handle + " is suspended.";
                        case GONE -> handle + " is gone: it ran out, or was given up.";
                        case REACH_NOT_PROVEN ->
                            "The server knows you by another Matrix ID than the one in the record.";
                        case CLOCK_OFF -> "Your clock and the server's are too far apart.";
                    }).with("refused", refused.name().toLowerCase(Locale.ROOT));
            case Failure failure -> Words.of(failure);
        };
    }

    @Command(name = "register", description = {"Have a handle name your identity. The record is signed on this device;",
        "the server can neither name you without it nor point the handle elsewhere."})
    static final class Register extends Act {

        @Parameters(index = "0", paramLabel = "HANDLE", description = "name@domain")
        private String name = "";

        @Option(names = "--no-reach", description = "do not say in the record at which Matrix ID you are reached")
        private boolean withoutReach;

        @Option(names = "--invite-file", paramLabel = "FILE", description = "read an invitation code from a file, - for the input")
        private Optional<Path> invite = Optional.empty();

        @Option(names = "--by-recovery-key", description = "take a handle of yours again after a move or a release")
        private boolean again;

        @Mixin
        private Recovery recovery = new Recovery();

        @Override
        Outcome run(App app) {
            Handle handle = IdCommands.handle(name);
            OwnIdentity stored = app.ownIdentity();
            Keeping keeping = Keeping.at(handle.domain(), app);
            OwnIdentity own = keeping.refreshed(stored);
            Optional<Reach> reach = withoutReach
                    ? Optional.empty()
                    : app.account().user().map(user -> new Reach(user, Optional.empty()));
            NextBinding claim;
            RecoveryKey key = null;
            if (again) {
                key = recovery.key(app);
                claim = Keeping.valid(own.reclaim(handle, reach, key, app.clock(), app.random()));
            } else {
                claim = Keeping.valid(own.claim(handle, reach, app.clock(), app.random()));
            }
            try {
                return registered(keeping.handles().register(claim, invite.map(file -> app.text(file).strip())), handle,
                        own, app);
            } finally {
                if (key != null) {
                    key.wipe();
                }
            }
        }
    }

    @Command(name = "renew", description = "Keep a handle for 90 more days.")
    static final class Renew extends Act {

        @Parameters(index = "0", paramLabel = "HANDLE", description = "a handle of yours")
        private String name = "";

        @Override
        Outcome run(App app) {
            Handle handle = IdCommands.handle(name);
            return updated(handle, app, false, (own, _) -> own.renew(handle, app.clock(), app.random()),
                    handle + " is renewed.");
        }
    }

    @Command(name = "move", description = {"Say that one of your handles moved to another, which names you already.",
        "It takes a recovery key, as a stolen device must not be able to."})
    static final class Move extends Act {

        @Parameters(index = "0", paramLabel = "FROM", description = "the handle to leave")
        private String from = "";

        @Parameters(index = "1", paramLabel = "TO", description = "the handle to go to")
        private String to = "";

        @Mixin
        private Recovery recovery = new Recovery();

        @Override
        Outcome run(App app) {
            Handle left = IdCommands.handle(from);
            Handle next = IdCommands.handle(to);
            app.confirm("Leave " + left + " for " + next + "?");
            RecoveryKey key = recovery.key(app);
            try {
                return updated(left, app, true, (own, _) -> own.move(left, next, key, app.clock(), app.random()),
                        left + " leads to " + next + " now.").with("to", next.toString());
            } finally {
                key.wipe();
            }
        }
    }

    @Command(name = "release", description = {"Give a handle up. Nobody can have it for a long time; then anybody.",
        "It takes a recovery key, as a stolen device must not be able to."})
    static final class Release extends Act {

        @Parameters(index = "0", paramLabel = "HANDLE", description = "a handle of yours")
        private String name = "";

        @Mixin
        private Recovery recovery = new Recovery();

        @Override
        Outcome run(App app) {
            Handle handle = IdCommands.handle(name);
            app.confirm("Give " + handle + " up?");
            RecoveryKey key = recovery.key(app);
            try {
                return updated(handle, app, true, (own, _) -> own.release(handle, key, app.clock(), app.random()),
                        handle + " names you no longer.");
            } finally {
                key.wipe();
            }
        }
    }

    @Command(name = "show", description = {
        "Look a handle up and check every signature; held against your contact book where it is in there.",
        "Without a handle, show your own, as this device knows them."})
    static final class Show extends Act {

        @Parameters(index = "0", arity = "0..1", paramLabel = "HANDLE", description = "any handle")
        private Optional<String> name = Optional.empty();

        @Override
        Outcome run(App app) {
            if (name.isEmpty()) {
                return own(app.ownIdentity());
            }
            Handle handle = IdCommands.handle(name.get());
            Resolving.Looked looked = new Resolving(app).look(handle, false);
            return Resolving.inWords(handle, looked.resolution()).alarmed(looked.alarms());
        }

        private static Outcome own(OwnIdentity own) {
            Outcome outcome = own.handles().isEmpty() ? Outcome.done("You have no handle so far.") : Outcome.done();
            List<Json> handles = new ArrayList<>();
            for (Handle handle : own.handles()) {
                Binding binding = own.binding(handle).map(SignedBinding::binding).orElseThrow();
                outcome = outcome.and(handle + "  " + binding.state().wireName() + ", until "
                        + Instant.ofEpochSecond(binding.exp()));
                handles.add(JsonObject.builder()
                        .put("handle", handle.toString())
                        .put("state", binding.state().wireName())
                        .put("expires", Instant.ofEpochSecond(binding.exp()).toString())
                        .build());
            }
            return outcome.with("handles", JsonArray.of(handles));
        }
    }
}
