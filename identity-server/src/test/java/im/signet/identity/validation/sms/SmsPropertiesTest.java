package im.signet.identity.validation.sms;

import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.validation.autoconfigure.ValidationAutoConfiguration;

import static org.assertj.core.api.Assertions.assertThat;

class SmsPropertiesTest {

    @EnableConfigurationProperties(SmsProperties.class)
    static class Settings {}

    private static ApplicationContextRunner with(String... settings) {
        return new ApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(ValidationAutoConfiguration.class))
                .withUserConfiguration(Settings.class)
                .withPropertyValues(settings);
    }

    private static ApplicationContextRunner withGatewayAnd(String... settings) {
        return with(Stream.concat(Stream.of("signet.sms.url=https://gateway.example/send",
                "signet.sms.body={\"to\":\"{to}\",\"text\":\"{text}\"}"), Stream.of(settings)).toArray(String[]::new));
    }

    @Test
    void sendsNothingAnywhereByDefault() {
        with().run(context -> {
            SmsProperties settings = context.getBean(SmsProperties.class);
            assertThat(settings.url()).isNull();
            assertThat(settings.countries()).isEmpty();
            assertThat(settings.codeLifetime()).isEqualTo(Duration.ofMinutes(10));
            assertThat(settings.method()).isEqualTo(SmsProperties.Method.POST);
            assertThat(settings.success().covers(200)).isTrue();
            assertThat(settings.success().covers(299)).isTrue();
            assertThat(settings.success().covers(300)).isFalse();
            assertThat(settings.success().covers(199)).isFalse();
        });
    }

    @Test
    void takesWhatAGatewayNeedsAndShowsNoSecrets() {
        withGatewayAnd("signet.sms.headers.Authorization=Bearer hush-hush", "signet.sms.headers.X-Account=hush-hush",
                "signet.sms.method=put", "signet.sms.success.status=202", "signet.sms.success.body=\"ok\"",
                "signet.sms.countries=GB,NO").run(context -> {
                    SmsProperties settings = context.getBean(SmsProperties.class);
                    assertThat(settings.headers()).containsEntry("Authorization", "Bearer hush-hush")
                            .containsEntry("X-Account", "hush-hush");
                    assertThat(settings.countries()).isEqualTo(List.of("GB", "NO"));
                    assertThat(settings.success().covers(200)).isFalse();
                    assertThat(settings).hasToString("SmsProperties[gateway.example, [GB, NO]]");
                });
    }

    @ParameterizedTest
    @ValueSource(strings = {"signet.sms.url=ftp://gateway.example/", "signet.sms.url=/send",
        "signet.sms.url=https://user:pass@gateway.example/", "signet.sms.body=",
        "signet.sms.body={\"to\":\"{to}\",\"text\":{text}}", "signet.sms.body={\"to\":\"{to}\"}",
        "signet.sms.headers.Content-Type=text/xml", "signet.sms.headers.Host=elsewhere", "signet.sms.countries=gb",
        "signet.sms.countries=GB,false", "signet.sms.countries=XX", "signet.sms.success.status=2xx",
        "signet.sms.success.body=(", "signet.sms.code-lifetime=1s", "signet.sms.code-lifetime=2d",
        "signet.sms.method=get"})
    void stopsTheStartOnAWrongSetting(String wrong) {
        withGatewayAnd(wrong).run(context -> assertThat(context).hasFailed());
    }
}
