package im.signet.identity.validation.sms;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.validation.autoconfigure.ValidationAutoConfiguration;
import org.springframework.core.env.PropertySource;
import org.springframework.core.io.ByteArrayResource;

import static org.assertj.core.api.Assertions.assertThat;

/** What {@code docs/howto/sms.md} tells operators to write is what the server reads. */
class SmsPresetsTest {

    private static final Path PAGE = Path.of("..", "docs", "howto", "sms.md");
    private static final Pattern BLOCK = Pattern.compile("```yaml\n(.*?)```", Pattern.DOTALL);

    @EnableConfigurationProperties(SmsProperties.class)
    static class Settings {}

    static Stream<String> presets() throws IOException {
        return BLOCK.matcher(Files.readString(PAGE))
                .results()
                .map((MatchResult block) -> block.group(1))
                .toList()
                .stream();
    }

    @Test
    void areThere() throws IOException {
        assertThat(presets()).hasSizeGreaterThanOrEqualTo(5);
    }

    @ParameterizedTest
    @MethodSource("presets")
    void canBeRead(String yaml) throws IOException {
        List<PropertySource<?>> settings = new YamlPropertySourceLoader().load("preset",
                new ByteArrayResource(yaml.getBytes(StandardCharsets.UTF_8)));
        new ApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(ValidationAutoConfiguration.class))
                .withUserConfiguration(Settings.class)
                .withInitializer(context -> settings
                        .forEach(source -> context.getEnvironment().getPropertySources().addFirst(source)))
                .run(context -> {
                    SmsProperties sms = context.getBean(SmsProperties.class);
                    assertThat(sms.countries()).isNotEmpty();
                    String body = new BodyTemplate(Objects.requireNonNull(sms.body()),
                            BodyTemplate.Encoding.of(sms.contentType()).orElseThrow())
                            .fill("4915112345678", "123456 & \"more\"");
                    assertThat(body).contains("4915112345678", "123456").doesNotContain("{to}", "{text}");
                });
    }
}
