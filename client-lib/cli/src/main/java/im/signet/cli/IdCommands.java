package im.signet.cli;

import im.signet.cli.Outcome.Style;
import im.signet.client.Failure;
import im.signet.client.Resolution;
import im.signet.client.ResolveConsent;
import im.signet.client.handle.Chain;
import im.signet.client.handle.DeviceOffer;
import im.signet.client.handle.DeviceRequest;
import im.signet.client.handle.NextOperation;
import im.signet.client.handle.OwnIdentity;
import im.signet.client.handle.RecoveryKey;
import im.signet.protocol.handle.Fingerprint;
import im.signet.protocol.handle.Handle;
import im.signet.protocol.handle.HandleDomain;
import im.signet.protocol.handle.Identity;
import im.signet.protocol.handle.JwsKey;
import im.signet.protocol.handle.JwsSigner;
import im.signet.protocol.handle.Revocation;
import im.signet.protocol.handle.Verdict;
import im.signet.protocol.json.Json;
import im.signet.protocol.json.JsonArray;
import im.signet.protocol.json.JsonNumber;
import im.signet.protocol.json.JsonObject;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "id", description = "Make an identity, whose keys no server has, and keep its devices.", subcommands = {
    IdCommands.New.class, IdCommands.Show.class, IdCommands.Devices.class,
    IdCommands.RecoverCommand.class})
final class IdCommands extends Group {

    private static final String DEVICE = "device";
    private static final String RECOVERING = "recovering";

    static HandleDomain domain(String text) {
        return HandleDomain.parse(text)
                .toOptional()
                .orElseThrow(() -> new Ended(Exit.USAGE, Shown.line(text) + " is no domain of handles."));
    }

    static Handle handle(String text) {
        return Handle.parse(text)
                .toOptional()
                .orElseThrow(
                        () -> new Ended(Exit.USAGE, Shown.line(text) + " is no handle: name@domain, in lower case."));
    }

    /** Returns the key of a device in short, as lists show it. */
    private static String shortForm(JwsKey key) {
        return key.x().substring(0, 8);
    }

    private static void requireNone(App app) {
        app.vault();
        if (app.identity().isPresent()) {
            throw new Ended(Exit.NO,
                    "There is an identity on this device already: signet id show. Another --home can have another.");
        }
    }

    @Command(name = "new", description = {"Make an identity on this device. Sends nothing.",
        "Its recovery key is shown once, for you to write down: it is kept nowhere, and with it you throw out stolen devices."})
    static final class New extends Act {

        @Parameters(index = "0", paramLabel = "DOMAIN", description = "the domain whose nameserver orders changes of the keys: that of your first handle")
        private String home = "";

        @Option(names = "--recovery-file", paramLabel = "FILE", description = "write the recovery key to a new file in place of the terminal; move it off this device")
        private Optional<Path> file = Optional.empty();

        @Override
        Outcome run(App app) {
            HandleDomain domain = domain(home);
            requireNone(app);
            RecoveryKey key = RecoveryKey.generate(app.random());
            char[] written = key.reveal();
            try {
                if (file.isPresent()) {
                    write(file.get(), written);
                } else {
                    show(written, app);
                }
                OwnIdentity own = OwnIdentity.create(domain, List.of(key), app.clock(), app.random());
                app.put(own);
                return Outcome.done("Your identity is " + own.id() + ".")
                        .and(Style.FAINT, "Nothing was sent. signet handle register gives it a name.")
                        .with("identity", own.id().value());
            } finally {
                Arrays.fill(written, '\0');
                key.wipe();
            }
        }

        private static void write(Path file, char[] written) {
            try {
                PrivateFiles.writeNew(file, new String(written) + "\n");
            } catch (FileAlreadyExistsException there) {
                throw new Ended(Exit.USAGE, file + " is there already; nothing is written over.");
            } catch (IOException failed) {
                throw new Ended(Exit.USAGE, file + " cannot be written.");
            }
        }

