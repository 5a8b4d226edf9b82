package im.signet.standalone.config;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.core.env.StandardEnvironment;

import static org.assertj.core.api.Assertions.assertThat;

class ConfigCheckTest {

    private static final String GOOD = """
            server.address: 127.0.0.1
            signet:
              server-name: id.example.org
              public-url: https://id.example.org
              trusted-proxies: [127.0.0.1]
              mail: {host: smtp.example.org, from: id@example.org}
              terms.policies.privacy:
                version: "1.0"
                en: {name: Privacy, url: "https://example.org/privacy"}
            """;

    @TempDir
    Path folder = Path.of("");

    private List<Finding> check(String yaml, String service, Map<String, Object> variables) {
        return ConfigCheck.of(SettingsCatalog.load(), sources(folder, yaml, variables),
                Service.Served.of(service).orElseThrow());
    }

    static SettingsSources sources(Path folder, String yaml, Map<String, Object> variables, String... arguments) {
        try {
            Path file = Files.writeString(folder.resolve("signet.yaml"), yaml);
            List<String> all = new ArrayList<>(List.of(arguments));
            all.add("--spring.config.additional-location=" + file.toUri());
            return SettingsSources.read(all, new StandardEnvironment() {

                @Override
                public Map<String, Object> getSystemEnvironment() {
                    return variables;
                }
            });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void findsNothingWhereNothingIsWrong() {
        assertThat(check(GOOD, "all", Map.of())).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "mail.prot: 25| The setting signet.mail.prot does not exist| Did you mean signet.mail.port?",
        "mail.port: 70000| signet.mail.port must be less than or equal to 65535| from 1 to 65535",
        "mail.username: me| signet.mail.username and signet.mail.password belong together| signet.mail.username",
        "account.token-lifetime: soon| 'soon' is not a time| 24h",
        "account.token-lifetime: 1s| signet.account.token-lifetime must be longer than or equal to 1 minute| from 1m to 36500d",
        "limits.mail-per-account: [5 then 1 per 5m, often]| mail-per-account[1] cannot be read: 'often'| 5 then 1 per 5m",
        "federation.allow-addresses: [10.0.0.1/8]| has bits set beyond its prefix; 10.0.0.0/8| CIDR",
        "federation.ca-file: /nowhere.pem| signet.federation.ca-file cannot be used: cannot read /nowhere.pem| PEM",
        "mail.ca-file: /nowhere.pem| signet.mail.ca-file cannot be used| PEM",
        "mail.templates: /nowhere| signet.mail.templates| ",
        "database.username: me| signet.database.url is not| Set signet.database.url",
        "database.url: jdbc:mysql://x| does not begin with jdbc:postgresql:| PostgreSQL",
        "lookup.algorithms: [none]| must list sha256| signet.lookup.algorithms",
        "sms.countries: [XX]| two-letter codes| signet.sms.countries",
        "introspection.clients.identity: {secret: short}| each secret of signet.introspection.clients must be 32| signet.introspection.clients",
        "introspection.clients.a: {secret: 0123456789abcdef0123456789abcdef, url: http://x}| is for services that run apart| Remove it",
        "terms-service.url: http://x| is for services that run apart| Remove it",
        "terms.policies.privacy.de: {name: P}| privacy.de is not a language of a policy| {name:",
        "terms.policies.privacy.fr: {name: P, file: /nowhere.md}| cannot be read as UTF-8 text: /nowhere.md| Check the path",
        "terms.policies.privacy.services: [nobody]| names a service that there is not: nobody| identity, names",
        "terms.policies.privacy.required-from: soon| is not a day: soon| 2026-12-31"})
    void saysWhatIsWrongAndWhereAndHowToMendIt(String line, String what, String mend) {
        List<Finding> found = check(GOOD + "  " + line + "\n", "all", Map.of());
        assertThat(found).filteredOn(finding -> finding.severity() == Finding.Severity.ERROR)
                .singleElement()
                .satisfies(finding -> {
                    assertThat(finding.what()).contains(what.strip());
                    assertThat(finding.mend()).contains(mend == null ? "" : mend.strip());
                    assertThat(finding.where()).endsWith("signet.yaml:10");
                });
    }

    @Test
    void findsAllAtOnce() {
        List<Finding> found = check("""
                server.port: 99999
                management.server.port: many
                signet:
                  server-name: "id example"
                  mail: {prot: 25, port: 70000, host: x}
                  account: {token-lifetime: soon, max-tokens: 0}
                  terms.policies.p: {version: 1.0, services: [nobody], de: {name: P}, en: {name: E, file: /nowhere}}
                  publik-url: x
                """, "all", Map.of());
        assertThat(found).filteredOn(finding -> finding.severity() == Finding.Severity.ERROR)
                .extracting(Finding::what)
                .satisfiesExactlyInAnyOrder(what -> assertThat(what).contains("server.port is 99999"),
                        what -> assertThat(what).contains("management.server.port").contains("'many'"),
                        what -> assertThat(what).contains("signet.server-name"),
                        what -> assertThat(what).contains("signet.public-url is missing"),
                        what -> assertThat(what).contains("signet.mail.prot"),
                        what -> assertThat(what).contains("signet.mail.port"),
                        what -> assertThat(what).contains("signet.mail.from must be set"),
                        what -> assertThat(what).contains("token-lifetime"),
                        what -> assertThat(what).contains("max-tokens"),
                        what -> assertThat(what).contains("p.version is a decimal number"),
                        what -> assertThat(what).contains("nobody"),
                        what -> assertThat(what).contains("p.de is not a language"),
                        what -> assertThat(what).contains("p.en.file names a file"),
                        what -> assertThat(what).contains("signet.publik-url"));
    }

    @Test
    void saysWhereAFileIsNoYamlAndQuotesNothingOfIt() {
        List<Finding> found = check("signet:\n  server-name: id\n   password: geheim\n", "all", Map.of());
        assertThat(found).singleElement().satisfies(finding -> {
            assertThat(finding.where()).endsWith("signet.yaml:3:12");
            assertThat(finding.what()).contains("no YAML").doesNotContain("geheim");
        });
    }

    @Test
    void namesTheVariableAndNeverASecret() {
        List<Finding> found = new ArrayList<>(
                check(GOOD, "all", Map.of("SIGNET_MAIL_PORT", "x", "SIGNET_SMS_URL", "ftp://geheim",
                        "SIGNET_DATABASE_PASSWORD_FILE", "/nowhere", "SIGNET_INTROSPECTION_CLIENTS_A_SECRET",
                        "geheim")));
        found.addAll(check(GOOD + "  introspection.clients: {identity: geheim}\n  terms-service: geheim\n", "all",
                Map.of()));
        found.addAll(check(GOOD + "  introspection: {clients: geheim}\n", "terms", Map.of()));
        assertThat(found).extracting(Finding::where).contains("variable SIGNET_MAIL_PORT", "variable SIGNET_SMS_URL");
        assertThat(found).extracting(Finding::what)
                .anyMatch(what -> what.contains("SIGNET_DATABASE_PASSWORD_FILE names a file that cannot be read"))
                .anyMatch(what -> what.contains("signet.introspection.clients cannot be read: what it says"))
                .noneMatch(what -> what.contains("geheim"));
        assertThat(found).extracting(Finding::mend).noneMatch(mend -> mend.contains("geheim"));
    }

    @Test
    void asksOfAServiceApartWhatItNeeds() {
        assertThat(check(GOOD, "identity", Map.of())).extracting(Finding::what)
                .containsExactlyInAnyOrder("The setting signet.terms-service.url is missing.",
                        "The setting signet.terms-service.client-id is missing.",
                        "The setting signet.terms-service.client-secret is missing.");
        assertThat(check(GOOD + "  introspection.clients.identity: {secret: 0123456789abcdef0123456789abcdef}\n",
                "terms", Map.of())).filteredOn(finding -> finding.severity() == Finding.Severity.ERROR)
                .extracting(Finding::what)
                .containsExactly("The setting signet.introspection.clients.identity.url is missing.");
        assertThat(check(GOOD + "  mail.port: x\n", "names", Map.of())).extracting(Finding::what)
                .noneMatch(what -> what.contains("mail.port"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "data-dir: /srv/${NOBODY_SETS_THIS}| names ${NOBODY_SETS_THIS}, which nothing sets",
        "limits.enabled: false| turns off all limits",
        "database.accept-data-loss: true| loses in a crash", "lookup.algorithms: [sha256, none]| in the clear",
        "federation.allow-addresses: [10.0.0.0/8]| 10.0.0.0/8", "federation.allow-addresses: [fd00::/8]| fd00::/8",
        "validation.confirm: link| mail scanner", "mail.security: none| in the clear"})
    void warnsOfWhatIsProbablyNotMeant(String line, String what) {
        assertThat(check(GOOD + "  " + line + "\n", "all", Map.of())).singleElement().satisfies(finding -> {
            assertThat(finding.severity()).isEqualTo(Finding.Severity.WARNING);
            assertThat(finding.what()).contains(what.strip());
            assertThat(finding.where()).endsWith("signet.yaml:10");
        });
    }

    @Test
    void warnsOfAPortThatIsOpenPastTheProxy() {
        String open = GOOD.replace("server.address: 127.0.0.1\n", "");
        assertThat(check(open, "all", Map.of())).singleElement().satisfies(finding -> {
            assertThat(finding.severity()).isEqualTo(Finding.Severity.WARNING);
            assertThat(finding.what()).contains("server.address");
            assertThat(finding.mend()).contains("server.address: 127.0.0.1");
        });
        assertThat(check(open.replace("[127.0.0.1]", "[127.0.0.1, '::1', 127.0.0.0/8]"), "all", Map.of())).hasSize(1);
        // The proxy is on another machine, or the server in a container.
        assertThat(check(open.replace("[127.0.0.1]", "[172.17.0.1]"), "all", Map.of())).isEmpty();
    }

    @Test
    void warnsOfEachSecretInAFileThatEverybodyCanRead() throws IOException {
        String secrets = GOOD.replace("from: id@example.org", "from: id@example.org, username: me, password: geheim1") + """
              sms: {url: "https://sms.example.org/geheim2", countries: [DE], headers: {X-Api-Key: geheim3}, body: "{}"}
              introspection.clients.other: {secret: 0123456789abcdef0123456789abcdef}
            """;
        check(secrets, "all", Map.of());
        Files.setPosixFilePermissions(folder.resolve("signet.yaml"), PosixFilePermissions.fromString("rw-r--r--"));
        assertThat(check(secrets, "all", Map.of())).extracting(Finding::what)
                .filteredOn(what -> what.contains("that everybody on this machine can read"))
                .extracting(what -> what.replaceFirst("The setting (\\S+) .*", "$1"))
                .containsExactlyInAnyOrder("signet.mail.password", "signet.sms.url", "signet.sms.headers",
                        "signet.sms.body", "signet.introspection.clients.other.secret");
    }

    @Test
    void warnsOfWhatIsMissing() {
        assertThat(check("signet: {server-name: x.org, public-url: 'http://x.org'}", "all", Map.of()))
                .allMatch(finding -> finding.severity() == Finding.Severity.WARNING)
                .extracting(Finding::what)
                .satisfiesExactlyInAnyOrder(what -> assertThat(what).contains("without TLS"),
                        what -> assertThat(what).contains("signet.terms.policies"),
                        what -> assertThat(what).contains("signet.mail.host"));
        assertThat(check("signet: {server-name: x.org, public-url: 'https://x.org'}", "names", Map.of()))
                .filteredOn(finding -> finding.severity() == Finding.Severity.WARNING)
                .extracting(Finding::what)
                .singleElement()
                .asString()
                .contains("signet.trusted-proxies");
        assertThat(check("signet: {server-name: x.org, public-url: 'http://localhost:8090'}", "names", Map.of()))
                .noneMatch(finding -> finding.severity() == Finding.Severity.WARNING);
    }
}
