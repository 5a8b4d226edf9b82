package im.signet.cli;

import im.signet.cli.Outcome.Style;
import im.signet.client.Acceptance;
import im.signet.client.AcceptedTerms;
import im.signet.client.ClientOptions;
import im.signet.client.Connection;
import im.signet.client.Consent;
import im.signet.client.Failure;
import im.signet.client.HandleDirectory;
import im.signet.client.IdentityServer;
import im.signet.client.Policy;
import im.signet.client.PolicyText;
import im.signet.client.Purpose;
import im.signet.client.Session;
import im.signet.client.Terms;
import im.signet.client.TermsReading;
import im.signet.client.book.Contact;
import im.signet.client.book.ContactBook;
import im.signet.client.book.FileContactStore;
import im.signet.client.book.KnownIdentifier;
import im.signet.client.book.StoredContacts;
import im.signet.client.contact.ContactState;
import im.signet.client.handle.OwnIdentity;
import im.signet.client.jdk.JdkTransport;
import im.signet.client.transport.Transport;
import im.signet.protocol.json.JsonObject;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.UnaryOperator;

import org.jspecify.annotations.Nullable;

/** What a command works with: the terminal, what is stored, and the ways to servers, each made when it is needed first. */
final class App implements AutoCloseable {

    private static final String ACCOUNT = "account";
    private static final String TERMS = "terms";
    private static final String IDENTITY = "identity";

    private static final int MAX_FILE_BYTES = 16 * 1024 * 1024;

    /** What a passphrase has at least. */
    private static final int SHORTEST_PASSPHRASE = 8;

    private final GlobalOptions options;
    private final Terminal terminal;
    private final Clock clock;
    private final SecureRandom random;
    private final Gate gate;
    private @Nullable Vault vault;
    private @Nullable Transport transport;
    private boolean inputIsRead;

    App(GlobalOptions options, Terminal terminal, Clock clock, SecureRandom random) {
        this.options = options;
        this.terminal = terminal;
        this.clock = clock;
        this.random = random;
        this.gate = new Gate(terminal, options.yes, options.verbose);
    }

    Terminal terminal() {
        return terminal;
    }

    Clock clock() {
        return clock;
    }

    SecureRandom random() {
        return random;
    }

    boolean isLoopbackAllowed() {
        return options.allowLoopbackHttp;
    }

    // The user

    void tell(String text) {
        terminal.tell(Style.PLAIN, text);
    }

    /** Ends the command unless the user agrees; {@code --yes} does beforehand. */
    void confirm(String question) {
        if (!options.yes && !isAgreed(question, "--yes")) {
            throw new Ended(Exit.NOT_AGREED, "Nothing was done.");
        }
    }

    private boolean isAgreed(String question, String option) {
        if (!terminal.isInteractive()) {
            tell(question + " There is no terminal to ask at; " + option + " agrees beforehand.");
            return false;
        }
        String answer = terminal.ask(question + " [y/N]").orElse("").strip().toLowerCase(Locale.ROOT);
        return answer.equals("y") || answer.equals("yes");
    }

    /** Returns a secret from a file ({@code -} is the input), or from the user; the caller wipes it. */
    char[] secret(Optional<Path> file, String question, String option) {
        if (file.isPresent()) {
            return line(file.get());
        }
        return terminal.askSecret(question)
                .filter(typed -> typed.length > 0)
                .orElseThrow(() -> new Ended(Exit.FIRST, question + " There is no terminal to ask at; " + option
                        + " names a file that holds it."));
    }

    private char[] line(Path file) {
        String text = text(file).strip();
        if (text.isEmpty()) {
            throw new Ended(Exit.USAGE, "There is nothing in " + file + ".");
        }
        return text.toCharArray();
    }

