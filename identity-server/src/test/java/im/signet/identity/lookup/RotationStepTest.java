package im.signet.identity.lookup;

import im.signet.protocol.hash.Pepper;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class RotationStepTest {

    private static final Duration MONTH = Duration.ofDays(30);
    private static final Instant START = Instant.parse("2026-11-21T12:00:00Z");
    private static final Instant MONTH_LATER = START.plus(MONTH);
    private static final Generation CURRENT = new Generation(7, Pepper.of("current"), START, 0);
    private static final Generation NEXT = new Generation(8, Pepper.of("next"), null, 4_000);
    private static final Generation FORMER = new Generation(6, Pepper.of("former"), START.minus(MONTH), 0);

    private static RotationStep step(Instant now, boolean requested, Generation... all) {
        return RotationStep.after(new Generations(List.of(all)), requested, MONTH, now);
    }

    @Test
    void restsWhileThePepperIsYoung() {
        assertThat(step(START, false, CURRENT)).isEqualTo(new RotationStep.Rest());
        assertThat(step(MONTH_LATER.minusMillis(1), false, CURRENT)).isEqualTo(new RotationStep.Rest());
    }

    @Test
    void beginsWhenThePepperHasHadItsTime() {
        assertThat(step(MONTH_LATER, false, CURRENT)).isEqualTo(new RotationStep.Begin());
    }

    @Test
    void beginsWhenTheOperatorAsks() {
        assertThat(step(START, true, CURRENT)).isEqualTo(new RotationStep.Begin());
    }

    @Test
    void goesOnWithWhatIsUnderConstruction() {
        assertThat(step(START, false, CURRENT, NEXT)).isEqualTo(new RotationStep.Build(NEXT));
        assertThat(step(MONTH_LATER, true, CURRENT, NEXT)).isEqualTo(new RotationStep.Build(NEXT));
    }

    @Test
    void clearsWhatHasHadItsGrace() {
        Instant end = START.plus(Generations.GRACE).plus(Generations.MARGIN);
        assertThat(step(end.minusMillis(1), false, FORMER, CURRENT)).isEqualTo(new RotationStep.Rest());
        assertThat(step(end, false, FORMER, CURRENT)).isEqualTo(new RotationStep.Clear(FORMER));
    }

    @Test
    void clearsOnlyWhenNothingElseIsToBeDone() {
        assertThat(step(MONTH_LATER, false, FORMER, CURRENT)).isEqualTo(new RotationStep.Begin());
        assertThat(step(MONTH_LATER, false, FORMER, CURRENT, NEXT)).isEqualTo(new RotationStep.Build(NEXT));
    }

    @Test
    void bearsAClockThatWasSetBack() {
        assertThat(step(START.minus(MONTH), false, FORMER, CURRENT)).isEqualTo(new RotationStep.Rest());
    }
}
