package im.signet.kit.limit;

import im.signet.kit.web.ClientAddress;

import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * What each of many (accounts, addresses, networks) may do only so often.
 *
 * @param name  tells its buckets from those of other limits; never change it
 * @param rates all of them have to allow it
 */
public record Limit(String name, List<Rate> rates) {

    public Limit {
        if (rates.isEmpty()) {
            throw new IllegalArgumentException("a limit needs a rate");
        }
        rates = List.copyOf(rates);
    }

    /** Returns one use of the limit by whom these texts name together; none of them holds a NUL. */
    public Claim by(String... who) {
        return new Claim(this, String.join("\0", who).getBytes(StandardCharsets.UTF_8));
    }

    /** Returns one use of the limit by whoever is there. */
    public Claim by(ClientAddress client) {
        return new Claim(this, client.block());
    }

    /** One use of a limit by one of those it is for. */
    public static final class Claim {

        private final Limit limit;
        private final byte[] who;

        private Claim(Limit limit, byte[] who) {
            this.limit = limit;
            this.who = who;
        }

        Limit limit() {
            return limit;
        }

        /** Returns what the bucket is found by. Another rate is another bucket: a changed setting begins with full ones. */
        byte[] bucket() {
            byte[] which = (limit.name() + "\0" + limit.rates() + "\0").getBytes(StandardCharsets.UTF_8);
            byte[] bucket = new byte[which.length + who.length];
            System.arraycopy(which, 0, bucket, 0, which.length);
            System.arraycopy(who, 0, bucket, which.length, who.length);
            return bucket;
        }

        /** Hides whose it is. */
        @Override
        public String toString() {
            return "Claim[" + limit.name() + "]";
        }
    }
}
