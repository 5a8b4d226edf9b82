package im.signet.cli;

import im.signet.cli.Outcome.Style;
import im.signet.client.ContactUpdate;
import im.signet.client.Discovery;
import im.signet.client.Failure;
import im.signet.client.IdentityServer;
import im.signet.client.KnownContacts;
import im.signet.client.Lookup;
import im.signet.client.Purpose;
import im.signet.client.book.Contact;
import im.signet.client.book.ContactBook;
import im.signet.client.book.ContactId;
import im.signet.client.book.Identifier;
import im.signet.client.book.KnownIdentifier;
import im.signet.client.book.Suggestion;
import im.signet.client.book.Verification;
import im.signet.client.book.Verifying;
import im.signet.client.contact.AddressBook;
import im.signet.client.contact.ContactState;
import im.signet.client.contact.DiscoveredContact;
import im.signet.client.handle.Chain;
import im.signet.client.handle.OwnIdentity;
import im.signet.protocol.handle.Card;
import im.signet.protocol.handle.Fingerprint;
import im.signet.protocol.handle.Handle;
import im.signet.protocol.handle.Identity;
import im.signet.protocol.identifier.Address;
import im.signet.protocol.identifier.ServerName;
import im.signet.protocol.json.Json;
import im.signet.protocol.json.JsonArray;
import im.signet.protocol.json.JsonNumber;
import im.signet.protocol.json.JsonObject;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "contacts", description = {"Find people and keep what you know of them.",
    "Everybody is UNVALIDATED until you have compared something with them yourself."}, subcommands = {
        ContactCommands.Discover.class, ContactCommands.ListAll.class, ContactCommands.Add.class,
        ContactCommands.Verify.class, ContactCommands.Compromised.class, ContactCommands.CardCommand.class,
        ContactCommands.Remove.class, ContactCommands.Export.class, ContactCommands.Import.class})
final class ContactCommands extends Group {

    private static final String LOOKUPS = "lookups";
    private static final Duration LONGEST_KEPT = Duration.ofDays(7);
    private static final int LONGEST_NAME = 500;

    private static Style style(ContactState state) {
        return switch (state) {
            case VALIDATED -> Style.GOOD;
            case UNVALIDATED -> Style.CAREFUL;
            case COMPROMISED -> Style.BAD;
        };
    }

    @Command(name = "discover", description = {
        "Ask the identity server which of these addresses, and of those in your contact book, belong to Matrix users.",
        "Who was asked for within --max-age is not asked for again."})
    static final class Discover extends Act {

        @Parameters(arity = "0..*", paramLabel = "ADDRESS", description = "e-mail addresses and phone numbers")
        private List<String> typed = List.of();

        @Option(names = "--from", paramLabel = "FILE", description = "read addresses from vCards, or from lines such as Bob <bob@example.org>; - for the input")
        private Optional<Path> from = Optional.empty();

        @Option(names = "--reveal", description = {
            "send the addresses themselves where the server takes no hashes; the server then learns each of them,",
            "also of people who do not use Matrix, and that you have it"})
        private boolean reveal;

        @Option(names = "--max-age", paramLabel = "DURATION", defaultValue = "P1D", description = "how old an earlier answer may be, such as PT1H; PT0S asks for all again")
        private Duration maxAge = Duration.ofDays(1);

        @Override
        Outcome run(App app) {
            if (maxAge.isNegative()) {
                return Outcome.not(Exit.USAGE, "--max-age is a time span such as PT1H.");
            }
            Map<Address, AddressBook.Entry> entries = new LinkedHashMap<>();
            app.contacts().addressBook().entries().forEach(entry -> entries.put(entry.address(), entry));
            typed.forEach(text -> {
                Address address = AddressCommands.address(text);
                entries.putIfAbsent(address, new AddressBook.Entry(address.value(), address));
            });
            from.ifPresent(file -> {
                AddressFile.Content content = AddressFile.read(app.text(file));
                content.entries().forEach(entry -> entries.putIfAbsent(entry.address(), entry));
                if (content.skipped() > 0) {
                    app.tell(
                            "Left out, as no addresses, or phone numbers without a country code: " + content.skipped());
                }
            });
            if (entries.isEmpty()) {
                return Outcome.not(Exit.USAGE, "There is nobody to look for: give addresses, or --from FILE.");
            }
            AddressBook book = AddressBook.of(List.copyOf(entries.values()));
            App.Agreed<?> agreed;
            Discovery discovery;
            if (reveal) {
                App.Agreed<Purpose.RevealContacts> revealing = app.agreed(Purpose.REVEAL_CONTACTS);
                discovery = revealing.session().revealingDiscovery(revealing.consent());
                agreed = revealing;
            } else {
                App.Agreed<Purpose.DiscoverContacts> hashing = app.agreed(Purpose.DISCOVER_CONTACTS);
                discovery = hashing.session().discovery(hashing.consent());
                agreed = hashing;
            }
            KnownContacts known = known(agreed.session().server(), app);
            ContactUpdate update = discovery.update(book, known, maxAge);
            Instant now = app.clock().instant();
            app.vault().put(LOOKUPS, together(known.toJson(), update.known().toJson(), now.minus(LONGEST_KEPT)));
            List<String> alarms = app.learn(before -> {
                ContactBook after = before;
                for (DiscoveredContact found : update.contacts()) {
                    after = after.learned(found, now);
                }
                return after;
            });
            return report(update, book.entries().size()).alarmed(alarms);
        }

