import im.signet.client.*;
import im.signet.client.book.*;
import im.signet.client.contact.*;
import im.signet.client.jdk.JdkTransport;
import im.signet.client.transport.*;
import im.signet.protocol.identifier.*;
import java.net.URI;
import java.time.Instant;
import java.util.Scanner;

/**
 * One discovery by a user who decides each thing. Takes their Matrix ID and e-mail addresses to look for as arguments,
 * and what they say from standard input. {@code client-lib/README.md} says how to run it.
 */
public final class FirstDiscovery {
    private static final Scanner USER = new Scanner(System.in);

    public static void main(String[] args) {
        if (args.length < 2) {
            System.out.println("Usage: FirstDiscovery @USER:SERVER EMAIL...");
            return;
        }
        UserId user = UserId.of(args[0]);
        Transport transport = JdkTransport.create();
        ClientOptions options = ClientOptions.defaults().withListener(request -> {
            System.out.println("  -> " + request.url().getHost() + ": " + request.disclosure().inWords());
            return RequestListener.Verdict.SEND; // or VETO: then nothing is sent
        });

        // The homeserver proposes, the user chooses. Until then the identity server is asked nothing.
        ProposalReading proposal = ServerProposal.of(user.serverName(), transport, options);
        if (!(proposal instanceof ProposalReading.Proposed proposed) || !agrees(proposed.proposal().inWords())) {
            System.out.println("No identity server: " + proposal);
            return;
        }
        ServerChoice.Server chosen = proposed.proposal().choose();
        IdentityServer server = IdentityServer.at(chosen.baseUrl(), transport, options).orElseThrow();

        // Status and terms need no consent. All else needs one, for this purpose and no other.
        System.out.println("It answers: " + server.status());
        Terms terms = expected(TermsReading.Read.class, server.terms()).terms();
        Consent.Draft<Purpose.DiscoverContacts> draft = terms.consentTo(Purpose.DISCOVER_CONTACTS);
        for (Policy policy : terms.policies()) {
            PolicyText text = policy.text("en").orElse(policy.texts().get(0));
            if (agrees("Please read \"" + text.name() + "\" " + policy.version() + ": " + text.url())) {
                draft.accept(policy, text.language());
            }
        }
        if (!agrees(Purpose.DISCOVER_CONTACTS.inWords())) {
            return;
        }
        Consent<Purpose.DiscoverContacts> consent = draft.give();

        // The homeserver vouches for the user, with a token that is good for nothing else.
        HomeserverReading reading = Homeserver.find(user.serverName(), transport, options);
        URI home = expected(HomeserverReading.Found.class, reading).baseUrl();
        System.out.println("Your access token at " + home + ":");
        AccessToken token = AccessToken.parse(USER.nextLine()).orElseThrow();
        Homeserver homeserver = Homeserver.at(home, user, token, transport, options).orElseThrow();
        OpenIdToken openId = expected(OpenIdReading.Read.class, homeserver.openId()).token();

        Session session = expected(Connection.Connected.class, server.connect(consent, openId)).session();
        AddressBook wanted = AddressBook.empty();
        for (int i = 1; i < args.length; i++) {
            wanted = wanted.with(args[i], Address.of(Medium.EMAIL, args[i]));
        }
        Lookup lookup = session.discovery(consent).lookup(wanted);
        session.logout();

        // What the server said enters the contact book, where nothing is validated that the user has not compared.
        ContactBook book = ContactBook.empty();
        for (DiscoveredContact contact : expected(Lookup.Found.class, lookup).contacts()) {
            book = book.learned(contact, Instant.now());
        }
        book.contacts().forEach(contact -> contact.identifiers().forEach(known -> System.out
                .println(contact.name() + ": " + known.identifier() + " is " + known.state())));
        book.toValidateNext().forEach(next -> System.out
                .println("To compare with the person: " + next.subject() + ", " + next.reason()));
    }

    private static boolean agrees(String question) {
        System.out.println(question + " [yes/no]");
        return USER.nextLine().equals("yes");
    }

    /** An application looks at each outcome and shows what came instead; this program ends with it. */
    private static <T> T expected(Class<T> wanted, Object outcome) {
        if (!wanted.isInstance(outcome)) {
            throw new IllegalStateException("not " + wanted.getSimpleName() + ": " + outcome);
        }
        return wanted.cast(outcome);
    }
}
