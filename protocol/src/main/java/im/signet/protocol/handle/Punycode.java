package im.signet.protocol.handle;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Punycode of RFC 3492, for one label of a domain, which has at most 63 characters. */
final class Punycode {
    private static final int BASE = 36;
    private static final int T_MIN = 1;
    private static final int T_MAX = 26;
    private static final int SKEW = 38;
    private static final int DAMP = 700;
    private static final int INITIAL_BIAS = 72;
    private static final int INITIAL_N = 0x80;

    private Punycode() {}

    /** Returns the code points that {@code text}, in lower case, stands for; empty when it is not Punycode. */
    static Optional<int[]> decode(String text) {
        int delimiter = text.lastIndexOf('-');
        List<Integer> decoded = new ArrayList<>();
        for (int i = 0; i < delimiter; i++) {
            decoded.add((int) text.charAt(i));
        }
        int at = delimiter < 0 ? 0 : delimiter + 1;
        int n = INITIAL_N;
        int bias = INITIAL_BIAS;
        long i = 0;
        while (at < text.length()) {
            long before = i;
            long weight = 1;
            for (int k = BASE;; k += BASE) {
                int digit = at < text.length() ? digitOf(text.charAt(at)) : -1;
                if (digit < 0) {
                    return Optional.empty();
                }
                at++;
                i += digit * weight;
                int t = threshold(k, bias);
                if (digit < t) {
                    break;
                }
                weight *= BASE - t;
                if (i > Integer.MAX_VALUE || weight > Integer.MAX_VALUE) {
                    return Optional.empty();
                }
            }
            int size = decoded.size() + 1;
            bias = adapt(i - before, size, before == 0);
            long next = n + i / size;
            if (next > Character.MAX_CODE_POINT) {
                return Optional.empty();
            }
            n = (int) next;
            decoded.add((int) (i % size), n);
            i = i % size + 1;
        }
        return Optional.of(decoded.stream().mapToInt(Integer::intValue).toArray());
    }

    /** Returns the one text that stands for {@code codePoints}, with digits in lower case. */
    static String encode(int[] codePoints) {
        StringBuilder text = new StringBuilder();
        for (int codePoint : codePoints) {
            if (codePoint < INITIAL_N) {
                text.append((char) codePoint);
            }
        }
        int basic = text.length();
        int handled = basic;
        if (basic > 0) {
            text.append('-');
        }
        int n = INITIAL_N;
        int bias = INITIAL_BIAS;
        long delta = 0;
        while (handled < codePoints.length) {
            int next = Character.MAX_CODE_POINT;
            for (int codePoint : codePoints) {
                next = codePoint >= n ? Math.min(next, codePoint) : next;
            }
            delta += (long) (next - n) * (handled + 1);
            n = next;
            for (int codePoint : codePoints) {
                if (codePoint < n) {
                    delta++;
                } else if (codePoint == n) {
                    appendInteger(text, delta, bias);
                    bias = adapt(delta, handled + 1, handled == basic);
                    delta = 0;
                    handled++;
                }
            }
            delta++;
            n++;
        }
        return text.toString();
    }

    private static void appendInteger(StringBuilder text, long number, int bias) {
        long rest = number;
        for (int k = BASE;; k += BASE) {
            int t = threshold(k, bias);
            if (rest < t) {
                text.append(digit((int) rest));
                return;
            }
            text.append(digit((int) (t + (rest - t) % (BASE - t))));
            rest = (rest - t) / (BASE - t);
        }
    }

    private static int threshold(int k, int bias) {
        return Math.max(T_MIN, Math.min(T_MAX, k - bias));
    }

    private static int adapt(long delta, int size, boolean first) {
        long rest = first ? delta / DAMP : delta / 2;
        rest += rest / size;
        int k = 0;
        while (rest > (BASE - T_MIN) * T_MAX / 2) {
            rest /= BASE - T_MIN;
            k += BASE;
        }
        return (int) (k + (BASE - T_MIN + 1) * rest / (rest + SKEW));
    }

    private static int digitOf(char c) {
        if (c >= 'a' && c <= 'z') {
            return c - 'a';
        }
        return c >= '0' && c <= '9' ? c - '0' + 26 : -1;
    }

    private static char digit(int value) {
        return (char) (value < 26 ? 'a' + value : '0' + value - 26);
    }
}
