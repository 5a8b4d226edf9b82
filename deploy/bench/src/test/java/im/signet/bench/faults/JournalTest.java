package im.signet.bench.faults;

import im.signet.protocol.json.JsonObject;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class JournalTest {

    private static final Clock NOON = Clock.fixed(Instant.parse("2026-11-21T12:00:00Z"), ZoneOffset.UTC);

    @TempDir
    Path folder;

    @Test
    void isWrittenWhenItSaysSo() throws IOException {
        Path file = folder.resolve("journal.jsonl");
        try (Journal journal = Journal.create(file, NOON)) {
            String id = journal.intent(Op.ACCEPT, JsonObject.builder().put("user", "@a:example.org").build());
            assertThat(Files.readAllLines(file)).as("before it is sent").hasSize(1);
            journal.outcome(id, Journal.Outcome.UNKNOWN, 2, JsonObject.of());
            assertThat(Files.readAllLines(file)).last()
                    .isEqualTo("{\"id\":\"#1\",\"is\":\"unknown\",\"lost\":2,\"at\":1795262400000}");
            assertThat(Journal.read(file)).hasSize(2).isEqualTo(journal.lines());
        }
    }

    @Test
    void isNotBelievedWhereItIsNotWhole() throws IOException {
        try (Journal journal = Journal.create(folder.resolve("journal.jsonl"), NOON)) {
            journal.outcome("#9", Journal.Outcome.DONE, 0, JsonObject.of());
            assertThatThrownBy(() -> Ledger.of(journal.lines(), NOON.instant()))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("an outcome without an intent");
        }
    }
}
