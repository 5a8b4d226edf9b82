package im.signet.identity.lookup;

import im.signet.protocol.hash.Pepper;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class GenerationsTest {

    private static final Instant NOON = Instant.parse("2026-11-21T12:00:00Z");
    private static final Duration TICK = Duration.ofMillis(1);
    private static final Generation FIRST = generation(1, NOON.minus(Duration.ofDays(60)));
    private static final Generation SECOND = generation(2, NOON.minus(Duration.ofDays(30)));
    private static final Generation THIRD = generation(3, NOON);
    private static final Generation NEXT = generation(4, null);

    private static Generation generation(long id, @Nullable Instant currentSince) {
        return new Generation(id, Pepper.of("pepper" + id), currentSince, 0);
    }

    private static Generations generations(Generation... all) {
        return new Generations(List.of(all));
    }

    @Test
    void useTheNewestThatIsComplete() {
        assertThat(generations(FIRST).current()).isEqualTo(FIRST);
        assertThat(generations(SECOND, THIRD).current()).isEqualTo(THIRD);
        assertThat(generations(SECOND, THIRD, NEXT).current()).isEqualTo(THIRD);
        assertThat(generations(SECOND, THIRD, NEXT).next()).contains(NEXT);
        assertThat(generations(THIRD).next()).isEmpty();
    }

    @Test
    void areNoneBeforeTheFirst() {
        assertThat(generations().newest()).isEmpty();
        assertThatThrownBy(() -> generations(NEXT).current()).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void acceptThePepperInUseForEver() {
        Instant farAway = NOON.plus(Duration.ofDays(10_000));
        assertThat(generations(SECOND, THIRD).accepted(THIRD.pepper(), farAway)).contains(THIRD);
    }

    @Test
    void acceptTheFormerPepperForAnHour() {
        Generations generations = generations(SECOND, THIRD);
        assertThat(generations.accepted(SECOND.pepper(), NOON)).contains(SECOND);
        Instant hourLater = NOON.plus(Duration.ofHours(1));
        assertThat(generations.accepted(SECOND.pepper(), hourLater.minus(TICK))).contains(SECOND);
        assertThat(generations.accepted(SECOND.pepper(), hourLater)).isEmpty();
    }

    @Test
    void acceptEveryPepperThatWasReplacedWithinTheHour() {
        Generation fourth = generation(4, NOON.plus(Duration.ofMinutes(30)));
        Generations generations = generations(SECOND, THIRD, fourth);
        Instant soon = NOON.plus(Duration.ofMinutes(59));
        assertThat(generations.accepted(SECOND.pepper(), soon)).contains(SECOND);
        assertThat(generations.accepted(THIRD.pepper(), soon)).contains(THIRD);
        Instant later = NOON.plus(Duration.ofMinutes(61));
        assertThat(generations.accepted(SECOND.pepper(), later)).isEmpty();
        assertThat(generations.accepted(THIRD.pepper(), later)).contains(THIRD);
    }

    @Test
    void acceptNoPepperThatNobodyWasTold() {
        assertThat(generations(SECOND, THIRD, NEXT).accepted(NEXT.pepper(), NOON)).isEmpty();
        assertThat(generations(SECOND, THIRD).accepted(Pepper.of("unheard"), NOON)).isEmpty();
    }

    @Test
    void outliveTheirGraceByAMargin() {
        Generations generations = generations(SECOND, THIRD);
        Instant end = NOON.plus(Generations.GRACE).plus(Generations.MARGIN);
        assertThat(generations.outlived(end.minus(TICK))).isEmpty();
        assertThat(generations.outlived(end)).contains(SECOND);
        assertThat(generations(THIRD, NEXT).outlived(end)).isEmpty();
    }

    @Test
    void areClearedOldestFirst() {
        assertThat(generations(FIRST, SECOND, THIRD).outlived(NOON)).contains(FIRST);
        assertThat(generations(FIRST, SECOND, THIRD).outlived(NOON.plus(Duration.ofDays(1)))).contains(FIRST);
    }
}