        private static void show(char[] written, App app) {
            if (!app.terminal().isInteractive()) {
                throw new Ended(Exit.USAGE, "There is no terminal to show the recovery key at: --recovery-file FILE.");
            }
            app.tell("Your recovery key. Write it down on paper, with care:");
            app.tell("");
            app.terminal().tell(Style.BOLD, "  " + new String(written));
            app.tell("");
            String end = new String(written, written.length - 4, 4);
            String typed = app.terminal().ask("Its last four characters, from the paper:").orElse("").strip();
            if (!typed.equalsIgnoreCase(end)) {
                throw new Ended(Exit.NOT_AGREED, "Those are not its last four characters. No identity was made.");
            }
        }
    }

    @Command(name = "show", description = "Show your identity as this device knows it. Sends nothing.")
    static final class Show extends Act {

        @Override
        Outcome run(App app) {
            OwnIdentity own = app.ownIdentity();
            Identity identity = own.identity();
            Outcome outcome = Outcome.done()
                    .and(Style.BOLD, own.id().value())
                    .and("  home     " + identity.home())
                    .and("  changes  " + identity.seq() + ", epoch " + identity.epoch());
            if (own.isRevoked()) {
                outcome = outcome.and(Style.BAD, "  This device does not speak for it.");
            }
            for (Handle handle : own.handles()) {
                outcome = outcome.and("  handle   " + handle);
            }
            outcome = outcome.and("  digits   " + String.join(" ", Fingerprint.sideOf(identity)))
                    .and(Style.FAINT,
                            "           your half of each fingerprint; only all 60 digits are worth comparing");
            return outcome.with("identity", own.id().value())
                    .with("home", identity.home().value())
                    .with("seq", JsonNumber.of(identity.seq()))
                    .with("epoch", JsonNumber.of(identity.epoch()))
                    .with("handles", JsonArray.ofStrings(own.handles().stream().map(Handle::toString).toList()))
                    .with("devices", devices(own));
        }
    }

    private static JsonArray devices(OwnIdentity own) {
        List<Json> devices = new ArrayList<>();
        for (JwsKey key : own.identity().devices()) {
            devices.add(JsonObject.builder().put("key", key.x()).put("this", key.equals(own.device())).build());
        }
        return JsonArray.of(devices);
    }

    @Command(name = "devices", description = "List your devices, or add and revoke them.", subcommands = {
        Devices.Request.class, Devices.Vouch.class, Devices.Join.class, Devices.Revoke.class})
    static final class Devices extends Act {

        @Override
        Outcome run(App app) {
            OwnIdentity own = app.ownIdentity();
            Outcome outcome = Outcome.done();
            for (JwsKey key : own.identity().devices()) {
                outcome = outcome
                        .and(shortForm(key) + "  " + key.x() + (key.equals(own.device()) ? "  this device" : ""));
            }
            return outcome.and(Style.FAINT, "The first is the most senior: it can revoke those after it.")
                    .with("devices", devices(own));
        }

        @Command(name = "request", description = {
            "On a new device: make its key, and show what an old device has to vouch for.",
            "Sends nothing."})
        static final class Request extends Act {

            @Override
            Outcome run(App app) {
                requireNone(app);
                byte[] before = app.vault().bytes(DEVICE).orElse(new byte[0]);
                JwsSigner signer = before.length == 0 ? JwsSigner.generate(app.random()) : JwsSigner.fromSeed(before);
                Arrays.fill(before, (byte) 0);
                app.vault().put(DEVICE, Optional.of(signer.seed()));
                String text = new DeviceRequest(signer.key()).toText();
                signer.wipe();
                Outcome outcome = Outcome.done(text);
                if (app.terminal().hasBlocks()) {
                    for (String line : QrCode.lines(text, true)) {
                        outcome = outcome.and(line);
                    }
                }
                return outcome.and(Style.FAINT, "On a device that you have: signet id devices vouch REQUEST --to FILE, "
                        + "then here: signet id devices join FILE.").with("request", text);
            }
        }

        @Command(name = "vouch", description = {"On a device that you have: vouch for a new one. Sends nothing;",
            "what is written to the file means nothing before the new device has signed it, too."})
        static final class Vouch extends Act {

            @Parameters(index = "0", paramLabel = "REQUEST", description = "what the new device shows: SIGNET-DEVICE:...")
            private String request = "";

