package im.signet.protocol.handle;

/**
 * Why a record, card, handle or fingerprint is refused. The names are stable: they stand in the vectors and, in the order
 * in which they are looked for, in {@code docs/spec/handles.md}.
 */
public enum Reason {
    /** The text of the envelope is longer than {@link Jws#MAX_TEXT_BYTES}. */
    ENVELOPE_TOO_LARGE("the envelope is too large"),
    /** The text of the envelope is not strict JSON. */
    ENVELOPE_NOT_STRICT_JSON("the envelope is not strict JSON"),
    /** The envelope is not {@code {payload, signatures: [{protected, signature}]}} with strings and nothing else. */
    ENVELOPE_SHAPE("the envelope is not a JWS in JSON General serialization with protected headers only"),
    /** There are no signatures, or more than {@link Jws#MAX_SIGNATURES}. */
    SIGNATURE_COUNT("an envelope has 1 to 20 signatures"),
    /** Payload, protected header or signature is not the one base64url text of its bytes. */
    NOT_BASE64URL("a part of the envelope is not strict base64url"),
    /** The payload has more than {@link Jws#MAX_PAYLOAD_BYTES}. */
    PAYLOAD_TOO_LARGE("the payload is too large"),
    /** A protected header is not strict JSON. */
    HEADER_NOT_STRICT_JSON("a protected header is not strict JSON"),
    /** A protected header is not exactly {@code {alg, typ, kid}}, all strings. */
    HEADER_SHAPE("a protected header has exactly alg, typ and kid"),
    /** {@code alg} is another than {@code Ed25519}. */
    WRONG_ALG("alg is not Ed25519"),
    /** {@code typ} is not that of the record that is expected. */
    WRONG_TYP("typ is not that of this kind of record"),
    /** {@code kid} is not the form of a thumbprint. */
    MALFORMED_KID("kid is not a thumbprint"),
    /** Two signatures name the same key. */
    DUPLICATE_KID("two signatures are of the same key"),
    /** A signature has not 64 bytes. */
    SIGNATURE_LENGTH("a signature has 64 bytes"),

    /** The payload is not strict JSON, or not an object. */
    PAYLOAD_NOT_STRICT_JSON("the payload is not an object in strict JSON"),
    /** A {@code null} stands somewhere in the payload. */
    NULL_VALUE("the payload has a null"),
    /** A number in the payload is not an integer in its plain form from -(2^53)+1 to (2^53)-1. */
    NOT_AN_INTEGER("a number of the payload is not a plain integer of at most 2^53-1"),
    /** {@code t} is missing or not that of this kind of record. */
    WRONG_T("t is not that of this kind of record"),
    /** {@code op} is missing or none of the four. */
    WRONG_OP("op is not genesis, update, recover or deactivate"),
    /** A member stands in the payload that has no place there. */
    UNEXPECTED_MEMBER("the payload has a member that has no place there"),
    /** A member that must be there is not. */
    MISSING_MEMBER("a member of the payload is missing"),
    /** A member has another type or form than it must. */
    MALFORMED_MEMBER("a member of the payload is malformed"),
    /** There are no recovery keys, or more than three. */
    RECOVERY_COUNT("an identity has 1 to 3 recovery keys"),
    /** There are no devices, or more than 16, or more than one at genesis. */
    DEVICE_COUNT("an identity has 1 to 16 devices, and one at genesis"),
    /** A key is no canonical point of the prime-order subgroup, or the identity. */
    WEAK_KEY("a key is not a canonical point of the prime-order subgroup"),
    /** A key stands twice in the lists of an operation. */
    DUPLICATE_KEY("a key is listed twice"),
    /** {@code exp} is not after {@code iat}, or too long after it. */
    EXPIRY("exp is not after iat, or too long after it"),
    /** {@code to} is missing where a handle moved, stands elsewhere, or is the handle itself. */
    MOVED_TO("to stands exactly where a handle has moved to another"),
    /** The first binding of a sequence is not active. */
    FIRST_NOT_ACTIVE("the first binding is not active"),