    /** Returns what a file holds, or the input where it is called {@code -}. */
    String text(Path file) {
        try {
            byte[] bytes;
            if (file.toString().equals("-")) {
                if (inputIsRead) {
                    throw new Ended(Exit.USAGE, "The input can be read once only: - stands for it in two places.");
                }
                inputIsRead = true;
                bytes = System.in.readNBytes(MAX_FILE_BYTES + 1);
            } else {
                try (InputStream in = Files.newInputStream(file)) {
                    bytes = in.readNBytes(MAX_FILE_BYTES + 1);
                }
            }
            if (bytes.length > MAX_FILE_BYTES) {
                throw new Ended(Exit.USAGE, file + " is larger than " + MAX_FILE_BYTES / 1024 / 1024 + " MiB.");
            }
            return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
        } catch (NoSuchFileException missing) {
            throw new Ended(Exit.USAGE, "There is no file " + file + ".");
        } catch (IOException unreadable) {
            throw new Ended(Exit.USAGE, file + " cannot be read as UTF-8 text.");
        }
    }

    // What is stored

    /** Returns the vault; made when there is none, with a passphrase that the user types twice. */
    Vault vault() {
        if (vault == null) {
            Path home = options.home();
            if (Vault.isIn(home)) {
                vault = Vault.open(home, passphrase("Passphrase of " + home + ":"), random);
            } else {
                tell("Your session and your keys will be kept in " + home + ", encrypted under a passphrase.");
                char[] passphrase = passphrase("New passphrase:");
                if (passphrase.length < SHORTEST_PASSPHRASE) {
                    Arrays.fill(passphrase, '\0');
                    throw new Ended(Exit.USAGE, "A passphrase has at least " + SHORTEST_PASSPHRASE + " characters.");
                }
                if (options.passphraseFile.isEmpty()) {
                    char[] again = passphrase("The same again:");
                    boolean same = Arrays.equals(passphrase, again);
                    Arrays.fill(again, '\0');
                    if (!same) {
                        Arrays.fill(passphrase, '\0');
                        throw new Ended(Exit.USAGE, "The two are not the same.");
                    }
                }
                vault = Vault.create(home, passphrase, random);
            }
        }
        return vault;
    }

    private char[] passphrase(String question) {
        return secret(options.passphraseFile, question, "--passphrase-file");
    }

    Account account() {
        return Vault.isIn(options.home()) || vault != null
                ? vault().json(ACCOUNT).map(Account::read).orElse(Account.NONE)
                : Account.NONE;
    }

    void put(Account account) {
        vault().put(ACCOUNT, account.toJson());
    }

    AcceptedTerms acceptedTerms() {
        return vault().json(TERMS).map(AcceptedTerms::ofAccountData).orElse(AcceptedTerms.none());
    }

    void accepted(Consent<?> consent) {
        vault().put(TERMS, acceptedTerms().with(consent).toAccountData());
    }

    /** Returns the user's own identity; empty when none was made on this device. */
    Optional<OwnIdentity> identity() {
        if (!Vault.isIn(options.home())) {
            return Optional.empty();
        }
        return vault().bytes(IDENTITY).map(bytes -> {
            try {
                return OwnIdentity.parse(bytes)
                        .orElseThrow(reason -> new Ended(Exit.FIRST, "The stored identity cannot be read: " + reason));
            } finally {
                Arrays.fill(bytes, (byte) 0);
            }
        });
    }

    OwnIdentity ownIdentity() {
        return identity().orElseThrow(
                () -> new Ended(Exit.FIRST,
                        "There is no identity on this device: signet id new, or signet id devices request."));
    }

    void put(OwnIdentity identity) {
        vault().put(IDENTITY, Optional.of(identity.toBytes()));
    }

    /** Returns the contact book as it is stored. */
    ContactBook contacts() {
        return switch (stored().read()) {
            case StoredContacts.Reading.Read(ContactBook book) -> book;
            case StoredContacts.Fault fault -> throw unusable(fault);
        };
    }

