package im.signet.client.handle;

import im.signet.protocol.Parsed;
import im.signet.protocol.handle.JwsKey;

/**
 * What a new device shows to one that the identity has already: the public half of its key, {@code SIGNET-DEVICE:} and 60
 * characters. No secret, but it must come from the user's own device, by a camera or by hand: whose key it is, it does not
 * say.
 *
 * @param key the key of the new device
 */
public record DeviceRequest(JwsKey key) {
    private static final WrittenKey FORM = new WrittenKey("SIGNET-DEVICE:", "signet-device/v1");

    /** Returns the request that {@code text} is. */
    public static Parsed<DeviceRequest> parse(String text) {
        byte[] bytes = FORM.parse(text.toCharArray());
        return bytes.length == 0 || !JwsKey.ofBytes(bytes).isValid()
                ? Parsed.refused("this is no request of a device, or it was not copied right")
                : Parsed.ok(new DeviceRequest(JwsKey.ofBytes(bytes).orElseThrow()));
    }

    /** Returns the request as text; {@link #parse} gives it back. */
    public String toText() {
        return new String(FORM.write(key.toBytes()));
    }
}
