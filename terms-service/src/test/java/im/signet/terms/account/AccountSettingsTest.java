package im.signet.terms.account;

import java.time.Duration;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import static org.assertj.core.api.Assertions.assertThat;

class AccountSettingsTest {

    // No @Configuration, which the scan of the whole service would find.
    @EnableConfigurationProperties(AccountProperties.class)
    static class Settings {}

    private static ApplicationContextRunner with(String... settings) {
        return new ApplicationContextRunner().withUserConfiguration(Settings.class).withPropertyValues(settings);
    }

    @Test
    void letTokensLiveForNinetyDaysUnlessTheOperatorWantsOtherwise() {
        with().run(context -> assertThat(context.getBean(AccountProperties.class).tokenLifetime())
                .isEqualTo(Duration.ofDays(90)));
        with("signet.account.token-lifetime=36h")
                .run(context -> assertThat(context.getBean(AccountProperties.class).tokenLifetime())
                        .isEqualTo(Duration.ofHours(36)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "59s", "-1d", "soon", "P", "1000000000000000000d"})
    void stopTheStartWhenTheyAreWrong(String lifetime) {
        with("signet.account.token-lifetime=" + lifetime).run(context -> {
            assertThat(context).hasFailed();
            assertThat(context.getStartupFailure()).hasStackTraceContaining("signet.account");
        });
    }

    @Test
    void letAUserHaveAHundredTokensUnlessTheOperatorWantsOtherwise() {
        with().run(context -> assertThat(context.getBean(AccountProperties.class).maxTokens()).isEqualTo(100));
        with("signet.account.max-tokens=0").run(context -> assertThat(context).hasFailed());
        with("signet.account.max-tokens=10001").run(context -> assertThat(context).hasFailed());
    }

    // Half a million years from now is a date that PostgreSQL cannot keep.
    @Test
    void stopTheStartWhenALifetimeEndsNever() {
        with("signet.account.token-lifetime=200000000d").run(context -> assertThat(context).hasFailed());
        with("signet.account.token-lifetime=3650d").run(context -> assertThat(context).hasNotFailed());
    }
}
