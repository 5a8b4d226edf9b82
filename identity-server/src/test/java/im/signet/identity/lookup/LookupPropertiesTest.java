package im.signet.identity.lookup;

import java.time.Duration;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.validation.autoconfigure.ValidationAutoConfiguration;

import static org.assertj.core.api.Assertions.assertThat;

class LookupPropertiesTest {

    private final ApplicationContextRunner start = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(ValidationAutoConfiguration.class))
            .withUserConfiguration(Settings.class);

    @EnableConfigurationProperties({LookupProperties.class, LookupBudgetProperties.class})
    static class Settings {}

    @Test
    void offerTheHashOnlyUnlessToldOtherwise() {
        start.run(context -> {
            LookupProperties settings = context.getBean(LookupProperties.class);
            assertThat(settings.algorithms()).containsExactly(Algorithm.SHA256);
            assertThat(settings.pepperLifetime()).isEqualTo(Duration.ofDays(30));
            assertThat(settings.maxAddresses()).isEqualTo(10_000);
        });
    }

    @Test
    void offerPlainAddressesWhereTheOperatorListsThem() {
        start.withPropertyValues("signet.lookup.algorithms[0]=none", "signet.lookup.algorithms[1]=sha256",
                "signet.lookup.algorithms[2]=sha256")
                .run(context -> assertThat(context.getBean(LookupProperties.class).algorithms())
                        .containsExactly(Algorithm.NONE, Algorithm.SHA256));
    }

    @ParameterizedTest
    @ValueSource(strings = {"signet.lookup.algorithms=none", "signet.lookup.algorithms=",
        "signet.lookup.algorithms=sha256,md5", "signet.lookup.pepper-lifetime=59m",
        "signet.lookup.pepper-lifetime=-30d", "signet.lookup.max-addresses=0"})
    void refuseWhatCannotBeServed(String setting) {
        start.withPropertyValues(setting).run(context -> assertThat(context).hasFailed());
    }

    @Test
    void allowFiftyThousandAddressesAnAccountUnlessToldOtherwise() {
        start.withPropertyValues("signet.limits.lookups-per-homeserver=7 then 1 per 1m").run(context -> {
            LookupBudgetProperties budgets = context.getBean(LookupBudgetProperties.class);
            assertThat(budgets.of(Subject.Kind.ACCOUNT)).hasToString("Allowance[50000, 6.0/h]");
            assertThat(budgets.of(Subject.Kind.HOMESERVER)).hasToString("Allowance[7, 60.0/h]");
            assertThat(budgets.of(Subject.Kind.NETWORK)).hasToString("Allowance[1000000, 1200.0/h]");
            assertThat(budgets.of(Subject.Kind.EVERYBODY)).hasToString("Allowance[20000000, 24000.0/h]");
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"many", "", "0 then 1 per 1h", "50000", "1 then 1 per 1 fortnight"})
    void refuseWhatIsNoBudget(String budget) {
        start.withPropertyValues("signet.limits.lookups-per-account=" + budget)
                .run(context -> assertThat(context).hasFailed());
    }

    @Test
    void sayWhichAlgorithmIsMissing() {
        start.withPropertyValues("signet.lookup.algorithms=none")
                .run(context -> assertThat(context).getFailure().rootCause().hasMessageContaining("sha256"));
    }
}
