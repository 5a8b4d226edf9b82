package im.signet.kit.journal;

import im.signet.kit.key.KeyedHash;
import im.signet.protocol.Parsed;
import im.signet.protocol.signature.UnpaddedBase64;

import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Something that was ended, as a journal keeps it.
 *
 * @param at     when, by the clock of the server that was asked
 * @param schema the service's schema
 * @param kind   what it was, in the service's words
 * @param key    without which a restore cannot tell what it is about; empty where rows of a backup have the same hashes, and
 *               for entries of servers that named no key yet
 * @param parts  keyed hashes and times; never a name, an address or a user
 */
public record Revocation(Instant at, String schema, String kind, Optional<Key> key, List<String> parts) {

    /** Stands for a part that there is none of. */
    public static final String NONE = "-";

    private static final Pattern WORD = Pattern.compile("[a-z][a-z-]{0,31}");
    private static final Pattern PART = Pattern.compile("[A-Za-z0-9_-]{1,86}");

    /**
     * A key that hashed.
     *
     * @param purpose which key file holds it
     * @param id      which of its keys it is
     */
    public record Key(String purpose, String id) {

        private static final Pattern TEXT = Pattern.compile("([a-z][a-z-]{0,31})/([A-Za-z0-9:_-]{1,64})");

        /** Returns the key that hashes now. */
        public static Key of(KeyedHash hash) {
            return new Key(hash.purpose(), hash.currentKeyId());
        }

        // No part has the stroke.
        private static Optional<Key> parse(String text) {
            Matcher match = TEXT.matcher(text);
            return match.matches() ? Optional.of(new Key(match.group(1), match.group(2))) : Optional.empty();
        }

        @Override
        public String toString() {
            return purpose + "/" + id;
        }
    }

    public Revocation {
        parts = List.copyOf(parts);
        if (!WORD.matcher(schema).matches() || !WORD.matcher(kind).matches()
                || !parts.stream().allMatch(part -> PART.matcher(part).matches())) {
            throw new IllegalArgumentException("a revocation is words and hashes");
        }
    }

    /** Returns bytes as a part. */
    public static String part(byte[] bytes) {
        return UnpaddedBase64.encodeUrl(bytes);
    }

    /** Returns a time as a part, to the microsecond. */
    public static String part(Instant instant) {
        return Long.toString(Math.addExact(Math.multiplyExact(instant.getEpochSecond(), 1_000_000L),
                instant.getNano() / 1_000));
    }

    /** Returns the bytes of a part. */
    public byte[] bytes(int part) {
        if (UnpaddedBase64.decodeUrl(parts.get(part)) instanceof Parsed.Ok<byte[]>(byte[] bytes)) {
            return bytes;
        }
        throw new IllegalArgumentException("the part is no hash");
    }

    /** Returns the time of a part; empty when there is none. */
    public Optional<Instant> time(int part) {
        if (parts.get(part).equals(NONE)) {
            return Optional.empty();
        }
        long micros = Long.parseLong(parts.get(part));
        return Optional.of(Instant.ofEpochSecond(Math.floorDiv(micros, 1_000_000L),
                Math.floorMod(micros, 1_000_000L) * 1_000));
    }

    /** Returns it as a line without its end. */
    String line() {
        return at + " " + schema + " " + kind + key.map(named -> " " + named).orElse("") + parts.stream()
                .map(part -> " " + part)
                .collect(Collectors.joining());
    }

    /** Returns what a line says; empty when it is none. */
    static Optional<Revocation> parse(String line) {
        List<String> words = new ArrayList<>(Arrays.asList(line.split(" ", -1)));
        if (words.size() < 3) {
            return Optional.empty();
        }
        try {
            Optional<Key> key = words.size() > 3 ? Key.parse(words.get(3)) : Optional.empty();
            return Optional.of(new Revocation(Instant.parse(words.get(0)), words.get(1), words.get(2), key,
                    words.subList(key.isPresent() ? 4 : 3, words.size())));
        } catch (IllegalArgumentException | DateTimeParseException none) {
            return Optional.empty();
        }
    }
}