        private static KnownContacts known(IdentityServer server, App app) {
            return app.stored(LOOKUPS)
                    .flatMap(json -> KnownContacts.parse(json).toOptional())
                    .filter(known -> known.server().equals(server.baseUrl()))
                    .orElseGet(() -> KnownContacts.none(server));
        }

        /** Returns the answers of now, and earlier ones for others, so that those are not asked for again so soon, either. */
        private static JsonObject together(JsonObject earlier, JsonObject now, Instant since) {
            Map<String, Json> answers = new LinkedHashMap<>();
            for (JsonObject each : List.of(earlier, now)) {
                for (Json item : each.array("answers").map(JsonArray::items).orElse(List.of())) {
                    if (item instanceof JsonObject answer && answer.integer("at").orElse(0L) >= since.toEpochMilli()) {
                        answers.put(answer.string("medium").orElse("") + " " + answer.string("address").orElse(""),
                                item);
                    }
                }
            }
            return now.with("answers", JsonArray.of(List.copyOf(answers.values())));
        }

        private static Outcome report(ContactUpdate update, int asked) {
            Outcome outcome = switch (update.lookup()) {
                case Lookup.Found _ -> Outcome.done();
                case Lookup.NoHashing _ -> Outcome.not(Exit.NO,
                        "This server takes no hashes. --reveal sends it the addresses themselves; read what that means first.");
                case Lookup.Interrupted interrupted -> Words.of(interrupted.why())
                        .and("What was answered until then is kept; " + interrupted.remaining().entries().size()
                                + " addresses remain. The same command goes on.");
                case Failure failure -> Words.of(failure);
            };
            List<Json> found = new ArrayList<>();
            for (DiscoveredContact contact : update.contacts()) {
                outcome = outcome.and(style(contact.state()),
                        contact.label() + "  " + contact.userId() + "  " + contact.state());
                found.add(JsonObject.builder()
                        .put("label", contact.label())
                        .put("medium", contact.address().medium().wireName())
                        .put("address", contact.address().value())
                        .put("user", contact.userId().value())
                        .put("state", contact.state().name().toLowerCase(Locale.ROOT))
                        .build());
            }
            return outcome.and(Style.FAINT, update.contacts().size() + " of " + asked + " addresses are known there. "
                    + "That they are who you think, nobody has said.").with("contacts", JsonArray.of(found));
        }
    }

    @Command(name = "list", description = "Show the contact book. Sends nothing.")
    static final class ListAll extends Act {