    /** Changes the contact book; returns it as it is then. */
    ContactBook change(UnaryOperator<ContactBook> change) {
        PrivateFiles.folder(options.home());
        return switch (stored().change(change)) {
            case StoredContacts.Change.Changed(ContactBook book) -> book;
            case StoredContacts.Change.Full _ -> throw new Ended(Exit.NO, "The contact book would be too large.");
            case StoredContacts.Fault fault -> throw unusable(fault);
        };
    }

    /**
     * Changes the contact book by what came from others; returns what is an alarm in it: new warnings, and identifiers that are
     * compromised by it.
     */
    List<String> learn(UnaryOperator<ContactBook> change) {
        ContactBook before = contacts();
        List<String> alarms = new ArrayList<>();
        for (Contact contact : change(change).contacts()) {
            for (KnownIdentifier known : contact.identifiers()) {
                Optional<KnownIdentifier> earlier = before.identifier(known.identifier());
                String of = People.text(known.identifier()) + " of " + contact.name();
                known.warnings()
                        .stream()
                        .filter(warning -> !earlier.map(KnownIdentifier::warnings).orElse(List.of()).contains(warning))
                        .map(warning -> of + ": " + Words.of(warning.kind()))
                        .forEach(alarms::add);
                if (known.state() == ContactState.COMPROMISED
                        && earlier.map(KnownIdentifier::state).orElse(null) != ContactState.COMPROMISED) {
                    alarms.add(of + " is COMPROMISED");
                }
            }
        }
        return alarms;
    }

    private StoredContacts stored() {
        return StoredContacts.in(FileContactStore.at(options.home().resolve("contacts.json")));
    }

    private static Ended unusable(StoredContacts.Fault fault) {
        return switch (fault) {
            case StoredContacts.Fault.Damaged(String reason) ->
                new Ended(Exit.FIRST, "The contact book is damaged, and was left as it is: " + reason + ".");
            case StoredContacts.Fault.Vanished _ -> new Ended(Exit.NOT_NOW, "The contact book is gone.");
            case StoredContacts.Fault.Unusable(String reason) ->
                new Ended(Exit.NOT_NOW, "The contact book cannot be used: " + reason + ".");
        };
    }

    // Servers

    Transport transport() {
        if (transport == null) {
            JdkTransport.Builder builder = JdkTransport.builder();
            options.proxyAddress().ifPresent(builder::proxy);
            options.trust().ifPresent(builder::sslContext);
            transport = builder.build();
        }
        return transport;
    }

    ClientOptions clientOptions() {
        ClientOptions client = ClientOptions.defaults().withListener(gate).withClock(clock).withRandom(random);
        for (URI nameserver : account().trusted()) {
            client = client.trustingNameserver(nameserver);
        }
        return options.allowLoopbackHttp ? client.allowingLoopbackHttp() : client;
    }

    HandleDirectory directory() {
        // Looking a handle up takes no account, so it does not ask for the passphrase either.
        ClientOptions client = ClientOptions.defaults().withListener(gate).withClock(clock).withRandom(random);
        return HandleDirectory.with(transport(), options.allowLoopbackHttp ? client.allowingLoopbackHttp() : client);
    }

    /** Returns a server that the user has chosen, now or earlier. */
    IdentityServer named(URI baseUrl) {
        IdentityServer server = IdentityServer.at(baseUrl, transport(), clientOptions())
                .orElseThrow(reason -> new Ended(Exit.USAGE, baseUrl + ": " + reason + "."));
        gate.chosen(server.baseUrl());
        return server;
    }

    /** Returns the server that the user chose. */
    IdentityServer chosenServer() {
        Account account = account();
        if (account.choice().isEmpty()) {
            throw new Ended(Exit.FIRST, "No identity server was chosen so far: signet login.");
        }
        return named(account.choice()
                .get()
                .server()
                .orElseThrow(() -> new Ended(Exit.FIRST,
                        "You chose to use no identity server. signet login --identity-server chooses one.")));
    }

