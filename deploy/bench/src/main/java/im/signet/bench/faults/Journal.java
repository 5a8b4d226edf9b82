package im.signet.bench.faults;

import im.signet.protocol.json.JsonObject;
import im.signet.protocol.json.StrictJson;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What was asked for and what was answered, one JSON object a line, each on disk before anything follows on it. All that
 * the checker knows of what should be there, it knows from here. Safe for use by several threads.
 */
final class Journal implements AutoCloseable {

    private final Path file;
    private final FileChannel channel;
    private final Clock clock;
    private final AtomicLong last = new AtomicLong();

    private Journal(Path file, FileChannel channel, Clock clock) {
        this.file = file;
        this.channel = channel;
        this.clock = clock;
    }

    /** What came of an operation. */
    enum Outcome {
        /** It was acknowledged. */
        DONE,
        /** It was refused. */
        REFUSED,
        /** It was sent, and nobody said what came of it. */
        UNKNOWN,
        /** It never reached a server. */
        UNSENT;

        String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    static Journal create(Path file, Clock clock) throws IOException {
        return new Journal(file, FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND), clock);
    }

    /** Notes what is going to be asked for; returns the name of the operation. */
    String intent(Op op, JsonObject fields) {
        String id = "#" + last.incrementAndGet();
        write(fields.with("id", id).with("is", "intent").with("op", op.word()));
        return id;
    }

    /**
     * Notes what came of an operation.
     *
     * @param lost how many times it was sent without an answer that says whether it was done
     */
    void outcome(String id, Outcome outcome, int lost, JsonObject fields) {
        write(fields.toBuilder().put("id", id).put("is", outcome.word()).put("lost", lost).build());
    }

    /** Notes that an answer contradicts what was acknowledged before. */
    void contradiction(String what, JsonObject fields) {
        write(fields.with("is", "contradiction").with("what", what));
    }

    /** Notes a fault that is being made. */
    void fault(String what) {
        write(JsonObject.builder().put("is", "fault").put("what", what).build());
    }

    /** Notes what became of something of which that was open: from now on it is to stay so. */
    void resolved(Key key, String state) {
        write(JsonObject.builder().put("is", "resolved").put("key", key.toString()).put("state", state).build());
    }

    /** Returns all lines so far. */
    List<JsonObject> lines() {
        return read(file);
    }

    /** Returns the lines of a journal. */
    static List<JsonObject> read(Path file) {
        try {
            return Files.readAllLines(file).stream().map(line -> StrictJson.parseObject(line).orElseThrow()).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void write(JsonObject line) {
        byte[] bytes = (StrictJson.write(line.toBuilder().put("at", clock.millis()).build()) + "\n")
                .getBytes(StandardCharsets.UTF_8);
        try {
            synchronized (channel) {
                channel.write(ByteBuffer.wrap(bytes));
            }
            channel.force(false);
        } catch (IOException e) {
            throw new UncheckedIOException("the journal cannot be written", e);
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
