package im.signet.kit.settings;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;

class SignetPropertiesTest {

    @Configuration(proxyBeanMethods = false)
    @EnableConfigurationProperties(SignetProperties.class)
    static class Settings {}

    private final ApplicationContextRunner runner = new ApplicationContextRunner().withUserConfiguration(Settings.class)
            .withPropertyValues("signet.server-name=id.example.org", "signet.public-url=https://www.example.org/id/");

    @Test
    void knowsEveryNameOfTheServer() {
        runner.withPropertyValues("signet.also-known-as=id.example.com,id.example.com:8448/a/b,[::1]:8448")
                .run(context -> assertThat(context.getBean(SignetProperties.class).names()).containsExactly(
                        "id.example.org", "www.example.org/id", "id.example.com", "id.example.com:8448/a/b",
                        "[::1]:8448"));
        runner.run(context -> assertThat(context.getBean(SignetProperties.class).names())
                .containsExactly("id.example.org", "www.example.org/id"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"https://id.example.org", "id_example", "id.example.org?a", "id.example.org/#", "a@b",
        "id.example.org:0", "id.example.org/a b", "/path", "id.example.org/\u00e4"})
    void refusesWhatIsNoName(String name) {
        runner.withPropertyValues("signet.also-known-as[0]=" + name)
                .run(context -> assertThat(context).hasFailed()
                        .getFailure()
                        .rootCause()
                        .hasMessageContaining("also-known-as"));
    }
}
