package im.signet.standalone.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.yaml.snakeyaml.Yaml;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

class SettingsSchemaTest {

    private static final Schema SCHEMA = SchemaRegistry
            .withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
            .getSchema(SettingsSchema.of(SettingsCatalog.load()), InputFormat.JSON);
    private static final Pattern SAMPLE = Pattern.compile("```yaml\n(.*?)```", Pattern.DOTALL);
    private static final Pattern OURS = Pattern.compile("(signet|server|management)(\\..*)?");

    private static List<String> problems(String yaml) {
        Object read = new Yaml().load(yaml);
        return SCHEMA.validate(JsonMapper.shared().writeValueAsString(read), InputFormat.JSON)
                .stream()
                .map(String::valueOf)
                .toList();
    }

    /** Every sample of our documents that is a file of settings, or a part of one. */
    static Stream<String> samples() throws IOException {
        List<String> samples = new ArrayList<>();
        try (Stream<Path> files = Files.walk(SettingsReferenceTest.DOCS)) {
            for (Path file : files.filter(path -> path.toString().endsWith(".md")).sorted().toList()) {
                Matcher blocks = SAMPLE.matcher(Files.readString(file));
                while (blocks.find()) {
                    if (new Yaml().load(blocks.group(1)) instanceof Map<?, ?> settings
                            && settings.keySet()
                                    .stream()
                                    .allMatch(key -> OURS.matcher(String.valueOf(key)).matches())) {
                        samples.add(blocks.group(1));
                    }
                }
            }
        }
        return samples.stream();
    }

    @ParameterizedTest
    @MethodSource("samples")
    void takesTheSamplesOfOurDocuments(String sample) {
        assertThat(problems(sample)).isEmpty();
    }

    @Test
    void findsThoseSamples() throws IOException {
        assertThat(samples()).hasSizeGreaterThan(3);
    }

    @ParameterizedTest
    @ValueSource(strings = {"signet: {mail: {port: 465}}", "signet: {mail.port: 465}", "signet.mail: {port: 465}",
        "signet.mail.port: 465", "signet: {introspection.clients.identity: {secret: x}}",
        "signet: {introspection: {clients: {identity: {secret: x, url: 'http://127.0.0.1:1'}}}}",
        "signet: {terms.policies.privacy: {version: '1.0', en: {name: P, url: 'https://x.org/p'}}}",
        "signet: {limits: {mail-per-account: [5 then 1 per 5m, 9 then 1 per 1d]}}",
        "signet: {limits: {mail-per-account: 5 then 1 per 5m}}", "logging: {level: {root: info}}"})
    void takesEachWayOfWriting(String yaml) {
        assertThat(problems(yaml)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"signet: {mail: {prot: 465}}", "signet.mail.prot: 465", "signet: {mail: {port: 70000}}",
        "signet: {mail: {port: lots}}", "signet: {mail: {security: ssl}}", "signet: {publik-url: x}",
        "signet: {account: {token-lifetime: soon}}", "signet: {introspection: {clients: {identity: {sekret: x}}}}",
        "signet: {terms: {policies: {p: {en: {name: P, url: 'https://x.org/p'}}}}}",
        "signet: {terms: {policies: {p: {version: 1.0, en: {name: P, url: 'https://x.org/p'}}}}}",
        "signet: {terms: {policies: {p: {version: '1', en: {name: P, url: 'https://x.org/p', file: x}}}}}",
        "signet: {limits: {mail-per-account: [often]}}", "signet: {limits: {enabled: maybe}}",
        "signet: {federation: {allow-addresses: [all of them]}}", "signett: {}", "server.port: 99999"})
    void refusesWhatAServerWould(String yaml) {
        assertThat(problems(yaml)).isNotEmpty();
    }
}
