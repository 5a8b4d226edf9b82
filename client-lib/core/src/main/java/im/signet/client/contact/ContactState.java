package im.signet.client.contact;

/**
 * How far an identifier of a contact may be trusted. Only the user moves it up: nothing that a server sends can.
 */
public enum ContactState {
    /** It was looked up, imported or received, and nobody has checked it. Everything begins here. */
    UNVALIDATED,
    /** The user has verified it with the person, for example by comparing fingerprints. A lookup never leads here. */
    VALIDATED,
    /** It must not be trusted any more: the user says so, or two signed records prove it. Only a new verification leads out. */
    COMPROMISED
}
