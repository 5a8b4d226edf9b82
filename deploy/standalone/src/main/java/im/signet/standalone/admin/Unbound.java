package im.signet.standalone.admin;

import im.signet.identity.administration.AddressAdministration;
import im.signet.identity.association.Association;

import java.util.List;

/** Addresses that an operator unbinds, in words. */
final class Unbound {

    private Unbound() {}

    /** Unbinds what is still bound so, within a transaction; returns how many that were. */
    static int remove(AddressAdministration addresses, List<Association> bound) {
        int removed = 0;
        for (Association association : bound) {
            removed += addresses.unbind(association.address(), association.user()) ? 1 : 0;
        }
        return removed;
    }

    static String count(int addresses) {
        return addresses == 1 ? "1 address" : addresses + " addresses";
    }

    static String sentence(int addresses) {
        return addresses == 1 ? "1 address is unbound." : addresses + " addresses are unbound.";
    }
}
