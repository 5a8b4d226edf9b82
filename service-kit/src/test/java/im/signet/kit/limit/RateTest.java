package im.signet.kit.limit;

import java.time.Duration;
import java.util.List;

import io.github.bucket4j.Bandwidth;
import jakarta.validation.constraints.NotEmpty;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Configuration;
import org.springframework.validation.annotation.Validated;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class RateTest {

    @Validated
    @ConfigurationProperties("signet.limits")
    record GardenLimits(@NotEmpty @DefaultValue({"10 then 1 per 5s", "216 then 216 per 1d"}) List<Rate> harvests) {}

    @Configuration(proxyBeanMethods = false)
    @EnableConfigurationProperties(GardenLimits.class)
    static class Settings {}

    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withUserConfiguration(Settings.class);

    @ParameterizedTest
    @CsvSource({"5 then 1 per 5m,5,1,PT5M", "60 then 60 per 1m,60,60,PT1M", "216 then 216 per 1d,216,216,PT24H",
        "999999 then 1 per 30s,999999,1,PT30S", "1 then 2 per 3h,1,2,PT3H"})
    void readsWhatItWrites(String text, long burst, long refill, Duration every) {
        Rate rate = Rate.valueOf(text);
        Bandwidth bandwidth = rate.bandwidth();
        assertThat(bandwidth.getCapacity()).isEqualTo(burst);
        assertThat(bandwidth.getRefillTokens()).isEqualTo(refill);
        assertThat(bandwidth.getRefillPeriodNanos()).isEqualTo(every.toNanos());
        assertThat(rate).hasToString(text);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "5", "5 then 1", "0 then 1 per 5m", "5 then 0 per 5m", "5 then 1 per 0m",
        "5 then 1 per 5",
        "5 then 1 per 5ms", "-5 then 1 per 5m", "5 then 1 per 5m ", "1000000 then 1 per 5m", "5 THEN 1 PER 5M",
        "5 then 1 per 5m, 6 then 1 per 6m"})
    void refusesWhatIsNone(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> Rate.valueOf(text))
                .withMessageContaining("5 then 1 per 5m");
    }

    @Test
    void standsInSettings() {
        runner.run(context -> assertThat(context.getBean(GardenLimits.class).harvests()).map(Rate::toString)
                .containsExactly("10 then 1 per 5s", "216 then 216 per 1d"));
        runner.withPropertyValues("signet.limits.harvests=1 then 1 per 1h")
                .run(context -> assertThat(context.getBean(GardenLimits.class).harvests()).map(Rate::toString)
                        .containsExactly("1 then 1 per 1h"));
        runner.withSystemProperties("SIGNET_LIMITS_HARVESTS=1 then 1 per 1h, 2 then 1 per 1d")
                .withPropertyValues("signet.limits.harvests=${SIGNET_LIMITS_HARVESTS}")
                .run(context -> assertThat(context.getBean(GardenLimits.class).harvests()).map(Rate::toString)
                        .containsExactly("1 then 1 per 1h", "2 then 1 per 1d"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"often", "", "5 then 1 per 5m,"})
    void stopsTheStartWhereASettingIsNone(String setting) {
        runner.withPropertyValues("signet.limits.harvests=" + setting)
                .run(context -> assertThat(context).hasFailed().getFailure().hasStackTraceContaining("signet.limits"));
    }
}
