package im.signet.cli;

import im.signet.cli.Outcome.Style;
import im.signet.client.Binding;
import im.signet.client.Failure;
import im.signet.client.Homeserver;
import im.signet.client.HomeserverBinding;
import im.signet.client.HomeserverUnbinding;
import im.signet.client.PendingAddress;
import im.signet.client.Proof;
import im.signet.client.ProvenAddress;
import im.signet.client.Publication;
import im.signet.client.Purpose;
import im.signet.client.TokenCheck;
import im.signet.client.TokenRequest;
import im.signet.client.Unbinding;
import im.signet.protocol.identifier.Address;
import im.signet.protocol.identifier.Medium;
import im.signet.protocol.json.Json;
import im.signet.protocol.json.JsonArray;
import im.signet.protocol.json.JsonObject;

import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "address", description = "Let others find you by your e-mail address or phone number, or no longer.", subcommands = {
    AddressCommands.Validate.class, AddressCommands.Bind.class, AddressCommands.Unbind.class,
    AddressCommands.Show.class})
final class AddressCommands extends Group {

    private static final String ADDRESSES = "addresses";
    private static final String SERVER = "server";
    private static final Duration LONGEST_WAIT = Duration.ofHours(24);
    private static final Duration SHORTEST_PAUSE = Duration.ofSeconds(2);
    private static final Pattern COUNTRY = Pattern.compile("[A-Z]{2}");

    /** Returns the address that the user typed: a phone number when it has no {@code @}. */
    static Address address(String typed) {
        Medium medium = typed.contains("@") ? Medium.EMAIL : Medium.MSISDN;
        String text = medium == Medium.MSISDN ? typed.replaceAll("[\\s()./-]", "").replaceFirst("^\\+", "") : typed;
        return Address.parse(medium, text)
                .orElseThrow(reason -> new Ended(Exit.USAGE, Shown.line(typed) + " is no address: " + reason + "."));
    }

    /** The addresses of which a proof was asked for on this device. */
    private static List<PendingAddress> pending(App app) {
        List<PendingAddress> pending = new ArrayList<>();
        app.stored(ADDRESSES)
                .filter(json -> json.string(SERVER).equals(server(app)))
                .flatMap(json -> json.array(ADDRESSES))
                .map(JsonArray::items)
                .orElse(List.of())
                .forEach(
                        item -> {
                            if (item instanceof JsonObject object) {
                                PendingAddress.parse(object).toOptional().ifPresent(pending::add);
                            }
                        });
        return pending;
    }

    // What one server was asked to prove is no business of another's.
    private static Optional<String> server(App app) {
        return app.account().choice().flatMap(Account.Choice::server).map(URI::toString);
    }

    private static Optional<PendingAddress> pending(Address address, App app) {
        return pending(app).stream().filter(each -> each.address().equals(address)).findFirst();
    }

    private static void keep(PendingAddress added, App app) {
        List<PendingAddress> all = new ArrayList<>(pending(app));
        all.removeIf(each -> each.address().equals(added.address()));
        all.add(added);
        write(all, app);
    }

    private static void forget(Address address, App app) {
        List<PendingAddress> all = new ArrayList<>(pending(app));
        all.removeIf(each -> each.address().equals(address));
        write(all, app);
    }

    private static void write(List<PendingAddress> all, App app) {
        app.vault()
                .put(ADDRESSES, JsonObject.builder()
                        .put(SERVER, server(app).orElseThrow())
                        .put(ADDRESSES, JsonArray.of(all.stream().map(PendingAddress::toJson).toList()))
                        .build());
    }

    /** Returns the proof of an address; ends the command when there is none any more. */
    private static ProvenAddress proven(Address address, Publication publication, App app) {
        PendingAddress known = pending(address, app).orElseThrow(() -> new Ended(Exit.FIRST,
                "No proof of " + address.redacted() + " was asked for on this device: signet address validate."));
        return switch (publication.proof(known)) {
            case Proof.Proven(ProvenAddress proven) -> proven;
            case Proof.NotYet _ -> throw new Ended(Exit.FIRST,
                    "The address is not proven yet: use the link or the code in the message.");
            case Proof.Expired _,Proof.UnknownSession _ -> throw new Ended(Exit.FIRST,
                    "The proof is too old: signet address validate asks for a new one.");
            case Failure failure -> throw new Ended(Words.of(failure));
        };
    }

    @Command(name = "validate", description = {
        "Prove that an address is yours, by a message that the server sends there.",
        "Nobody can find you by it before you bind it."})
    static final class Validate extends Act {

