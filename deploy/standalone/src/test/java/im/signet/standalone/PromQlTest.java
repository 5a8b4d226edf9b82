package im.signet.standalone;

import im.signet.standalone.PromQl.Condition;
import im.signet.standalone.PromQl.Selector;

import java.util.List;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class PromQlTest {

    @Test
    void findsWhatAnExpressionReads() {
        PromQl read = PromQl.parse(
                "histogram_quantile(0.95, sum by (job, le) (rate(x_bucket{job=~\"$job\",uri!~\"/a/(b|{c})\"}[5m])))"
                        + " / ignoring(status) group_left () sum(y_total offset 1h) > 0.2 * z and on (w) up == 1");
        assertThat(read.selectors()).containsExactly(
                new Selector("x_bucket",
                        List.of(new Condition("job", "=~", "$job"), new Condition("uri", "!~", "/a/(b|{c})"))),
                new Selector("y_total", List.of()), new Selector("z", List.of()), new Selector("up", List.of()));
        assertThat(read.groupings()).containsExactly("job", "le", "status", "w");
    }

    @Test
    void takesNoFunctionForAMetric() {
        assertThat(PromQl.parse("sum(increase(a[1h])) by (b) > 10").selectors())
                .containsExactly(new Selector("a", List.of()));
        assertThat(PromQl.parse("label_values(up{a=\"1\"}, instance)").selectors()).hasSize(2);
    }
}
