package im.signet.standalone.config;

import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.yaml.snakeyaml.Yaml;

import static org.assertj.core.api.Assertions.assertThat;

class EffectiveSettingsTest {

    private static final Service.Served ALL = new Service.Served(EnumSet.allOf(Service.class));
    private static final String YAML = """
            signet:
              server-name: id.example.org
              public-url: https://id.example.org
              database: {url: "jdbc:postgresql://me:geheim1@db/signet", username: me}
              mail: {host: smtp.example.org, username: me, from: id@example.org}
              sms:
                url: https://gateway.example/geheim2
                headers: {X-Api-Key: geheim3}
                countries: ["NO", DE]
              terms.policies.privacy:
                version: "1.10"
                en: {name: 'Privacy: "ours"', url: "https://example.org/privacy"}
            """;

    @TempDir
    Path folder = Path.of("");

    private SettingsSources sources(String yaml) {
        return ConfigCheckTest.sources(folder, yaml, Map.of("SIGNET_ACCOUNT_MAX_TOKENS", "7", "SIGNET_MAIL_PASSWORD",
                "geheim4"), "--signet.lookup.max-addresses=9");
    }

    private String print(String yaml, boolean changed) {
        return EffectiveSettings.of(SettingsCatalog.load(), sources(yaml), ALL, changed);
    }

    @Test
    void hidesWhatIsSecret() {
        assertThat(print(YAML, false)).doesNotContain("geheim")
                .containsPattern("password: \\(hidden\\) +# variable SIGNET_MAIL_PASSWORD")
                .containsPattern("X-Api-Key: \\(hidden\\) +# .*signet.yaml:8");
    }

    @Test
    void saysWhereEachIsFrom() {
        assertThat(print(YAML, false)).containsPattern("server-name: id.example.org +# .*signet.yaml:2\n")
                .containsPattern("max-tokens: 7 +# variable SIGNET_ACCOUNT_MAX_TOKENS\n")
                .containsPattern("max-addresses: 9 +# command line\n")
                .containsPattern("token-lifetime: 90d +# default\n")
                .containsPattern("port: 8090 +# default\n")
                .contains("#   signet.mail.ca-file\n");
    }

    @Test
    void canBeReadBack() {
        String printed = print(YAML, false).replace("(hidden)", "hidden");
        Map<String, Object> first = new Yaml().load(printed);
        Map<String, Object> again = new Yaml().load(print(printed, false).replace("(hidden)", "hidden"));
        assertThat(again).isEqualTo(first);
        assertThat(first.toString()).contains("countries=[NO, DE]")
                .contains("version=1.10")
                .contains("Privacy: \"ours\"");
    }

    @Test
    void leavesOutWhatIsAsItComes() {
        assertThat(print(YAML, true)).contains("max-tokens: 7")
                .doesNotContain("# default")
                .doesNotContain("token-lifetime")
                .doesNotContain("Not set");
    }
}
