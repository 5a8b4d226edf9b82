package im.signet.bench.faults;

import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class FaultPlanTest {

    private static final Duration LENGTH = Duration.ofSeconds(7);

    private static List<FaultPlan> rounds(long seed) {
        return IntStream.rangeClosed(1, 20).mapToObj(round -> FaultPlan.of(seed, round, LENGTH)).toList();
    }

    @Test
    void isTheSameForTheSameSeed() {
        assertThat(rounds(7)).isEqualTo(rounds(7)).isNotEqualTo(rounds(8));
    }

    @Test
    void hasEveryKindOfFaultTwiceInTwentyRounds() {
        for (long seed = 0; seed < 50; seed++) {
            List<Fault> faults = rounds(seed).stream()
                    .flatMap(plan -> plan.steps().stream())
                    .map(FaultPlan.Step::fault)
                    .toList();
            assertThat(List.of(Fault.values())).allSatisfy(
                    fault -> assertThat(faults.stream().filter(fault::equals).count()).isGreaterThanOrEqualTo(2));
        }
    }

    @Test
    void makesFaultsInOrderAndWhileThereAreWriters() {
        assertThat(rounds(3)).allSatisfy(plan -> {
            assertThat(plan.steps()).isNotEmpty();
            assertThat(plan.steps().stream().map(FaultPlan.Step::after)).isSorted()
                    .allSatisfy(after -> assertThat(after).isLessThan(LENGTH));
        });
    }
}