        @Parameters(index = "0", paramLabel = "ADDRESS", description = "an e-mail address, or a phone number with its country code")
        private String typed = "";

        @Option(names = "--country", paramLabel = "CC", description = "of a phone number, the country of your phone, such as GB")
        private Optional<String> country = Optional.empty();

        @Option(names = "--wait", paramLabel = "DURATION", defaultValue = "PT15M", description = "how long to wait for you to use the mailed link, such as PT15M; PT0S does not wait")
        private Duration wait = Duration.ofMinutes(15);

        @Option(names = "--resend", description = "have the message sent once more")
        private boolean again;

        @Override
        Outcome run(App app) {
            Address address = address(typed);
            boolean phone = address.medium() == Medium.MSISDN;
            if (phone && country.filter(code -> COUNTRY.matcher(code).matches()).isEmpty()) {
                return Outcome.not(Exit.USAGE,
                        "With a phone number, --country names the country of your phone: two capitals.");
            }
            if (wait.isNegative() || wait.compareTo(LONGEST_WAIT) > 0) {
                return Outcome.not(Exit.USAGE, "--wait is at most a day: PT24H.");
            }
            Publication publication = publication(app);
            Optional<PendingAddress> before = pending(address, app);
            TokenRequest request = again && before.isPresent()
                    ? publication.requestAgain(before.get())
                    : phone
                            ? publication.requestPhoneToken(address, country.get())
                            : publication.requestEmailToken(address);
            PendingAddress pending = switch (request) {
                case TokenRequest.Sent(PendingAddress sent) -> sent;
                case TokenRequest.AddressRefused(String message) ->
                    throw new Ended(Exit.NO, "The server does not send there: " + message);
                case TokenRequest.NotSent(String message) ->
                    throw new Ended(Exit.NOT_NOW, "The server could not send the message: " + message);
                case Failure failure -> throw new Ended(Words.of(failure));
            };
            keep(pending, app);
            app.tell("A message is on its way to " + address.value() + ".");
            return phone ? byCode(pending, publication, app) : byLink(pending, publication, app);
        }

        private Outcome byCode(PendingAddress pending, Publication publication, App app) {
            while (true) {
                Optional<String> code = app.terminal().ask("The code in the message:");
                if (code.isEmpty() || code.get().isBlank()) {
                    return Outcome.not(Exit.FIRST, "The number is not proven yet.");
                }
                switch (publication.submitToken(pending, code.get().strip())) {
                    case TokenCheck.Correct _ -> {
                        return proven(pending.address());
                    }
                    case TokenCheck.Wrong _ -> app.tell("That is not the code.");
                    case TokenCheck.Expired _,TokenCheck.UnknownSession _ -> {
                        return Outcome.not(Exit.FIRST, "The code is too old; ask for a new one.");
                    }
                    case Failure failure -> {
                        return Words.of(failure);
                    }
                }
            }
        }

        private Outcome byLink(PendingAddress pending, Publication publication, App app) {
            Instant end = app.clock().instant().plus(wait);
            Duration pause = SHORTEST_PAUSE;
            if (!wait.isZero()) {
                app.tell("Open the link in it and confirm there. Waiting for " + Words.of(wait)
                        + "; Ctrl-C ends only the waiting.");
            }
            while (true) {
                switch (publication.proof(pending)) {
                    case Proof.Proven _ -> {
                        return proven(pending.address());
                    }
                    case Proof.NotYet _ -> {
                        // Asked again below.
                    }
                    case Proof.Expired _,Proof.UnknownSession _ -> {
                        return Outcome.not(Exit.FIRST, "The message is too old; ask for a new one.");
                    }
                    case Failure.Limited limited when limited.retryAfter().isPresent() ->
                        pause = limited.retryAfter()
                                .filter(asked -> asked.compareTo(SHORTEST_PAUSE) > 0)
                                .orElse(SHORTEST_PAUSE);
                    case Failure failure -> {
                        return Words.of(failure);
                    }
                }
                if (!app.clock().instant().plus(pause).isBefore(end)) {
                    return Outcome.not(Exit.FIRST, "The address is not proven yet. After you have used the link, "
                            + "signet address bind goes on.");
                }
                try {
                    Thread.sleep(pause);
                } catch (InterruptedException stopped) {
                    Thread.currentThread().interrupt();
                    return Outcome.not(Exit.FIRST, "The address is not proven yet.");
                }
            }
        }

        private static Outcome proven(Address address) {
            return Outcome
                    .done("The address is proven. Nobody can find you by it so far; signet address bind lets them.")
                    .with("address", address.value());
        }
    }

