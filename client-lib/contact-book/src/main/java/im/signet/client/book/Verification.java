package im.signet.client.book;

import im.signet.client.contact.ContactState;
import im.signet.protocol.Parsed;
import im.signet.protocol.handle.Card;
import im.signet.protocol.handle.Fingerprint;
import im.signet.protocol.handle.Identity;
import im.signet.protocol.handle.JwsKey;
import im.signet.protocol.handle.Reason;
import im.signet.protocol.identifier.UserId;
import im.signet.protocol.signature.UnpaddedBase64;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Optional;

/**
 * That the user has compared something with the other person, and that it was the same. It is made by a comparison and in no
 * other way, and {@link ContactBook#verified} takes nothing else: no other way leads to {@link ContactState#VALIDATED}. The
 * library cannot see whether the user looked; call these methods when the user did, never with what came over the network
 * or what this device knows itself. Immutable.
 */
public final class Verification {
    private final Kind kind;
    private final Identifier subject;
    private final Optional<Identity> identity;
    private final Optional<JwsKey> masterKey;
    private final int shownHead;

    private Verification(Kind kind, Identifier subject, Optional<Identity> identity, Optional<JwsKey> masterKey,
            int shownHead) {
        this.kind = kind;
        this.subject = subject;
        this.identity = identity;
        this.masterKey = masterKey;
        this.shownHead = shownHead;
    }

    /** What was compared. */
    public enum Kind {
        /** The 60 digits of two people. */
        FINGERPRINTS,
        /** A card, scanned from the other person's screen. */
        CARD,
        /** The cross-signing master key of a Matrix account. */
        MASTER_KEY
    }

    /** What came of comparing. */
    public sealed interface Comparison {
        /**
         * It is the same.
         *
         * @param verification what {@link ContactBook#verified} takes
         */
        record Matches(Verification verification) implements Comparison {}

        /**
         * It is not the same: a mistake in reading, something old, or somebody in between. Nothing is demoted by it; whether
         * the contact is compromised, the user decides.
         */
        record Differs() implements Comparison {}

        /** The card is newer than what is known of the identity: look the handle up again, then compare. */
        record KnownIsOlder() implements Comparison {}

        /** What was given has not the form of what is compared. */
        record Unreadable() implements Comparison {}

        /** The other identity is the user's own: a contact that was pinned so is nobody else. */
        record Oneself() implements Comparison {}
    }

    /**
     * Compares the 60 digits that the other person's device shows, as the user typed or scanned them, with those of the two
     * identities as they are known here. Blanks do not count. Takes the same time wherever they differ.
     */
    public static Comparison ofFingerprints(Identity own, Identity theirs, String shown) {
        if (own.id().equals(theirs.id())) {
            return new Comparison.Oneself();
        }
        String digits = withoutBlanks(shown);
        byte[] expected = Fingerprint.of(own, theirs).digits().getBytes(StandardCharsets.US_ASCII);
        if (digits.length() != expected.length || digits.chars().anyMatch(c -> c < '0' || c > '9')) {
            return new Comparison.Unreadable();
        }
        return MessageDigest.isEqual(expected, digits.getBytes(StandardCharsets.US_ASCII))
                ? matches(Kind.FINGERPRINTS, theirs, -1)
                : new Comparison.Differs();
    }

    /**
     * Compares a card, which the user has scanned from the other person's screen and says so, with their identity as it is
     * known here. A card of an older epoch does not match: it does not speak for the keys of now.
     */
    public static Comparison ofScannedCard(Card card, Identity own, Identity theirs) {
        if (own.id().equals(theirs.id())) {
            return new Comparison.Oneself();
        }
        Optional<Reason> fault = card.disagreementWith(theirs);
        if (fault.equals(Optional.of(Reason.UNKNOWN_HEAD))) {
            return new Comparison.KnownIsOlder();
        }
        return fault.isPresent() || card.epoch() != theirs.epoch()
                ? new Comparison.Differs()
                : matches(Kind.CARD, theirs, card.headSeq());
    }

    /**
     * Compares the master key that the homeserver gives for {@code userId} with the one that the other person's device shows,
     * as the user typed or scanned it: unpadded base64, as Matrix writes keys. Blanks do not count.
     */
    public static Comparison ofMasterKey(UserId userId, JwsKey known, String shown) {
        Parsed<byte[]> bytes = UnpaddedBase64.decode(withoutBlanks(shown));
        if (!(bytes instanceof Parsed.Ok<byte[]> ok)) {
            return new Comparison.Unreadable();
        }
        return MessageDigest.isEqual(known.toBytes(), ok.value())
                ? new Comparison.Matches(new Verification(Kind.MASTER_KEY, new Identifier.OfMatrix(userId),
                        Optional.empty(), Optional.of(known), -1))
                : new Comparison.Differs();
    }

    private static Comparison matches(Kind kind, Identity theirs, int shownHead) {
        return new Comparison.Matches(new Verification(kind, new Identifier.OfIdentity(theirs.id()),
                Optional.of(theirs), Optional.empty(), shownHead));
    }

    private static String withoutBlanks(String text) {
        return text.replaceAll("\\s", "");
    }

    /** Returns what was compared. */
    public Kind kind() {
        return kind;
    }

    /** Returns what is verified: an identity, or a Matrix account. */
    public Identifier subject() {
        return subject;
    }

    /** Returns the identity as it was compared. */
    Optional<Identity> identity() {
        return identity;
    }

    /** Returns the key that was compared. */
    Optional<JwsKey> masterKey() {
        return masterKey;
    }

    /** Returns the seq of the operation that the card named as newest; -1 when it was no card. */
    int shownHead() {
        return shownHead;
    }

    @Override
    public String toString() {
        return "Verification[" + kind + " of " + subject + "]";
    }
}
