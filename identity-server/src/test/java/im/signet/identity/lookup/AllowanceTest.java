package im.signet.identity.lookup;

import java.time.Duration;
import java.time.Instant;
import java.util.SplittableRandom;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

/** The numbers are the same at each run: the hashes come from generators with fixed seeds. */
class AllowanceTest {

    private static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");
    private static final Duration AT_ONCE = Duration.ZERO;

    private final SplittableRandom random = new SplittableRandom(42);

    /** Somebody who asks, and takes what they get. */
    private static final class Asker {

        private final Allowance allowance;
        private Spending spent = Spending.nothing();
        private Duration inUse = AT_ONCE;

        Asker(long burst, long perHour) {
            allowance = new Allowance(burst, perHour);
        }

        boolean isAnswered(long... asked) {
            Allowance.Verdict verdict = allowance.judge(spent, asked, inUse);
            spent = verdict.next().orElse(spent);
            return verdict instanceof Allowance.Verdict.Granted;
        }
    }

    private long[] fresh(int count) {
        return random.longs(count).toArray();
    }

    @Test
    void answersUpToTheBudgetAndThenRepeatsOnly() {
        Asker asker = new Asker(10, 0);
        long[] known = fresh(10);
        for (long hash : known) {
            assertThat(asker.isAnswered(hash)).isTrue();
        }
        assertThat(asker.isAnswered(fresh(1))).isFalse();
        assertThat(asker.isAnswered(known)).isTrue();
        assertThat(asker.isAnswered(known[3])).isTrue();
        assertThat(asker.isAnswered(fresh(1))).isFalse();
    }

    @Test
    void answersNoRequestInPart() {
        Asker asker = new Asker(1_000, 0);
        assertThat(asker.isAnswered(fresh(2_000))).isFalse();
        assertThat(asker.spent.charged()).as("a refusal costs what one change does").isEqualTo(1);
        assertThat(asker.isAnswered(fresh(800))).isTrue();
        assertThat(asker.isAnswered(fresh(400))).isFalse();
        assertThat(asker.isAnswered(fresh(100))).isTrue();
    }

    @Test
    void refillsHourByHour() {
        Asker asker = new Asker(10, 6);
        assertThat(asker.isAnswered(fresh(10))).isTrue();
        assertThat(asker.isAnswered(fresh(1))).isFalse();
        asker.inUse = Duration.ofHours(1);
        assertThat(asker.isAnswered(fresh(5))).as("one of six went for the refusal").isTrue();
        assertThat(asker.isAnswered(fresh(1))).isFalse();
    }

    /** Address after address: those that leave the sketch as it is are answered, the others refused, and paid for. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 7, 16, 50, 300})
    void whoeverUsesRefusalsAsFeedbackLearnsAtMostATenthMore(int atOnce) {
        Asker asker = new Asker(20_000, 0);
        int learnt = 0;
        for (int i = 0; i < 100_000 / atOnce + 1_000; i++) {
            if (asker.isAnswered(fresh(atOnce))) {
                learnt += atOnce;
            }
        }
        assertThat(learnt).isGreaterThan(19_000).isLessThan(23_000);
        assertThat(asker.isAnswered(fresh(1))).isFalse();
    }

    @Test
    void whoeverHasTriedTooOftenGetsNoRepeatsUntilSomeIsRefilled() {
        Asker asker = new Asker(10, 1);
        long[] known = fresh(10);
        assertThat(asker.isAnswered(known)).isTrue();
        for (int i = 0; i < Allowance.REFUSALS - 1; i++) {
            assertThat(asker.isAnswered(fresh(3))).isFalse();
            assertThat(asker.isAnswered(known)).isTrue();
        }
        asker.isAnswered(fresh(3));
        asker.isAnswered(fresh(3));
        assertThat(asker.isAnswered(known)).isFalse();
        Spending before = asker.spent;
        assertThat(asker.isAnswered(fresh(3))).isFalse();
        assertThat(asker.spent).as("nothing is written any more").isSameAs(before);
        asker.inUse = Duration.ofHours(3);
        assertThat(asker.isAnswered(known)).isTrue();
    }

    /** An address book of 12,000 in pieces of 1,000, synchronised every day. */
    @Test
    void whoeverHasTooManyContactsKeepsThoseTheyHad() {
        Asker asker = new Asker(10_000, 6);
        long[][] pieces = new long[12][];
        for (int i = 0; i < pieces.length; i++) {
            pieces[i] = fresh(1_000);
        }
        for (int day = 0; day < 30; day++) {
            asker.inUse = Duration.ofDays(day);
            int answered = 0;
            for (long[] piece : pieces) {
                answered += asker.isAnswered(piece) ? 1 : 0;
            }
            assertThat(answered).isGreaterThanOrEqualTo(9);
        }
    }

