package im.signet.protocol.handle;

import im.signet.protocol.json.JsonObject;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/** What the rule for signatures accepts and what it excludes, some of which other verifiers accept. */
final class SignatureVectors {
    private static final HexFormat HEX = HexFormat.of();
    private static final BigInteger EIGHT = BigInteger.valueOf(8);
    private static final NaiveEd25519.Point ORDER_8 = NaiveEd25519
            .decode(HEX.parseHex("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05"))
            .orElseThrow();
    /** Every encoding of a point of order 1, 2, 4 or 8, the six that are not canonical last. */
    static final List<String> SMALL_ORDER = List.of(
            "0100000000000000000000000000000000000000000000000000000000000000",
            "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
            "0000000000000000000000000000000000000000000000000000000000000000",
            "0000000000000000000000000000000000000000000000000000000000000080",
            "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
            "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
            "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
            "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
            "0100000000000000000000000000000000000000000000000000000000000080",
            "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
            "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
            "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
            "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
            "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff");

    private final VectorFile file = new VectorFile("The rule for a valid signature: docs/spec/handles.md, section 2.4. "
            + "Key and signature in hexadecimal, the message as text.");
    private final byte[] seed = new byte[32];
    private final BigInteger secret;
    private final byte[] key;

    private SignatureVectors() {
        Arrays.fill(seed, (byte) 7);
        secret = NaiveEd25519.scalar(seed);
        key = NaiveEd25519.B.times(secret).encoded();
    }

    static VectorFile make() {
        SignatureVectors vectors = new SignatureVectors();
        vectors.valid();
        vectors.otherwiseWritten();
        vectors.weakKeys();
        vectors.weakRs();
        return vectors.file;
    }

    private void valid() {
        add("valid", key, "", sign("", scalar("r"), NaiveEd25519.IDENTITY), Optional.empty());
        add("valid-by-library", JwsSigner.fromSeed(seed).key().toBytes(), "signet",
                JwsSigner.fromSeed(seed).sign(bytes("signet")), Optional.empty());
    }

    private void otherwiseWritten() {
        byte[] good = sign("signet", scalar("r"), NaiveEd25519.IDENTITY);
        byte[] twin = good.clone();
        BigInteger s = NaiveEd25519.number(Arrays.copyOfRange(good, 32, 64));
        System.arraycopy(NaiveEd25519.little(s.add(NaiveEd25519.L)), 0, twin, 32, 32);
        byte[] swapped = new byte[64];
        System.arraycopy(good, 32, swapped, 0, 32);
        System.arraycopy(good, 0, swapped, 32, 32);
        byte[] full = new byte[64];
        Arrays.fill(full, (byte) 0xFF);

        bad("another-message", key, "signed", good);
        bad("s-plus-l", key, "signet", twin);
        bad("r-and-s-swapped", key, "signet", swapped);
        bad("zeros", key, "signet", new byte[64]);
        bad("ones", key, "signet", full);
        add("63-bytes", key, "signet", Arrays.copyOf(good, 63), Optional.of(Reason.SIGNATURE_LENGTH));
        add("65-bytes", key, "signet", Arrays.copyOf(good, 65), Optional.of(Reason.SIGNATURE_LENGTH));
        add("no-bytes", key, "signet", new byte[0], Optional.of(Reason.SIGNATURE_LENGTH));
    }

    private void weakKeys() {
        for (String point : SMALL_ORDER) {
            byte[] weak = HEX.parseHex(point);
            // Once the challenge is a multiple of 8 the key drops out: whatever R and S are chosen to fit verifies.
            byte[] r = NaiveEd25519.B.times(scalar("r")).encoded();
            String message = searchMessage(r, weak);
            weak("key-of-small-order-" + point.substring(0, 4) + point.substring(60), weak, message,
                    signature(r, scalar("r")));
        }
        NaiveEd25519.Point mixed = NaiveEd25519.B.times(secret).plus(ORDER_8);
        byte[] r = NaiveEd25519.B.times(scalar("mixed")).encoded();
        String message = searchMessage(r, mixed.encoded());
        BigInteger k = NaiveEd25519.challenge(r, mixed.encoded(), bytes(message));
        weak("key-of-mixed-order", mixed.encoded(), message, signature(r, scalar("mixed").add(k.multiply(secret))));
        weak("key-not-on-the-curve", NaiveEd25519.little(BigInteger.TWO), "signet", new byte[64]);
        weak("key-y-not-reduced", NaiveEd25519.little(BigInteger.ONE.shiftLeft(255).subtract(BigInteger.valueOf(16))),
                "signet", new byte[64]);
    }

    private void weakRs() {
        for (String point : SMALL_ORDER) {
            byte[] r = HEX.parseHex(point);
            BigInteger k = NaiveEd25519.challenge(r, key, bytes("signet"));
            bad("r-of-small-order-" + point.substring(0, 4) + point.substring(60), key, "signet",
                    signature(r, k.multiply(secret)));
        }
        // Holds once multiplied by the cofactor, and not without.
        bad("r-of-mixed-order", key, "signet", sign("signet", scalar("r"), ORDER_8));
    }

    private byte[] sign(String message, BigInteger nonce, NaiveEd25519.Point torsion) {
        byte[] r = NaiveEd25519.B.times(nonce).plus(torsion).encoded();
        BigInteger k = NaiveEd25519.challenge(r, key, bytes(message));
        return signature(r, nonce.add(k.multiply(secret)));
    }

    private static byte[] signature(byte[] r, BigInteger s) {
        byte[] signature = Arrays.copyOf(r, 64);
        System.arraycopy(NaiveEd25519.little(s.mod(NaiveEd25519.L)), 0, signature, 32, 32);
        return signature;
    }

    private static String searchMessage(byte[] r, byte[] key) {
        for (int i = 0;; i++) {
            String message = "signet " + i;
            if (NaiveEd25519.challenge(r, key, bytes(message)).mod(EIGHT).signum() == 0) {
                return message;
            }
        }
    }

    private static BigInteger scalar(String name) {
        return NaiveEd25519.number(NaiveEd25519.sha512(bytes("scalar " + name))).mod(NaiveEd25519.L);
    }

    private void bad(String name, byte[] by, String message, byte[] signature) {
        add(name, by, message, signature, Optional.of(Reason.BAD_SIGNATURE));
    }

    private void weak(String name, byte[] by, String message, byte[] signature) {
        add(name, by, message, signature, Optional.of(Reason.WEAK_KEY));
    }

    private void add(String name, byte[] by, String message, byte[] signature, Optional<Reason> reason) {
        file.add(name, JsonObject.builder()
                .put("verdict", VectorFile.verdict(reason))
                .put("key", HEX.formatHex(by))
                .put("message", message)
                .put("signature", HEX.formatHex(signature)));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