    private static Publication publication(App app) {
        App.Agreed<Purpose.PublishAddress> agreed = app.agreed(Purpose.PUBLISH_ADDRESS);
        return agreed.session().publication(agreed.consent());
    }

    @Command(name = "bind", description = "Let whoever has a proven address of yours find your Matrix ID by it.")
    static final class Bind extends Act {

        @Parameters(index = "0", paramLabel = "ADDRESS", description = "the address")
        private String typed = "";

        @Option(names = "--through-homeserver", description = {
            "have your homeserver bind it, which then takes it back when you leave it;",
            "it is given your session at the identity server for that"})
        private boolean through;

        @Mixin
        private HomeserverOptions homeservers = new HomeserverOptions();

        @Override
        Outcome run(App app) {
            Address address = address(typed);
            App.Agreed<Purpose.PublishAddress> agreed = app.agreed(Purpose.PUBLISH_ADDRESS);
            Publication publication = agreed.session().publication(agreed.consent());
            ProvenAddress proven = proven(address, publication, app);
            Outcome bound = Outcome.done(address.value() + " now leads to " + agreed.session().userId() + ".")
                    .with("address", address.value())
                    .with("user", agreed.session().userId().value());
            if (through) {
                Homeserver homeserver = homeservers.of(agreed.session().userId(), app);
                return switch (publication.bindThrough(homeserver, proven)) {
                    case HomeserverBinding.Bound _ -> bound.and(Style.FAINT, "Your homeserver says so.");
                    case HomeserverBinding.NotProven _ -> tooOld();
                    case HomeserverBinding.NotTrusted _ -> Outcome.not(Exit.NO,
                            "Your homeserver has nothing to do with this identity server; bind without it.");
                    case Failure failure -> Words.of(failure);
                };
            }
            return switch (publication.bind(proven)) {
                case Binding.Bound(var association) -> bound.and(Style.FAINT,
                        "Signed by " + association.signedBy() + ", and the signature verifies.");
                case Binding.NotProven _ -> tooOld();
                case Binding.Unverified(String reason) -> Outcome.not(Exit.ALARM,
                        "The server says that it is bound, but what it signed does not hold: " + reason + ".");
                case Failure failure -> Words.of(failure);
            };
        }

        private static Outcome tooOld() {
            return Outcome.not(Exit.FIRST, "The proof is too old: signet address validate asks for a new one.");
        }
    }

    @Command(name = "unbind", description = "Let nobody find you by an address any more.")
    static final class Unbind extends Act {

        @Parameters(index = "0", paramLabel = "ADDRESS", description = "the address")
        private String typed = "";

        @Option(names = "--through-homeserver", description = "have your homeserver take it back, which needs no new proof")
        private boolean through;

        @Mixin
        private HomeserverOptions homeservers = new HomeserverOptions();

        @Override
        Outcome run(App app) {
            Address address = address(typed);
            App.Agreed<Purpose.PublishAddress> agreed = app.agreed(Purpose.PUBLISH_ADDRESS, true);
            Outcome unbound = Outcome.done(address.value() + " leads to nobody any more.")
                    .with("address", address.value());
            if (through) {
                return switch (homeservers.of(agreed.session().userId(), app).unbind(agreed.consent(), address)) {
                    case HomeserverUnbinding.Unbound _ -> {
                        forget(address, app);
                        yield unbound;
                    }
                    case HomeserverUnbinding.NotSupported _ -> Outcome.not(Exit.NO,
                            "The identity server did not take it back; others may still find you by it.");
                    case Failure failure -> Words.of(failure);
                };
            }
            Publication publication = agreed.session().publication(agreed.consent());
            return switch (publication.unbind(proven(address, publication, app))) {
                case Unbinding.Unbound _ -> {
                    forget(address, app);
                    yield unbound;
                }
                case Failure failure -> Words.of(failure);
            };
        }
    }

    @Command(name = "show", description = "Show the addresses of which this device has asked for a proof. Sends nothing.")
    static final class Show extends Act {

        @Override
        Outcome run(App app) {
            List<PendingAddress> all = pending(app);
            Outcome outcome = all.isEmpty() ? Outcome.done("There are none.") : Outcome.done();
            List<Json> json = new ArrayList<>();
            for (PendingAddress each : all) {
                outcome = outcome.and(each.address().value());
                json.add(JsonObject.builder()
                        .put("medium", each.address().medium().wireName())
                        .put("address", each.address().value())
                        .build());
            }
            return outcome.with("addresses", JsonArray.of(json));
        }
    }
}