    Terms terms(IdentityServer server) {
        return switch (server.terms()) {
            case TermsReading.Read(Terms terms) -> terms;
            case Failure failure -> throw new Ended(Words.of(failure));
        };
    }

    /** Returns a consent to {@code purpose}, after the user has agreed to it and to what they have not accepted yet. */
    <P extends Purpose> Consent<P> consent(Terms terms, P purpose) {
        AcceptedTerms before = acceptedTerms();
        List<Policy> outstanding = terms.outstanding(before);
        Consent.Draft<P> draft = terms.consentTo(purpose).acceptedBefore(before);
        if (!outstanding.isEmpty()) {
            tell("These terms of " + terms.server() + " you have not accepted so far:");
            outstanding.forEach(policy -> {
                PolicyText text = text(policy);
                tell("  " + Shown.line(text.name()) + " (" + Shown.line(policy.version()) + ")");
                tell("    " + text.url());
            });
            if (!options.acceptTerms && !isAgreed("Have you read them, and do you accept them?", "--accept-terms")) {
                throw new Ended(Exit.NOT_AGREED, "The terms were not accepted; nothing was sent.");
            }
            outstanding.forEach(policy -> draft.accept(policy, text(policy).language()));
        }
        return draft.give();
    }

    /** Returns a policy's text in the user's language, else in English, else in any. */
    private static PolicyText text(Policy policy) {
        return policy.text(Locale.getDefault().getLanguage())
                .or(() -> policy.text("en"))
                .orElseGet(() -> policy.texts().getFirst());
    }

    /**
     * What a user can do by a consent.
     *
     * @param session the session
     * @param consent the consent
     */
    record Agreed<P extends Purpose>(Session session, Consent<P> consent) {}

    /** Goes on with the stored session, for a purpose that the user agrees to once for a server. */
    <P extends Purpose> Agreed<P> agreed(P purpose) {
        return agreed(purpose, false);
    }

    /** As {@link #agreed(Purpose)}; who is leaving is asked to accept no terms for it. */
    <P extends Purpose> Agreed<P> agreed(P purpose, boolean leaving) {
        Account account = account();
        IdentityServer server = chosenServer();
        if (account.user().isEmpty() || account.token().isEmpty()) {
            throw new Ended(Exit.FIRST, "Nobody is logged in at " + server.baseUrl() + ": signet login.");
        }
        Terms terms = terms(server);
        String name = purpose instanceof Purpose.KeepHandle(URI nameserver)
                ? "KeepHandle " + nameserver
                : purpose.getClass().getSimpleName();
        if (!account.agreed().contains(name)) {
            tell("This needs your consent, once for " + server.baseUrl() + ":");
            tell("  " + purpose.inWords());
            confirm("Do you agree?");
        }
        boolean news = !leaving && !terms.outstanding(acceptedTerms()).isEmpty();
        // Without any policy: else who has withdrawn their consent would accept anew by leaving.
        Consent<P> consent = leaving ? terms.consentTo(purpose).give() : consent(terms, purpose);
        Session session = session(server.resume(consent, account.token().get(), account.user().get()));
        if (news) {
            acceptTerms(session, consent);
        }
        put(account().agreeing(name));
        return new Agreed<>(session, consent);
    }

    /** Tells the server which terms the user accepted, and remembers it. */
    void acceptTerms(Session session, Consent<?> consent) {
        switch (session.acceptTerms(consent)) {
            case Acceptance.Accepted _ -> accepted(consent);
            case Failure failure -> throw new Ended(Words.of(failure));
        }
    }

    Session session(Connection connection) {
        return switch (connection) {
            case Connection.Connected(Session session) -> session;
            case Failure failure -> throw new Ended(Words.of(failure));
        };
    }

    /** Returns JSON that is stored under that name. */
    Optional<JsonObject> stored(String name) {
        return vault().json(name);
    }

    @Override
    public void close() {
        if (vault != null) {
            vault.close();
        }
    }
}
