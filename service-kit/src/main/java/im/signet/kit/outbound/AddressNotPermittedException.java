package im.signet.kit.outbound;

import java.net.UnknownHostException;

/** Says that a host has an address that may not be connected to. */
final class AddressNotPermittedException extends UnknownHostException {

    AddressNotPermittedException() {
        super("it leads to an address that may not be connected to");
    }
}