    /** The chain has no operation. */
    EMPTY_CHAIN("the chain is empty"),
    /** The first operation of a chain is not genesis. */
    NOT_GENESIS("a chain begins with genesis"),
    /** A later operation of a chain is genesis. */
    SECOND_GENESIS("a chain has one genesis"),
    /** The identity was deactivated before. */
    DEACTIVATED("the identity was deactivated"),
    /** The record is of another identity. */
    WRONG_ID("the record is of another identity"),
    /** {@code seq} does not follow on the record before it. */
    WRONG_SEQ("seq does not follow"),
    /** {@code prev} is not the record before it. */
    WRONG_PREV("prev is not the record before it"),
    /** The operation changes nothing. */
    NO_CHANGE("the operation changes nothing"),
    /** The operation makes more than one change, or one that its kind does not make. */
    MIXED_CHANGES("the operation makes another change than one of the table"),
    /** The chain had listed a key before that the operation adds. */
    KEY_REUSED("a key that was listed before cannot come back"),
    /** {@code revoked} is not what the operation removes, in the order in which it stood. */
    WRONG_REVOKED("revoked is not what the operation removes"),
    /** {@code epoch} is not what it must be there. */
    WRONG_EPOCH("epoch is not what it must be"),

    /** The operation that a binding names as head is not in the chain that is shown. */
    UNKNOWN_HEAD("the chain that is shown does not reach so far"),
    /** Another operation stands in the chain where a binding or card has its head. */
    WRONG_HEAD("head is another operation than the chain's"),

    /** A signature names a key that has no part in this. */
    UNKNOWN_SIGNER("a signature is of a key that has no part in this"),
    /** A key that is added or named has not signed. */
    MISSING_SIGNATURE("a key that must sign has not signed"),
    /** Nobody who could allow the change has signed. */
    NO_AUTHORITY("nobody who could allow it has signed"),
    /** More keys have signed than the change needs. */
    SUPERFLUOUS_SIGNATURE("more keys have signed than are needed"),
    /** A device has signed what only a recovery key can. */
    NEEDS_RECOVERY_KEY("only a recovery key can sign this"),
    /** A recovery key has signed what only a device can. */
    NEEDS_DEVICE("only a device can sign this"),
    /** A device has revoked one that is senior to it. */
    JUNIOR_SIGNER("a device cannot revoke one that is senior to it"),
    /** A recovery key has changed one of higher priority. */
    LOWER_PRIORITY("a recovery key cannot change one of higher priority"),
    /** Devices have signed as many operations as they can. */
    DEVICE_BUDGET("devices have signed all operations that they can"),
    /** Recovery keys have signed as many operations as they can. */
    RECOVERY_BUDGET("recovery keys have signed all operations that they can"),
    /** A signature is not valid. */
    BAD_SIGNATURE("a signature is not valid"),

    /** The binding is of another handle than the one before it. */
    WRONG_HANDLE("the binding is of another handle"),
    /** The handle was released: only a new active binding can follow. */
    RELEASED("only a new active binding follows on a release"),
    /** The head of a binding is older than that of the one before it. */
    HEAD_WENT_BACK("the head is older than that of the binding before"),

    /** The proof is made for another server. */
    WRONG_AUDIENCE("the proof is for another server"),
    /** The proof is made for another challenge. */
    WRONG_NONCE("the proof is for another challenge"),
    /** The proof is made for another binding. */
    WRONG_BINDING("the proof is for another binding"),
    /** The proof is made for another request. */
    WRONG_REQUEST("the proof is for another request"),

    /** The text has not the form {@code local@domain}. */
    HANDLE_SHAPE("a handle has the form local@domain"),
    /** What stands before the '@' is no local part. */
    HANDLE_LOCAL_PART("the local part of a handle has 1 to 32 of a-z and 0-9, with single . _ - in between"),
    /** What stands after the '@' is no domain in its one form. */
    HANDLE_DOMAIN("the domain of a handle has two labels or more, in lower case, as A-labels"),

    /** The text is neither {@code SIGNET:...} nor {@code https://host/c#...}. */
    CARD_SHAPE("a card has the form SIGNET:... or https://host/c#..."),
    /** The text is not the one upper-case base32 text of its bytes. */
    NOT_BASE32("a card is written in upper-case base32"),
    /** The card is of a version that nobody knows here. */
    CARD_VERSION("the version of the card is not known"),
    /** The card is too short. */
    CARD_LENGTH("the card is too short or too long"),
    /** The card has an epoch that its seq cannot have reached. */
    CARD_EPOCH("the epoch of the card is beyond its seq"),

    /** The text is not 12 groups of 5 digits. */
    FINGERPRINT_SHAPE("a fingerprint has 12 groups of 5 digits");

    private final String words;

    Reason(String words) {
        this.words = words;
    }

    /** Returns the reason in plain English; safe to show. */
    public String words() {
        return words;
    }
}
