package im.signet.bench.faults;

import im.signet.protocol.identifier.Address;
import im.signet.protocol.identifier.Medium;
import im.signet.protocol.signature.UnpaddedBase64;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** The keyed hashes by which the servers' tables know addresses and handles, made with the servers' key files. */
final class Hashes {

    private final byte[] addressKey;
    private final byte[] handleKey;

    Hashes(byte[] addressKey, byte[] handleKey) {
        this.addressKey = addressKey.clone();
        this.handleKey = handleKey.clone();
    }

    /** Reads the keys in use from the folder of the servers' keys. */
    static Hashes read(Path keys) throws IOException {
        return new Hashes(lastKey(keys.resolve("address-hash.keys")), lastKey(keys.resolve("handle-hash.keys")));
    }

    private static byte[] lastKey(Path file) throws IOException {
        String line = Files.readAllLines(file)
                .stream()
                .filter(each -> !each.isBlank() && !each.startsWith("#"))
                .reduce((_, last) -> last)
                .orElseThrow(() -> new IOException(file + " holds no key"));
        return UnpaddedBase64.decode(line.strip().split(" +", 2)[1]).orElseThrow();
    }

    /** Returns how tables know an e-mail address, in hexadecimal digits. */
    String ofAddress(String email) {
        Address address = Address.of(Medium.EMAIL, email);
        return hash(addressKey, address.medium().wireName() + "\0" + address.value());
    }

    /** Returns how the table of handles that were given up knows one, in hexadecimal digits. */
    String ofHandle(String handle) {
        return hash(handleKey, "quarantine-handle\0" + handle);
    }

    private static String hash(byte[] key, String value) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            return HexFormat.of().formatHex(mac.doFinal(value.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
