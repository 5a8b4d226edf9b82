package im.signet.bench.faults;

import java.util.Locale;

/** The kinds of writes, as the journal calls them. */
enum Op {
    /** Exchanges an OpenID token for an access token: `user`; then `token`, `hash`. */
    REGISTER,
    /** Accepts the terms: `user`. */
    ACCEPT,
    /** Has a mail with a token sent: `user`, `address`, `secret`, `attempt`; then `sid`. */
    REQUEST_TOKEN,
    /** Submits the token of a mail: `user`, `address`, `sid`. */
    SUBMIT,
    /** Binds an address: `user`, `address`. */
    BIND,
    /** Unbinds an address: `user`, `address`. */
    UNBIND,
    /** Stores an invitation: `user`, `address`; then `invitation`, `public_key`. */
    INVITE,
    /** Ends an access token: `user`, `hash`. */
    LOGOUT,
    /** Has a mail sent that confirms an ending: `user`, `address`. */
    CONFIRM_MAIL,
    /** Withdraws consent: `user`. */
    WITHDRAW,
    /** Has everything erased: `user`. */
    ERASE,
    /** Registers a handle: `user`, `handle`, `binding`, `identity`, `operation`. */
    REGISTER_HANDLE,
    /** Puts a new binding in the place of the one before: `user`, `handle`, `binding`. */
    RENEW_HANDLE,
    /** Gives a handle up: `user`, `handle`, `binding`, `identity`. */
    RELEASE_HANDLE,
    /** Goes on with a chain: `user`, `identity`, `operation`. */
    EXTEND_CHAIN;

    /** Returns its word in the journal. */
    String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    static Op of(String word) {
        return valueOf(word.toUpperCase(Locale.ROOT));
    }
}
