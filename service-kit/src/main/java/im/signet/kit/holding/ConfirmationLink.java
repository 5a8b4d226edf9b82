package im.signet.kit.holding;

import im.signet.kit.page.Audience;

import java.net.URI;
import java.time.Duration;

/**
 * A link by which the owner of an address confirms an ending.
 *
 * @param url      the link; a secret
 * @param ending   what it confirms
 * @param life     how long it can be used
 * @param audience whom the message is for
 */
public record ConfirmationLink(URI url, Ending ending, Duration life, Audience audience) {

    @Override
    public String toString() {
        return "ConfirmationLink[hidden]";
    }
}
