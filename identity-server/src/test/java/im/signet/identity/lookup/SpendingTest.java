package im.signet.identity.lookup;

import java.util.Arrays;
import java.util.SplittableRandom;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

/** The numbers are the same at each run: the hashes come from generators with fixed seeds. */
class SpendingTest {

    private static long[] hashes(long seed, int count) {
        SplittableRandom random = new SplittableRandom(seed);
        return random.longs(count).toArray();
    }

    private static Spending after(Spending before, long... asked) {
        return before.after(asked).orElse(before);
    }

    @Test
    void beginsWithNothing() {
        assertThat(Spending.nothing().charged()).isZero();
        assertThat(Spending.nothing().costOfRefusal()).isEqualTo(1);
        assertThat(Spending.nothing().after(new long[0])).isEmpty();
    }

    /** The standard error of the theory is 1 %; ten times that is never met by chance. */
    @ParameterizedTest
    @ValueSource(ints = {100, 1_000, 5_000, 20_000, 50_000, 200_000, 1_000_000})
    void countsDistinctThings(int count) {
        for (long seed = 1; seed <= 5; seed++) {
            assertThat(after(Spending.nothing(), hashes(seed, count)).charged())
                    .as("seed %d", seed)
                    .isCloseTo(count, within(0.1 * count));
        }
    }

    @Test
    void isNotBiased() {
        double sum = 0;
        int seeds = 200;
        for (long seed = 1; seed <= seeds; seed++) {
            sum += after(Spending.nothing(), hashes(seed, 20_000)).charged();
        }
        assertThat(sum / seeds / 20_000).isCloseTo(1, within(0.01));
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "2, 2", "5, 5", "10, 10", "20, 20"})
    void countsAFewExactly(int count, int counted) {
        assertThat(Math.rint(after(Spending.nothing(), hashes(7, count)).charged())).isEqualTo(counted);
    }

    @Test
    void chargesNothingForRepeats() {
        long[] asked = hashes(1, 30_000);
        Spending spent = after(Spending.nothing(), asked);
        assertThat(spent.after(asked)).isEmpty();
        assertThat(spent.after(Arrays.copyOfRange(asked, 17, 1_000))).isEmpty();
        assertThat(spent.after(new long[]{asked[5], asked[5], asked[29_999]})).isEmpty();
    }

    @Test
    void doesNotDependOnTheSizeOfRequests() {
        long[] asked = hashes(3, 5_000);
        Spending oneByOne = Spending.nothing();
        for (long hash : asked) {
            oneByOne = after(oneByOne, hash);
        }
        Spending atOnce = after(Spending.nothing(), asked);
        assertThat(oneByOne.sketch()).isEqualTo(atOnce.sketch());
        assertThat(oneByOne.charged()).isCloseTo(atOnce.charged(), within(0.001));
    }

    @Test
    void goesOnWhereItWasWrittenDown() {
        Spending spent = after(Spending.nothing(), hashes(4, 3_000));
        Spending read = Spending.of(spent.sketch(), spent.charged());
        long[] more = hashes(5, 3_000);
        assertThat(after(read, more).charged()).isEqualTo(after(spent, more).charged());
        assertThat(after(read, more).sketch()).isEqualTo(after(spent, more).sketch());
        assertThat(Spending.of(new byte[0], 0).sketch()).isEqualTo(Spending.nothing().sketch());
    }

    @Test
    void changesNeitherItselfNorWhatItWasReadFrom() {
        Spending spent = after(Spending.nothing(), hashes(4, 3_000));
        byte[] written = spent.sketch();
        byte[] copy = written.clone();
        after(Spending.of(written, spent.charged()), hashes(5, 3_000));
        assertThat(written).isEqualTo(copy);
        assertThat(Spending.nothing().sketch()).containsOnly(0);
    }

    @Test
    void hasOneSizeWhateverWasAsked() {
        assertThat(Spending.nothing().sketch()).hasSize(4_096);
        assertThat(after(Spending.nothing(), hashes(1, 100_000)).sketch()).hasSize(4_096);
    }

    @Test
    void chargesARefusalWhatAChangeCosts() {
        Spending spent = after(Spending.nothing(), hashes(6, 50_000));
        assertThat(spent.afterRefusal().charged() - spent.charged())
                .isCloseTo(spent.costOfRefusal(), within(1e-6))
                .isBetween(10.0, 25.0);
        assertThat(spent.afterRefusal().sketch()).isEqualTo(spent.sketch());
    }
}
