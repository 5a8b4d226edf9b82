package im.signet.standalone.admin;

import im.signet.protocol.Parsed;
import im.signet.protocol.handle.Handle;
import im.signet.protocol.handle.Verdict;
import im.signet.protocol.identifier.Address;
import im.signet.protocol.identifier.Medium;
import im.signet.protocol.identifier.UserId;

import java.util.Optional;

/** Reads whom a command is about. What was typed is never repeated: it may be half of somebody's address. */
final class Subjects {

    private Subjects() {}

    static UserId user(String text) {
        return switch (UserId.parse(text)) {
            case Parsed.Ok<UserId>(UserId user) -> user;
            case Parsed.Refused<UserId>(String why) ->
                throw Refusal.misuse("that is no Matrix user id such as @alice:example.org: " + why);
        };
    }

    /** Returns an e-mail address, or a phone number with or without its plus, as the API has it. */
    static Address address(String text) {
        Parsed<Address> read = text.contains("@")
                ? Address.parse(Medium.EMAIL, text)
                : Address.parse(Medium.MSISDN, text.startsWith("+") ? text.substring(1) : text);
        return switch (read) {
            case Parsed.Ok<Address>(Address address) -> address;
            case Parsed.Refused<Address>(String why) -> throw Refusal.misuse(
                    "that is no address such as alice@example.org or +4479460000: " + why);
        };
    }

    /** Returns a handle; empty when it is none. */
    static Optional<Handle> maybeHandle(String text) {
        Verdict<Handle> handle = Handle.parse(text);
        return handle.isValid() ? Optional.of(handle.orElseThrow()) : Optional.empty();
    }

    static Handle handle(String text) {
        Verdict<Handle> handle = Handle.parse(text);
        if (!handle.isValid()) {
            throw Refusal.misuse("That is no handle such as alice@example.org: "
                    + handle.reason().orElseThrow().words() + ".");
        }
        return handle.orElseThrow();
    }
}
