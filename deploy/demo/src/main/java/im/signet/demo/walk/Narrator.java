package im.signet.demo.walk;

import im.signet.client.book.Contact;
import im.signet.client.book.ContactBook;
import im.signet.client.book.Identifier;
import im.signet.client.book.KnownIdentifier;
import im.signet.protocol.handle.Handle;
import im.signet.protocol.handle.IdentityId;
import im.signet.protocol.identifier.Address;
import im.signet.protocol.identifier.UserId;

import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/** Tells on a terminal what happens: each step, and below it what went over the wire, with the secrets shortened. */
final class Narrator {

    private static final int LONGEST = 420;
    // The values of members and query parameters that open something.
    private static final Pattern SECRET = Pattern
            .compile(
                    "(\"(?:id_access_token|access_token|token|client_secret)\":\"|(?:token|client_secret)=)([^\"&]{4})[^\"&]*");

    private final PrintStream out;
    private int steps;

    Narrator(PrintStream out) {
        this.out = out;
    }

    void say(String text) {
        out.println(text);
    }

    void step(String text) {
        steps++;
        out.println();
        out.println(steps + ". " + text);
    }

    void note(String text) {
        out.println("     " + text);
    }

    void held(String text) {
        out.println("   ok " + text);
    }

    void wire(String direction, String line) {
        String shown = SECRET.matcher(line).replaceAll("$1$2...");
        out.println(
                "     " + direction + " " + (shown.length() > LONGEST ? shown.substring(0, LONGEST) + " ..." : shown));
    }

    void wire(String direction, String start, byte[] body) {
        String text = new String(body, StandardCharsets.UTF_8).strip();
        boolean html = text.startsWith("<");
        wire(direction, start + (text.isEmpty() ? "" : html ? " (a page)" : " " + text));
    }

    /** Shows every identifier of a contact book with its state, and with the reason where it was another one. */
    void book(String title, ContactBook book) {
        out.println();
        out.println("     " + title);
        for (Contact contact : book.contacts()) {
            for (KnownIdentifier known : contact.identifiers()) {
                String state = known.state() + known.demotion().map(demotion -> ", " + demotion.reason()).orElse("");
                out.println(String.format("     %-14s %-24s%s", contact.name(), state, inWords(known.identifier())));
            }
        }
        out.println();
    }

    private static String inWords(Identifier identifier) {
        return switch (identifier) {
            case Identifier.OfIdentity(IdentityId id) -> "identity " + id;
            case Identifier.OfHandle(Handle handle) -> "handle " + handle;
            case Identifier.OfMatrix(UserId user) -> "account " + user;
            case Identifier.OfAddress(Address address) -> "address " + address.value();
        };
    }

    int steps() {
        return steps;
    }
}