        @Override
        Outcome run(App app) {
            ContactBook book = app.contacts();
            Outcome outcome = book.contacts().isEmpty() ? Outcome.done("There is nobody.") : Outcome.done();
            List<Json> contacts = new ArrayList<>();
            for (Contact contact : book.contacts()) {
                outcome = outcome.and(Style.BOLD, contact.id().value() + "  " + Shown.line(contact.name()));
                List<Json> identifiers = new ArrayList<>();
                for (KnownIdentifier known : contact.identifiers()) {
                    outcome = outcome.and(style(known.state()),
                            "     " + known.state() + "  " + People.text(known.identifier())
                                    + why(known));
                    identifiers.add(json(known));
                }
                contacts.add(JsonObject.builder()
                        .put("number", contact.id().value())
                        .put("name", contact.name())
                        .put("identifiers", JsonArray.of(identifiers))
                        .build());
            }
            List<Suggestion> next = book.toValidateNext();
            if (!next.isEmpty()) {
                Suggestion first = next.getFirst();
                String name = book.contact(first.contact()).map(Contact::name).orElse("");
                outcome = outcome.and(Style.FAINT, "Validate next: " + Shown.line(name) + " (signet contacts verify "
                        + first.contact().value() + "), " + switch (first.reason()) {
                            case COMPROMISED -> "who is compromised.";
                            case DEMOTED -> "who was validated before.";
                            case WARNED -> "of whom there are warnings.";
                            case NOT_COVERED -> "of whom not everything is validated.";
                            case NEVER_VALIDATED -> "who never was.";
                        });
            }
            return outcome.with("contacts", JsonArray.of(contacts))
                    .with("validate_next", JsonArray.of(next.stream()
                            .map(each -> JsonNumber.of(each.contact().value()))
                            .toList()));
        }

        private static String why(KnownIdentifier known) {
            List<String> reasons = new ArrayList<>();
            known.validatedBy().ifPresent(kind -> reasons.add(switch (kind) {
                case FINGERPRINTS -> "fingerprints compared";
                case CARD -> "card scanned";
                case MASTER_KEY -> "master key compared";
            }));
            known.demotion()
                    .ifPresent(demotion -> reasons.add(words(demotion.reason().name()) + " at " + demotion.at()));
            known.warnings().forEach(warning -> reasons.add("warning: " + words(warning.kind().name())));
            return reasons.isEmpty() ? "" : "  (" + String.join("; ", reasons) + ")";
        }

        private static String words(String constant) {
            return constant.toLowerCase(Locale.ROOT).replace('_', ' ');
        }

        private static JsonObject json(KnownIdentifier known) {
            JsonObject.Builder json = JsonObject.builder()
                    .put("kind", People.kind(known.identifier()))
                    .put("value", People.text(known.identifier()))
                    .put("state", known.state().name().toLowerCase(Locale.ROOT));
            known.demotion()
                    .ifPresent(demotion -> json.put("demoted", demotion.reason().name().toLowerCase(Locale.ROOT)));
            return json.put("warnings", JsonArray.ofStrings(known.warnings()
                    .stream()
                    .map(warning -> warning.kind().name().toLowerCase(Locale.ROOT))
                    .distinct()
                    .toList())).build();
        }
    }

    @Command(name = "add", description = {"Enter somebody in the contact book. Nothing is validated by that.",
        "WHO is a handle (which is looked up), a Matrix ID, an address, an identity, or a card as text or link."})
    static final class Add extends Act {

        @Parameters(index = "0", paramLabel = "WHO", description = "alice@example.org, @alice:example.org, SIGNET:..., ...")
        private String who = "";

        @Option(names = "--name", paramLabel = "NAME", description = "what you call them")
        private Optional<String> name = Optional.empty();

        @Option(names = "--to", paramLabel = "CONTACT", description = "enter it with somebody who is in the book")
        private Optional<String> to = Optional.empty();

        @Option(names = "--address", description = "take WHO for an e-mail address; else name@domain is a handle")
        private boolean address;

        @Override
        Outcome run(App app) {
            if (name.orElse("").length() > LONGEST_NAME) {
                return Outcome.not(Exit.USAGE, "A name has at most " + LONGEST_NAME + " characters.");
            }
            ContactBook book = app.contacts();
            Optional<ContactId> other = to.map(text -> People.contact(text, book).id());
            if (who.startsWith("SIGNET:") || who.startsWith("https://")) {
                Card card = Card.parse(who)
                        .toOptional()
                        .orElseThrow(() -> new Ended(Exit.USAGE, "That is no card."));
                Instant now = app.clock().instant();
                List<String> alarms = app.learn(before -> before.imported(card, now));
                return entered(new Identifier.OfIdentity(card.id()), book, other, app)
                        .and(Style.CAREFUL, "The card came from somewhere: it validates nothing.")
                        .alarmed(alarms);
            }
            Identifier identifier = address || (!who.contains("@") && who.matches("[+0-9].*"))
                    ? new Identifier.OfAddress(AddressCommands.address(who))
                    : People.identifier(who)
                            .orElseThrow(() -> new Ended(Exit.USAGE,
                                    Shown.line(who) + " is neither a handle, a Matrix ID, an identity nor a card; "
                                            + "--address takes it for an e-mail address."));
            if (identifier instanceof Identifier.OfHandle(Handle handle) && book.pin(handle).isEmpty()) {
                Resolving.Looked looked = new Resolving(app).look(handle, true);
                return looked.handle().isEmpty()
                        ? Resolving.inWords(handle, looked.resolution())
                        : entered(identifier, book, other, app).alarmed(looked.alarms());
            }
            if (book.find(identifier).isPresent()) {
                return Outcome.not(Exit.NO, People.text(identifier) + " is in the book already.");
            }
            app.change(before -> other.isPresent()
                    ? before.withIdentifier(other.get(), identifier)
                    : before.added(name.orElse(People.text(identifier)), List.of(identifier)));
            return entered(identifier, book, other, app);
        }