            @Option(names = "--to", paramLabel = "FILE", required = true, description = "a new file, for the new device")
            private Path to = Path.of("");

            @Override
            Outcome run(App app) {
                DeviceRequest asked = DeviceRequest.parse(request)
                        .orElseThrow(reason -> new Ended(Exit.USAGE, reason + "."));
                OwnIdentity own = app.ownIdentity();
                app.tell("The new device " + shortForm(asked.key()) + " will sign for " + own.id() + ".");
                app.confirm("Did this request come from a device of your own, by your own hand?");
                DeviceOffer offer = Keeping.valid(own.vouchFor(asked, app.clock()));
                try {
                    PrivateFiles.writeNew(to, offer.toText() + "\n");
                } catch (IOException failed) {
                    return Outcome.not(Exit.USAGE, to + " is there already, or cannot be written.");
                }
                return Outcome.done("Bring " + to + " to the new device: signet id devices join.")
                        .with("file", to.toString());
            }
        }

        @Command(name = "join", description = "On the new device: take the identity on that an old device vouched for, and publish it.")
        static final class Join extends Act {

            @Parameters(index = "0", paramLabel = "FILE", description = "what signet id devices vouch wrote")
            private Path file = Path.of("");

            @Override
            Outcome run(App app) {
                requireNone(app);
                DeviceOffer offer = DeviceOffer.parse(app.text(file).strip())
                        .orElseThrow(reason -> new Ended(Exit.USAGE, reason + "."));
                byte[] seed = app.vault()
                        .bytes(DEVICE)
                        .orElseThrow(() -> new Ended(Exit.FIRST,
                                "This device has asked for nothing: signet id devices request."));
                JwsSigner signer = JwsSigner.fromSeed(seed);
                Arrays.fill(seed, (byte) 0);
                Identity identity = offer.chain().identity();
                app.tell("The offer is of the identity " + identity.id() + ", with " + identity.devices().size()
                        + (identity.devices().size() == 1 ? " device." : " devices."));
                app.confirm("Is that your identity?");
                Keeping keeping = Keeping.at(identity.home(), app);
                OwnIdentity own = keeping.publish(OwnIdentity.join(offer, signer));
                app.vault().put(DEVICE, Optional.empty());
                return Outcome.done("This device signs for " + own.id() + " now.").with("identity", own.id().value());
            }
        }

        @Command(name = "revoke", description = {
            "Throw devices out: with this device those junior to it, with a recovery key any."})
        static final class Revoke extends Act {

            @Parameters(arity = "1..*", paramLabel = "KEY", description = "a device's key, or how it begins")
            private List<String> keys = List.of();

            @Option(names = "--why", defaultValue = "LOST", description = "${COMPLETION-CANDIDATES}; ${DEFAULT-VALUE} unless you say")
            private Revocation.Why why = Revocation.Why.LOST;

            @Option(names = "--by-recovery-key", description = "sign with a recovery key")
            private boolean byRecovery;

            @Mixin
            private Recovery recovery = new Recovery();

            @Override
            Outcome run(App app) {
                Keeping keeping = Keeping.toLeaveAt(app.ownIdentity().identity().home(), app);
                OwnIdentity own = byRecovery ? app.ownIdentity() : keeping.refreshed(app.ownIdentity());
                Set<JwsKey> revoked = new LinkedHashSet<>();
                keys.forEach(text -> revoked.add(device(text, own)));
                revoked.forEach(
                        key -> app.tell("  " + shortForm(key) + (key.equals(own.device()) ? "  this device" : "")));
                app.confirm("Revoke for ever?");
                OwnIdentity now;
                if (byRecovery) {
                    RecoveryKey key = recovery.key(app);
                    try {
                        now = keeping.publish(own.revoke(revoked, why, key, app.clock()), key);
                    } finally {
                        key.wipe();
                    }
                } else {
                    now = keeping.publish(own.revoke(revoked, why, app.clock()));
                }
                return Outcome.done("Revoked. " + now.identity().devices().size() + " left.")
                        .with("devices", devices(now));
            }

