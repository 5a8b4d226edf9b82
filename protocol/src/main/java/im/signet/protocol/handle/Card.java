package im.signet.protocol.handle;

import im.signet.protocol.identifier.ServerName;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/**
 * What a person shows or sends so that another finds their identity and no other: as text in a QR code, or as a link. It
 * pins the identity. It validates nothing, unless it was scanned from the other person's screen and the user says so. See
 * {@code docs/spec/handles.md}, section 8.
 *
 * @param id         the identity
 * @param epoch      its epoch when the card was made, at most 65,535
 * @param headSeq    the seq of its newest operation then, at most 65,535
 * @param headPrefix the first 8 bytes of that operation's name, as a number
 * @param handle     a handle that names it, if its owner wants
 */
public record Card(IdentityId id, int epoch, int headSeq, long headPrefix, Optional<Handle> handle) {
    private static final String TEXT_PREFIX = "SIGNET:";
    private static final String LINK_SCHEME = "https://";
    private static final String LINK_PATH = "/c#";
    private static final byte VERSION = 1;
    private static final int MAX_NUMBER = 0xFFFF;
    private static final int FIXED_BYTES = 1 + Hashes.SHA256_BYTES + 2 + 2 + 8;
    private static final int MAX_HANDLE_BYTES = 32 + 1 + 253;
    private static final int MAX_TEXT_LENGTH = 1_024;

    /** Throws an {@link IllegalArgumentException} when a number is out of its range, or the epoch beyond the seq. */
    public Card {
        if (epoch < 0 || epoch > headSeq || headSeq > MAX_NUMBER) {
            throw new IllegalArgumentException(Reason.CARD_EPOCH.words());
        }
    }

    /** Returns the card of an identity as it is now. */
    public static Card of(Identity identity, Optional<Handle> handle) {
        return new Card(identity.id(), Math.toIntExact(identity.epoch()), Math.toIntExact(identity.seq()),
                prefixOf(identity.head()), handle);
    }

    /** Returns the card that {@code text} is, in either form. */
    public static Verdict<Card> parse(String text) {
        return Refusal.judge(() -> {
            Refusal.when(text.length() > MAX_TEXT_LENGTH, Reason.CARD_SHAPE);
            byte[] bytes = Base32.decode(code(text), Base32.UPPER)
                    .orElseThrow(() -> new Refusal(Reason.NOT_BASE32));
            Refusal.when(bytes.length == 0 || bytes[0] != VERSION, Reason.CARD_VERSION);
            Refusal.when(bytes.length < FIXED_BYTES || bytes.length > FIXED_BYTES + MAX_HANDLE_BYTES,
                    Reason.CARD_LENGTH);
            return read(bytes);
        });
    }

    /** Returns the text of a QR code: {@code SIGNET:} and upper-case base32, all of it in QR's alphanumeric mode. */
    public String toText() {
        return TEXT_PREFIX + code();
    }

    /**
     * Returns the link that opens the card at a nameserver; a browser does not send what stands after the {@code #}. Throws
     * an {@link IllegalArgumentException} when {@code nameserver} has upper-case letters.
     */
    public String toLink(ServerName nameserver) {
        if (!isHost(nameserver.value())) {
            throw new IllegalArgumentException(Reason.CARD_SHAPE.words());
        }
        return LINK_SCHEME + nameserver + LINK_PATH + code();
    }

    /**
     * Returns why {@code identity}, which somebody showed for this card, is not the one of the card or not as new as it;
     * empty when it is.
     */
    public Optional<Reason> disagreementWith(Identity identity) {
        if (!identity.id().equals(id)) {
            return Optional.of(Reason.WRONG_ID);
        }
        Optional<Identity> then = identity.at(headSeq);
        if (!then.isPresent()) {
            return Optional.of(Reason.UNKNOWN_HEAD);
        }
        if (prefixOf(then.get().head()) != headPrefix) {
            return Optional.of(Reason.WRONG_HEAD);
        }
        return then.get().epoch() == epoch ? Optional.empty() : Optional.of(Reason.WRONG_EPOCH);
    }

    private String code() {
        byte[] name = handle.map(Handle::toString).orElse("").getBytes(StandardCharsets.US_ASCII);
        ByteBuffer bytes = ByteBuffer.allocate(FIXED_BYTES + name.length);
        bytes.put(VERSION);
        bytes.put(id.hash());
        bytes.putShort((short) epoch);
        bytes.putShort((short) headSeq);
        bytes.putLong(headPrefix);
        bytes.put(name);
        return Base32.encode(bytes.array(), Base32.UPPER);
    }

    /** Returns what stands after {@code SIGNET:} or after the {@code #} of a link. */
    private static String code(String text) throws Refusal {
        if (text.startsWith(TEXT_PREFIX)) {
            return text.substring(TEXT_PREFIX.length());
        }
        int path = text.indexOf(LINK_PATH, LINK_SCHEME.length());
        boolean link = text.startsWith(LINK_SCHEME) && path > 0 && isHost(text.substring(LINK_SCHEME.length(), path));
        Refusal.when(!link, Reason.CARD_SHAPE);
        return text.substring(path + LINK_PATH.length());
    }

    private static boolean isHost(String text) {
        return ServerName.parse(text).isOk() && text.equals(text.toLowerCase(Locale.ROOT));
    }

    private static Card read(byte[] bytes) throws Refusal {
        ByteBuffer fields = ByteBuffer.wrap(bytes);
        fields.get();
        byte[] hash = new byte[Hashes.SHA256_BYTES];
        fields.get(hash);
        int epoch = fields.getShort() & MAX_NUMBER;
        int headSeq = fields.getShort() & MAX_NUMBER;
        long headPrefix = fields.getLong();
        Refusal.when(epoch > headSeq, Reason.CARD_EPOCH);
        return new Card(IdentityId.ofHash(hash), epoch, headSeq, headPrefix, handle(bytes));
    }

    private static Optional<Handle> handle(byte[] bytes) throws Refusal {
        if (bytes.length == FIXED_BYTES) {
            return Optional.empty();
        }
        // Bytes beyond ASCII become characters that no handle has.
        String text = new String(bytes, FIXED_BYTES, bytes.length - FIXED_BYTES, StandardCharsets.ISO_8859_1);
        Verdict<Handle> handle = Handle.parse(text);
        if (handle.reason().isPresent()) {
            throw new Refusal(handle.reason().get());
        }
        return handle.toOptional();
    }

    private static long prefixOf(OpId head) {
        return ByteBuffer.wrap(Arrays.copyOf(head.toBytes(), 8)).getLong();
    }
}