        /** Tells where an identifier has come to, with the contact that the user named unless it is another person's already. */
        private Outcome entered(Identifier identifier, ContactBook before, Optional<ContactId> other, App app) {
            Contact contact = app.contacts()
                    .find(identifier)
                    .orElseThrow(() -> new Ended(Exit.NO, "It could not be entered."));
            boolean isNew = before.contact(contact.id()).isEmpty();
            if (other.isPresent() && !contact.id().equals(other.get())) {
                // That two persons are one takes more than what a server or a card says.
                if (!isNew) {
                    return Outcome.not(Exit.NO,
                            People.text(identifier) + " belongs to contact " + contact.id().value() + ", "
                                    + contact.name() + ".");
                }
                app.change(book -> book.merged(other.get(), contact.id()));
            }
            Contact now = app.contacts().find(identifier).orElse(contact);
            if (name.isPresent() && !now.name().equals(name.get())) {
                app.change(book -> book.renamed(now.id(), name.get()));
            }
            ContactState state = now.identifier(identifier)
                    .map(KnownIdentifier::state)
                    .orElse(ContactState.UNVALIDATED);
            return Outcome.done()
                    .and(style(state), People.text(identifier) + " is contact " + now.id().value() + ", " + state + ".")
                    .with("number", JsonNumber.of(now.id().value()));
        }
    }

    @Command(name = "verify", description = {"Compare something with somebody, and enter that it was the same.",
        "Do it when you are with them, or in a call in which you know their voice: never with what came over the network."})
    static final class Verify extends Act {

        @Parameters(index = "0", paramLabel = "WHO", description = "a contact: number, name or identifier")
        private String who = "";

        @ArgGroup
        private Means means = new Means();

        /** What was compared. */
        static final class Means {

            @Option(names = "--show", description = "only show your 60 digits, for the other person")
            private boolean show;

            @Option(names = "--digits", paramLabel = "DIGITS", description = "the 60 digits that the other person's device shows")
            private Optional<String> digits = Optional.empty();

            @Option(names = "--card", paramLabel = "CARD", description = "the card that you scanned from the other person's screen")
            private Optional<String> card = Optional.empty();
        }

        @Override
        Outcome run(App app) {
            Contact contact = People.contact(who, app.contacts());
            if (means.show) {
                Fingerprint digits = Fingerprint.of(app.ownIdentity().identity(), identity(contact));
                Outcome shown = Outcome.done();
                for (String row : rows(digits)) {
                    shown = shown.and(Style.BOLD, row);
                }
                return shown.with("digits", digits.digits());
            }
            Verification.Comparison comparison = byIdentity(contact, app);
            return switch (comparison) {
                case Verification.Comparison.Matches(Verification verification) -> entered(verification, contact, app);
                case Verification.Comparison.Differs _ -> Outcome.not(Exit.ALARM,
                        "They are not the same. Compare once more; if they still differ, somebody may stand between you: "
                                + "signet contacts compromised " + contact.id().value());
                case Verification.Comparison.KnownIsOlder _ -> Outcome.not(Exit.FIRST,
                        "The card is newer than what is known here: look their handle up again, signet handle show.");
                case Verification.Comparison.Unreadable _ -> Outcome.not(Exit.USAGE,
                        "That has not the form of what is compared.");
                case Verification.Comparison.Oneself _ -> Outcome.not(Exit.NO, "That identity is your own.");
            };
        }

