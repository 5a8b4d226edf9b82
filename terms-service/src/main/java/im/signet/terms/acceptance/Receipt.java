package im.signet.terms.acceptance;

/**
 * A signed statement that a policy was accepted.
 *
 * @param acceptance what it states
 * @param jws        the statement as a JSON Web Token in compact serialisation
 */
record Receipt(Acceptance acceptance, String jws) {}
