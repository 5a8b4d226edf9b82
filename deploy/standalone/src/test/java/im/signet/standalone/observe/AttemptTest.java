package im.signet.standalone.observe;

import im.signet.kit.metric.Gauged;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** What hangs does not make anybody hang. */
class AttemptTest {

    @Test
    void answers() {
        assertThat(new Attempt<>("test", Duration.ofMinutes(1), () -> "yes").answer()).contains("yes");
    }

    @Test
    void bearsAQuestionThatFails() {
        assertThat(new Attempt<String>("test", Duration.ofMinutes(1), () -> {
            throw new IllegalStateException("no");
        }).answer()).isEmpty();
    }

    @Test
    void givesUpOnWhatHangsAndAsksItNoSecondTimeMeanwhile() throws InterruptedException {
        CountDownLatch hanging = new CountDownLatch(1);
        CountDownLatch done = new CountDownLatch(1);
        AtomicInteger asked = new AtomicInteger();
        Attempt<String> attempt = new Attempt<>("test", Duration.ofMillis(20), () -> {
            asked.incrementAndGet();
            awaitUninterrupted(hanging);
            done.countDown();
            return "late";
        });
        for (int i = 0; i < 5; i++) {
            assertThat(attempt.answer()).isEmpty();
        }
        assertThat(asked).hasValue(1);
        hanging.countDown();
        done.await();
        // Whoever asks afterwards asks anew, and gets the answer.
        Attempt<String> patient = new Attempt<>("test", Duration.ofMinutes(1), () -> "in time");
        assertThat(patient.answer()).contains("in time");
    }

    @Test
    void readsWhatCanBeReadBesideWhatCannot() {
        Gauged good = new Gauged("good", "is read", Map.of(), () -> OptionalDouble.of(7));
        Gauged none = new Gauged("none", "has no value", Map.of(), OptionalDouble::empty);
        Gauged bad = new Gauged("bad", "fails", Map.of(), () -> {
            throw new IllegalStateException("no");
        });
        Readings readings = new Readings(() -> List.of(bad, none, good));
        assertThat(readings.value(good)).isEqualTo(7);
        assertThat(readings.value(none)).isNaN();
        assertThat(readings.value(bad)).isNaN();
    }

    private static void awaitUninterrupted(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