            private static JwsKey device(String text, OwnIdentity own) {
                List<JwsKey> fitting = own.identity()
                        .devices()
                        .stream()
                        .filter(key -> key.x().startsWith(text))
                        .toList();
                if (fitting.size() != 1) {
                    throw new Ended(Exit.USAGE, Shown.line(text) + (fitting.isEmpty()
                            ? " is no device of yours."
                            : " is how several devices begin."));
                }
                return fitting.getFirst();
            }
        }
    }

    @Command(name = "recover", description = {
        "Take your identity back with a recovery key, on this device, as its only one.",
        "All other devices are thrown out, and your contacts have to compare fingerprints anew."})
    static final class RecoverCommand extends Act {

        @Parameters(index = "0", paramLabel = "HANDLE", description = "a handle that names your identity")
        private String name = "";

        @Option(names = "--why", defaultValue = "LOST", description = "${COMPLETION-CANDIDATES}; ${DEFAULT-VALUE} unless you say")
        private Revocation.Why why = Revocation.Why.LOST;

        @Mixin
        private Recovery recovery = new Recovery();

        @Override
        Outcome run(App app) {
            Handle handle = handle(name);
            app.vault();
            Chain chain = chain(handle, app);
            Identity identity = chain.identity();
            if (app.identity().filter(own -> !own.id().equals(identity.id())).isPresent()) {
                return Outcome.not(Exit.NO,
                        handle + " names " + identity.id() + ", and this device has another identity: "
                                + "signet id show. Another --home can have this one.");
            }
            Optional<OwnIdentity> begun = finished(chain, app);
            if (begun.isPresent()) {
                return recovered(begun.get());
            }
            RecoveryKey key = recovery.key(app);
            JwsSigner signer = JwsSigner.generate(app.random());
            try {
                if (!identity.recovery().contains(key.key())) {
                    return Outcome.not(Exit.NO, "That recovery key is not one of the identity " + identity.id() + ".");
                }
                app.tell("The identity " + identity.id() + " will have this device alone.");
                app.confirm("Throw out all others?");
                Keeping keeping = Keeping.toLeaveAt(identity.home(), app);
                NextOperation next = Keeping.valid(OwnIdentity.recover(chain, key, signer, why, app.clock()));
                // Before it is sent: were the answer lost, nobody would have the key of the only device.
                app.vault().put(RECOVERING, Optional.of(next.after().toBytes()));
                OwnIdentity own = keeping.publish(Verdict.valid(next), key);
                app.vault().put(RECOVERING, Optional.empty());
                return recovered(own);
            } finally {
                key.wipe();
                signer.wipe();
            }
        }

        /** Returns the identity after a recovery of which the answer was lost, where the nameserver has it; else forgets it. */
        private static Optional<OwnIdentity> finished(Chain chain, App app) {
            Optional<OwnIdentity> begun = app.vault()
                    .bytes(RECOVERING)
                    .flatMap(bytes -> OwnIdentity.parse(bytes).toOptional())
                    .filter(own -> own.id().equals(chain.identity().id()))
                    .filter(own -> own.compare(chain.operations()) instanceof Chain.Comparison.Continues)
                    .map(own -> own.at(chain));
            begun.ifPresent(own -> {
                app.put(own);
                app.vault().put(RECOVERING, Optional.empty());
            });
            return begun;
        }

        private static Outcome recovered(OwnIdentity own) {
            return Outcome.done("Your identity " + own.id() + " is on this device alone.")
                    .and(Style.CAREFUL, "Renew your handles now: signet handle renew HANDLE.")
                    .with("identity", own.id().value());
        }

        /** Returns the newest operations that the nameserver shows, else those that this device has. */
        private static Chain chain(Handle handle, App app) {
            Resolution resolution = app.directory().resolve(handle, ResolveConsent.toFind(handle), Optional.empty());
            return switch (resolution) {
                case Resolution.Found(var found) -> found.chain();
                case Resolution.Moved(var found, var _) -> found.chain();
                case Failure.Vetoed vetoed -> throw new Ended(Words.of(vetoed));
                // The nameserver does not say: then what this device has, if the handle is its own.
                default -> app.identity()
                        .filter(own -> own.handles().contains(handle))
                        .map(OwnIdentity::chain)
                        .orElseThrow(() -> new Ended(Resolving.inWords(handle, resolution)));
            };
        }
    }
}
