package im.signet.cli;

import im.signet.client.book.Contact;
import im.signet.client.book.ContactBook;
import im.signet.client.book.ContactId;
import im.signet.client.book.Identifier;
import im.signet.client.book.KnownIdentifier;
import im.signet.protocol.handle.Handle;
import im.signet.protocol.handle.IdentityId;
import im.signet.protocol.identifier.UserId;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** Reads whom the user means. */
final class People {

    private static final Pattern NUMBER = Pattern.compile("#?([0-9]{1,9})");

    private People() {}

    /** Returns the contact of that number, identifier or name; ends the command when there is none, or more than one. */
    static Contact contact(String typed, ContactBook book) {
        var number = NUMBER.matcher(typed);
        if (number.matches()) {
            Optional<Contact> numbered = book.contact(new ContactId(Long.parseLong(number.group(1))));
            if (numbered.isPresent()) {
                return numbered.get();
            }
        }
        List<Contact> found = book.contacts()
                .stream()
                .filter(contact -> contact.name().equals(typed) || contact.identifiers()
                        .stream()
                        .anyMatch(known -> text(known.identifier()).equals(typed)))
                .toList();
        if (found.size() == 1) {
            return found.getFirst();
        }
        Optional<Contact> identified = found.isEmpty() ? identifier(typed).flatMap(book::find) : Optional.empty();
        return identified.orElseThrow(() -> new Ended(Exit.NO, found.isEmpty()
                ? "Nobody in the contact book is " + Shown.line(typed) + "."
                : "Several contacts have the name " + Shown.line(typed) + ": give the number."));
    }

    /** Returns the identifier that the user typed; empty when it is none. A name with {@code @} within is taken for a handle only when the book has it. */
    static Optional<Identifier> identifier(String typed) {
        if (typed.startsWith("@")) {
            return UserId.parse(typed).toOptional().map(Identifier.OfMatrix::new);
        }
        Optional<IdentityId> id = IdentityId.parse(typed).toOptional();
        if (id.isPresent()) {
            return id.map(Identifier.OfIdentity::new);
        }
        Optional<Handle> handle = Handle.parse(typed).toOptional();
        return handle.<Identifier>map(Identifier.OfHandle::new);
    }

    /** Returns the identifier of a contact that the user typed. */
    static KnownIdentifier identifier(String typed, Contact contact) {
        List<KnownIdentifier> fitting = contact.identifiers()
                .stream()
                .filter(known -> text(known.identifier()).equals(typed))
                .toList();
        if (fitting.size() != 1) {
            throw new Ended(Exit.USAGE, "Say which identifier, as signet contacts list shows it.");
        }
        return fitting.getFirst();
    }

    /** Returns an identifier as lists show it. */
    static String text(Identifier identifier) {
        return switch (identifier) {
            case Identifier.OfAddress(var address) -> address.value();
            case Identifier.OfHandle(var handle) -> handle.toString();
            case Identifier.OfIdentity(var id) -> id.value();
            case Identifier.OfMatrix(var user) -> user.value();
        };
    }

    /** Returns what kind of identifier it is, as JSON has it. */
    static String kind(Identifier identifier) {
        return switch (identifier) {
            case Identifier.OfAddress(var address) -> address.medium().wireName();
            case Identifier.OfHandle _ -> "handle";
            case Identifier.OfIdentity _ -> "identity";
            case Identifier.OfMatrix _ -> "matrix";
        };
    }
}
