package im.signet.protocol.handle;

import java.math.BigInteger;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Optional;

/**
 * Ed25519 by the formulas of RFC 8032 on big integers: slow, with no care for secrets, and able to make what no library
 * will. It shares nothing with the code that it is held against.
 */
final class NaiveEd25519 {
    static final BigInteger L = BigInteger.ONE.shiftLeft(252)
            .add(new BigInteger("27742317777372353535851937790883648493"));

    private static final BigInteger P = BigInteger.ONE.shiftLeft(255).subtract(BigInteger.valueOf(19));
    private static final BigInteger D = BigInteger.valueOf(-121665)
            .multiply(BigInteger.valueOf(121666).modInverse(P))
            .mod(P);
    private static final BigInteger SQRT_OF_MINUS_ONE = BigInteger.TWO
            .modPow(P.subtract(BigInteger.ONE).shiftRight(2), P);
    static final Point B = decode(little(BigInteger.valueOf(4).multiply(BigInteger.valueOf(5).modInverse(P)).mod(P)))
            .orElseThrow();
    static final Point IDENTITY = new Point(BigInteger.ZERO, BigInteger.ONE, BigInteger.ONE, BigInteger.ZERO);

    private NaiveEd25519() {}

    /** A point in extended coordinates. */
    record Point(BigInteger x, BigInteger y, BigInteger z, BigInteger t) {
        Point plus(Point other) {
            BigInteger a = y.subtract(x).multiply(other.y.subtract(other.x)).mod(P);
            BigInteger b = y.add(x).multiply(other.y.add(other.x)).mod(P);
            BigInteger c = t.multiply(BigInteger.TWO).multiply(D).multiply(other.t).mod(P);
            BigInteger d = z.multiply(BigInteger.TWO).multiply(other.z).mod(P);
            BigInteger e = b.subtract(a);
            BigInteger f = d.subtract(c);
            BigInteger g = d.add(c);
            BigInteger h = b.add(a);
            return new Point(e.multiply(f).mod(P), g.multiply(h).mod(P), f.multiply(g).mod(P), e.multiply(h).mod(P));
        }

        Point times(BigInteger scalar) {
            Point sum = IDENTITY;
            for (int bit = scalar.bitLength() - 1; bit >= 0; bit--) {
                sum = sum.plus(sum);
                sum = scalar.testBit(bit) ? sum.plus(this) : sum;
            }
            return sum;
        }

        boolean is(Point other) {
            return x.multiply(other.z).subtract(other.x.multiply(z)).mod(P).signum() == 0
                    && y.multiply(other.z).subtract(other.y.multiply(z)).mod(P).signum() == 0;
        }

        byte[] encoded() {
            BigInteger inverse = z.modInverse(P);
            byte[] bytes = little(y.multiply(inverse).mod(P));
            bytes[31] |= x.multiply(inverse).mod(P).testBit(0) ? (byte) 0x80 : 0;
            return bytes;
        }
    }

    /** Returns the point that {@code bytes} are, canonical or not; empty when they are none. */
    static Optional<Point> decode(byte[] bytes) {
        byte[] low = bytes.clone();
        low[31] &= 0x7F;
        boolean odd = (bytes[31] & 0x80) != 0;
        BigInteger y = number(low).mod(P);
        BigInteger u = y.multiply(y).subtract(BigInteger.ONE).mod(P);
        BigInteger v = D.multiply(y).multiply(y).add(BigInteger.ONE).mod(P);
        BigInteger square = u.multiply(v.modInverse(P)).mod(P);
        BigInteger x = square.modPow(P.add(BigInteger.valueOf(3)).shiftRight(3), P);
        if (!x.multiply(x).mod(P).equals(square)) {
            x = x.multiply(SQRT_OF_MINUS_ONE).mod(P);
        }
        if (!x.multiply(x).mod(P).equals(square)) {
            return Optional.empty();
        }
        x = x.testBit(0) == odd ? x : P.subtract(x).mod(P);
        return Optional.of(new Point(x, y, BigInteger.ONE, x.multiply(y).mod(P)));
    }

    /** Returns whether {@code bytes} are the one encoding of a point of the prime-order subgroup that is not the identity. */
    static boolean isStrong(byte[] bytes) {
        return decode(bytes).filter(point -> Arrays.equals(point.encoded(), bytes))
                .filter(point -> !point.is(IDENTITY) && point.times(L).is(IDENTITY))
                .isPresent();
    }

    /** The rule of {@code docs/spec/handles.md}, by the equation without cofactor. */
    static boolean verifies(byte[] key, byte[] message, byte[] signature) {
        if (signature.length != 64) {
            return false;
        }
        byte[] r = Arrays.copyOf(signature, 32);
        BigInteger s = number(Arrays.copyOfRange(signature, 32, 64));
        return s.compareTo(L) < 0 && isStrong(key) && isStrong(r) && holds(key, message, signature, BigInteger.ONE);
    }

    /** Returns whether the equation holds once both sides are multiplied by {@code cofactor}, for points of any kind. */
    static boolean holds(byte[] key, byte[] message, byte[] signature, BigInteger cofactor) {
        byte[] r = Arrays.copyOf(signature, 32);
        BigInteger s = number(Arrays.copyOfRange(signature, 32, 64));
        Point right = decode(r).orElseThrow().plus(decode(key).orElseThrow().times(challenge(r, key, message)));
        return B.times(s.multiply(cofactor)).is(right.times(cofactor));
    }

    static BigInteger challenge(byte[] r, byte[] key, byte[] message) {
        return number(sha512(r, key, message)).mod(L);
    }

    /** Returns the secret scalar of a seed. */
    static BigInteger scalar(byte[] seed) {
        byte[] half = Arrays.copyOf(sha512(seed), 32);
        half[0] &= (byte) 0xF8;
        half[31] &= 0x7F;
        half[31] |= 0x40;
        return number(half);
    }

    static byte[] sha512(byte[]... parts) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-512");
            for (byte[] part : parts) {
                digest.update(part);
            }
            return digest.digest();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    static BigInteger number(byte[] little) {
        byte[] big = new byte[little.length];
        for (int i = 0; i < big.length; i++) {
            big[i] = little[big.length - 1 - i];
        }
        return new BigInteger(1, big);
    }

    /** Returns {@code number}, below 2^256, as 32 bytes. */
    static byte[] little(BigInteger number) {
        byte[] bytes = new byte[32];
        for (int i = 0; i < 32; i++) {
            bytes[i] = number.shiftRight(8 * i).byteValue();
        }
        return bytes;
    }
}