        private Verification.Comparison byIdentity(Contact contact, App app) {
            Identity theirs = identity(contact);
            OwnIdentity own = app.ownIdentity();
            if (means.card.isPresent()) {
                Card card = Card.parse(means.card.get())
                        .toOptional()
                        .orElseThrow(() -> new Ended(Exit.USAGE, "That is no card."));
                return Verification.ofScannedCard(card, own.identity(), theirs);
            }
            Fingerprint fingerprint = Fingerprint.of(own.identity(), theirs);
            if (means.digits.isPresent()) {
                return Verification.ofFingerprints(own.identity(), theirs, means.digits.get());
            }
            app.tell("Your digits with " + Shown.line(contact.name()) + ", to read out:");
            rows(fingerprint).forEach(row -> app.terminal().tell(Style.BOLD, "  " + row));
            String typed = app.terminal()
                    .ask("The 60 digits that the other device shows:")
                    .orElseThrow(() -> new Ended(Exit.USAGE, "There is no terminal to ask at: --digits."));
            return Verification.ofFingerprints(own.identity(), theirs, typed);
        }

        private static List<String> rows(Fingerprint fingerprint) {
            List<String> groups = fingerprint.groups();
            List<String> rows = new ArrayList<>();
            for (int start = 0; start < groups.size(); start += 4) {
                rows.add(String.join(" ", groups.subList(start, start + 4)));
            }
            return rows;
        }

        private static Identity identity(Contact contact) {
            List<Identity> known = contact.identifiers()
                    .stream()
                    .flatMap(each -> each.chain().or(() -> each.pin().map(pin -> pin.chain())).stream())
                    .map(Chain::identity)
                    .collect(Collectors.toMap(Identity::id, each -> each,
                            (one, other) -> one.seq() >= other.seq() ? one : other))
                    .values()
                    .stream()
                    .toList();
            if (known.size() != 1) {
                throw new Ended(Exit.FIRST, known.isEmpty()
                        ? "The keys of their identity are not known here: add their handle, signet contacts add."
                        : "The contact has several identities; they are hardly one person.");
            }
            return known.getFirst();
        }

        private static Outcome entered(Verification verification, Contact contact, App app) {
            Instant now = app.clock().instant();
            Verifying[] outcome = new Verifying[1];
            app.change(book -> {
                outcome[0] = book.verified(verification, now);
                return outcome[0] instanceof Verifying.Verified(ContactBook after) ? after : book;
            });
            return switch (outcome[0]) {
                case Verifying.Verified(ContactBook after) -> {
                    Outcome done = Outcome.done("The same. Validated now:");
                    for (KnownIdentifier known : after.contact(contact.id())
                            .map(Contact::identifiers)
                            .orElse(List.of())) {
                        if (known.state() == ContactState.VALIDATED) {
                            done = done.and(Style.GOOD, "  " + People.text(known.identifier()));
                        }
                    }
                    yield done.with("number", JsonNumber.of(contact.id().value()));
                }
                case Verifying.ConflictOpen _ -> Outcome.not(Exit.ALARM,
                        "The identity contradicts itself, which is proven; it has to settle that by a new epoch first.");
                case Verifying.Ended _ -> Outcome.not(Exit.NO, "Its owner has ended the identity.");
                case Verifying.NotInBook _ -> Outcome.not(Exit.NO, "It is not in the book any more.");
                case Verifying.Outdated _ -> Outcome.not(Exit.FIRST,
                        "More is known by now than what was compared; compare again.");
            };
        }
    }

    @Command(name = "compromised", description = "Enter that somebody's keys are in wrong hands, or that they are not who they say.")
    static final class Compromised extends Act {

        @Parameters(index = "0", paramLabel = "WHO", description = "a contact: number, name or identifier")
        private String who = "";

        @Parameters(index = "1", arity = "0..1", paramLabel = "IDENTIFIER", description = "which identifier, as the list shows it; else the identity")
        private Optional<String> which = Optional.empty();

        @Override
        Outcome run(App app) {
            Contact contact = People.contact(who, app.contacts());
            List<Identifier> subjects = which.isPresent()
                    ? List.of(People.identifier(which.get(), contact).identifier())
                    : contact.identifiers()
                            .stream()
                            .map(KnownIdentifier::identifier)
                            .filter(Identifier.OfIdentity.class::isInstance)
                            .toList();
            if (subjects.isEmpty()) {
                return Outcome.not(Exit.USAGE, "The contact has no identity: say which identifier.");
            }
            app.confirm("Mark " + subjects.stream().map(People::text).collect(Collectors.joining(", ")) + " of "
                    + Shown.line(contact.name()) + " as compromised?");
            Instant now = app.clock().instant();
            app.change(book -> {
                ContactBook after = book;
                for (Identifier subject : subjects) {
                    after = after.compromised(subject, now);
                }
                return after;
            });
            return Outcome.done()
                    .and(Style.BAD, "COMPROMISED: "
                            + subjects.stream().map(People::text).collect(Collectors.joining(", ")));
        }
    }