    @Test
    void saysWhenEnoughWillBeRefilled() {
        Allowance allowance = new Allowance(100, 6);
        Spending spent = Spending.nothing().after(fresh(100)).orElseThrow();
        Allowance.Verdict verdict = allowance.judge(spent, fresh(60), AT_ONCE);
        assertThat(verdict).isInstanceOfSatisfying(Allowance.Verdict.Refused.class, refused -> {
            assertThat(refused.missing()).isCloseTo(60, within(10.0));
            assertThat(allowance.wait(refused.missing(), NOW, NOW.plus(Duration.ofDays(30))).toMinutes())
                    .isBetween(500L, 700L);
        });
    }

    @Test
    void whatWasToBeRefilledIsThereWhenItWasSaidToBe() {
        Asker asker = new Asker(50, 6);
        assertThat(asker.isAnswered(fresh(50))).isTrue();
        long[] asked = fresh(5);
        Allowance.Verdict.Refused refused = (Allowance.Verdict.Refused) asker.allowance.judge(asker.spent, asked,
                AT_ONCE);
        Duration wait = asker.allowance.wait(refused.missing(), NOW, NOW.plus(Duration.ofDays(30)));
        asker.inUse = wait.minusMinutes(1);
        assertThat(asker.allowance.judge(asker.spent, asked, asker.inUse))
                .isInstanceOf(Allowance.Verdict.Refused.class);
        asker.inUse = wait;
        assertThat(asker.isAnswered(asked)).isTrue();
    }

    @ParameterizedTest
    @CsvSource({"6, 1, 720, PT10M", "6, 60, 2, PT2H", "0, 1, 720, PT720H", "6, 1, 0, PT1S", "6, 1, -3, PT1S",
        "1000000, 0.001, 720, PT1S"})
    void waitsNoLongerThanForTheNextPepper(long perHour, double missing, long hoursToNextPepper, Duration wait) {
        assertThat(new Allowance(1, perHour).wait(missing, NOW, NOW.plus(Duration.ofHours(hoursToNextPepper))))
                .isEqualTo(wait);
    }

    @Test
    void isReadAsRatesAre() {
        assertThat(Allowance.valueOf("50000 then 6 per 1h")).hasToString("Allowance[50000, 6.0/h]");
        assertThat(Allowance.valueOf("20000000 then 1 per 10m")).hasToString("Allowance[20000000, 6.0/h]");
        assertThat(Allowance.valueOf("1 then 0 per 1d")).hasToString("Allowance[1, 0.0/h]");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "50000", "0 then 6 per 1h", "-1 then 6 per 1h", "1 then -6 per 1h", "1 then 6 per h",
        "1 then 6 per 0h", "1000000000000 then 6 per 1h", "1 then 6 per 1h ", "1 then 6 per 1w"})
    void refusesWhatIsNone(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> Allowance.valueOf(text));
    }

    @Test
    void bearsAClockThatWasSetBack() {
        Asker asker = new Asker(10, 6);
        asker.inUse = Duration.ofHours(-5);
        assertThat(asker.isAnswered(fresh(10))).isTrue();
        assertThat(asker.isAnswered(fresh(1))).isFalse();
    }
}
