package im.signet.identity.lookup;

import im.signet.protocol.Parsed;
import im.signet.protocol.hash.LookupHash;
import im.signet.protocol.hash.Pepper;
import im.signet.protocol.identifier.Medium;
import im.signet.protocol.signature.UnpaddedBase64;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/// How a client encodes the addresses that it asks for.
///
/// @see <a href="https://spec.matrix.org/latest/identity-service-api/#hashing">Client behaviour</a>
enum Algorithm {

    /** The SHA-256 of address, medium and pepper. */
    SHA256 {

        // Element for iOS sends it since September 2024 as 64 lower-case hexadecimal digits: that is understood
        // as well.
        @Override
        Optional<LookupHash> read(String sent, Pepper pepper) {
            return HEXADECIMAL.matcher(sent).matches()
                    ? Optional.of(new LookupHash(UnpaddedBase64.encodeUrl(HexFormat.of().parseHex(sent))))
                    : LookupHash.parse(sent).toOptional();
        }
    },

    /** The address itself, a space, and the medium. Whoever uses it tells the server their address book. */
    NONE {

        @Override
        Optional<LookupHash> read(String sent, Pepper pepper) {
            int space = sent.lastIndexOf(' ');
            return space > 0 && Medium.parse(sent.substring(space + 1)) instanceof Parsed.Ok<Medium>(Medium medium)
                    ? Optional.of(LookupHash.of(medium, sent.substring(0, space), pepper))
                    : Optional.empty();
        }
    };

    private static final Pattern HEXADECIMAL = Pattern.compile("[0-9a-f]{64}");

    /** Returns its name in the specification. */
    String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Returns the algorithm that the specification calls so. */
    static Optional<Algorithm> called(String wireName) {
        return Arrays.stream(values()).filter(algorithm -> algorithm.wireName().equals(wireName)).findFirst();
    }

    /** Returns the hash that an entry stands for; empty when it is no entry of this algorithm, and so matches nothing. */
    abstract Optional<LookupHash> read(String sent, Pepper pepper);
}
