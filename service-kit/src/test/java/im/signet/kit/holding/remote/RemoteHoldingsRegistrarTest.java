package im.signet.kit.holding.remote;

import im.signet.kit.SettableClock;
import im.signet.kit.holding.Holdings;
import im.signet.kit.settings.UnusableSettingException;

import java.time.Clock;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

import static org.assertj.core.api.Assertions.assertThat;

class RemoteHoldingsRegistrarTest {

    private static final String CLIENTS = "signet.introspection.clients.";

    @Configuration(proxyBeanMethods = false)
    @Import(RemoteHoldingsRegistrar.class)
    static class Service {}

    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withUserConfiguration(Service.class)
            .withBean(Clock.class, SettableClock::new);

    // A service that is not asked would keep what its user has been told is gone.
    @Test
    void asksEveryServiceThatHasAUrl() {
        runner.withPropertyValues(CLIENTS + "identity.secret=s", CLIENTS + "identity.url=http://127.0.0.1:1",
                CLIENTS + "names.secret=s", CLIENTS + "names.url=https://names.example.org/", CLIENTS
                        + "calendar.secret=s")
                .run(context -> assertThat(context.getBeansOfType(Holdings.class).values())
                        .extracting(Holdings::service)
                        .containsExactlyInAnyOrder("identity", "names"));
    }

    @Test
    void asksNobodyOtherwise() {
        runner.run(context -> assertThat(context).hasNotFailed().doesNotHaveBean(Holdings.class));
    }

    @ParameterizedTest
    @ValueSource(strings = {"identity.url=localhost", "identity.url=http://user:password@localhost",
        "identity.url=http://localhost/?a=b", "identity.ulr=http://localhost"})
    void refusesOursWithoutAUrl(String setting) {
        runner.withPropertyValues(CLIENTS + "identity.secret=s", CLIENTS + setting)
                .run(context -> assertThat(context.getStartupFailure())
                        .isInstanceOfSatisfying(UnusableSettingException.class,
                                unusable -> assertThat(unusable).hasMessageContaining(CLIENTS + "identity.url")));
    }
}