    @Command(name = "card", description = {"Show your card, or a contact's, as text, link and QR code. Sends nothing.",
        "It is what another needs to find that identity and no other; signet contacts add takes it."})
    static final class CardCommand extends Act {

        @Parameters(index = "0", arity = "0..1", paramLabel = "WHO", description = "a contact; else you")
        private Optional<String> who = Optional.empty();

        @Option(names = "--handle", paramLabel = "HANDLE", description = "which of your handles to put on your card")
        private Optional<String> name = Optional.empty();

        @Override
        Outcome run(App app) {
            Card card = who.isPresent() ? ofContact(People.contact(who.get(), app.contacts())) : own(app.ownIdentity());
            Outcome outcome = Outcome.done(card.toText());
            if (card.handle().isPresent()) {
                String link = card.toLink(ServerName.of(card.handle().get().domain().value()));
                outcome = outcome.and(link).with("link", link);
            }
            if (app.terminal().hasBlocks()) {
                for (String line : QrCode.lines(card.toText(), true)) {
                    outcome = outcome.and(line);
                }
            }
            return outcome.with("card", card.toText());
        }

        private Card own(OwnIdentity own) {
            List<Handle> active = own.handles()
                    .stream()
                    .filter(handle -> HandleCommands.isActive(handle, own))
                    .toList();
            Optional<Handle> wanted = name.map(IdCommands::handle);
            if (wanted.isPresent() && !active.contains(wanted.get())) {
                throw new Ended(Exit.USAGE, wanted.get() + " names you not, as far as this device knows.");
            }
            return Card.of(own.identity(), wanted.or(() -> active.stream().findFirst()));
        }

        private static Card ofContact(Contact contact) {
            Optional<Handle> handle = contact.identifiers()
                    .stream()
                    .flatMap(known -> known.identifier() instanceof Identifier.OfHandle(Handle of)
                            ? Optional.of(of).stream()
                            : Optional.<Handle>empty().stream())
                    .findFirst();
            return Card.of(Verify.identity(contact), handle);
        }
    }

    @Command(name = "remove", description = "Take somebody out of the contact book, and all that was known of them.")
    static final class Remove extends Act {

        @Parameters(index = "0", paramLabel = "WHO", description = "a contact: number, name or identifier")
        private String who = "";

        @Override
        Outcome run(App app) {
            Contact contact = People.contact(who, app.contacts());
            app.confirm("Remove " + Shown.line(contact.name()) + ", with pins and evidence?");
            app.change(book -> book.removed(contact.id()));
            return Outcome.done(contact.name() + " is removed.");
        }
    }

    @Command(name = "export", description = {
        "Write the contact book to a new file for another device, with pins and evidence.",
        "There is no state in it: what you have validated, you have validated on this device."})
    static final class Export extends Act {

        @Parameters(index = "0", paramLabel = "FILE", description = "a new file")
        private Path file = Path.of("");

        @Override
        Outcome run(App app) {
            ContactBook book = app.contacts();
            try {
                PrivateFiles.writeNew(file, book.exported() + "\n");
            } catch (IOException failed) {
                return Outcome.not(Exit.USAGE, file + " is there already, or cannot be written.");
            }
            return Outcome.done(book.contacts().size() + " contacts are in " + file + ".");
        }
    }

    @Command(name = "import", description = {"Take contacts from a file that signet contacts export wrote.",
        "What this device knows keeps its state; all else is UNVALIDATED."})
    static final class Import extends Act {

        @Parameters(index = "0", paramLabel = "FILE", description = "the file, - for the input")
        private Path file = Path.of("");

        @Override
        Outcome run(App app) {
            String text = app.text(file).strip();
            Instant now = app.clock().instant();
            int before = app.contacts().contacts().size();
            List<String> alarms = app.learn(book -> book.imported(text, now)
                    .orElseThrow(
                            reason -> new Ended(Exit.USAGE, file + " is no exported contact book: " + reason + ".")));
            return Outcome.done((app.contacts().contacts().size() - before) + " contacts are new.").alarmed(alarms);
        }
    }
}
