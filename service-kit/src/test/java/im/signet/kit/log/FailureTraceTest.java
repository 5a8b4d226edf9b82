package im.signet.kit.log;

import java.sql.SQLException;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class FailureTraceTest {

    @Test
    void tellsWhereAndOfWhatKindAndNoMessage() {
        Exception failure = new IllegalStateException("canary-1",
                new SQLException("canary-2 Detail: Key (x)=(canary-3)", "23514"));
        assertThat(FailureTrace.of(failure)).startsWith("java.lang.IllegalStateException\n\tat im.signet.kit.log.")
                .contains("\nCaused by: java.sql.SQLException [SQLSTATE 23514]\n\tat im.signet.kit.log.")
                .contains("tellsWhereAndOfWhatKindAndNoMessage")
                .doesNotContain("canary");
    }

    @Test
    void comesToAnEnd() {
        Exception one = new IllegalStateException("one");
        Exception two = new IllegalStateException("two", one);
        one.initCause(two);
        assertThat(FailureTrace.of(two).split("Caused by")).hasSize(10);
    }
}
