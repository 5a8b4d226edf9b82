package im.signet.client.book;

import java.time.Instant;

/**
 * Something about an identifier that its user has to look at. It stays until the user has, whatever a server says later.
 *
 * @param kind what it is
 * @param at   when this device saw it first
 */
public record Warning(Kind kind, Instant at) {
    /** Keeps {@code at} to the millisecond, as it is stored. */
    public Warning {
        at = Instant.ofEpochMilli(at.toEpochMilli());
    }

    /** What there is to look at. */
    public enum Kind {
        /** The handle names another identity than the pinned one. */
        NAMES_ANOTHER,
        /** The server shows less than it showed before, or than another one did. */
        WENT_BACK,
        /** Keys of the identity signed two histories, or two bindings in one place. */
        CONTRADICTS_ITSELF,
        /** The new binding may not come after the pinned one. */
        DOES_NOT_FOLLOW,
        /** The domain names another nameserver; it was asked nothing. */
        NAMESERVER_CHANGED,
        /** The nameserver contradicts what it signed before. */
        NAMESERVER_LIED,
        /** There is no such handle, says the server that had it. */
        UNKNOWN,
        /** The handle was given up, says its server. */
        GIVEN_UP,
        /** The operator has suspended the handle. */
        SUSPENDED,
        /** Its owner has withdrawn the consent by which it was shown. */
        WITHDRAWN,
        /** A card or an imported contact gives this handle to another identity: anybody can write one. */
        CARD_NAMES_ANOTHER,
        /** A card and what a server shows of the identity are not of one history. */
        CARD_DISAGREES,
        /** A lookup of the address names another account than before. */
        LOOKUP_NAMES_ANOTHER
    }
}
