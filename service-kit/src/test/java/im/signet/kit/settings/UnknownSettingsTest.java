package im.signet.kit.settings;

import im.signet.protocol.identifier.ServerName;

import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

import static org.assertj.core.api.Assertions.assertThat;

class UnknownSettingsTest {

    @ConfigurationProperties("signet.garden")
    record GardenProperties(@DefaultValue("1") int treeCount, @DefaultValue Map<String, String> beds,
            @DefaultValue List<String> tools, @DefaultValue Map<String, Gardener> gardeners) {

        record Gardener(@Nullable String firstName, @Nullable String tool) {}
    }

    @Configuration(proxyBeanMethods = false)
    @Import(SettingsConfiguration.class)
    @EnableConfigurationProperties(GardenProperties.class)
    static class Service {}

    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withUserConfiguration(Service.class)
            .withPropertyValues("signet.server-name=id.example.org", "signet.public-url=https://id.example.org");

    @ParameterizedTest
    @ValueSource(strings = {"signet.garden.tree-count=2", "signet.garden.treeCount=2", "signet.garden.beds.roses=red",
        "signet.garden.tools[0]=spade", "signet.garden.gardeners.ada.first-name=Ada",
        "signet.garden.gardeners.ada.firstName=Ada", "signet.garden.gardeners[ada.b].tool=rake",
        "signet.data-dir=/tmp/x", "other.thing=1"})
    void takesWhatIsKnown(String setting) {
        runner.withPropertyValues(setting).run(context -> assertThat(context).hasNotFailed());
    }

    @ParameterizedTest
    @CsvSource({"signet.garden.tree-cuont=2,signet.garden.tree-count", "signet.sever-name=x,signet.server-name",
        "signet.publik-url=x,signet.public-url", "signet.garden.tool=spade,signet.garden.tools",
        "signet.garden.gardeners.ada.tol=rake,signet.garden.gardeners.ada.tool",
        "signet.garden.gardeners.ada.frist-name=Ada,signet.garden.gardeners.ada.first-name"})
    void stopsTheStartAndSuggestsTheNearOne(String setting, String meant) {
        runner.withPropertyValues(setting).run(context -> {
            assertThat(context).hasFailed();
            assertThat(context.getStartupFailure())
                    .isInstanceOfSatisfying(UnusableSettingException.class,
                            wrong -> {
                                assertThat(wrong).hasMessageContaining(setting.substring(0, setting.indexOf('=')));
                                assertThat(wrong.mend()).contains(meant);
                            });
        });
    }

    @Test
    void listsWhatIsKnownWhereNothingIsNear() {
        runner.withPropertyValues("signet.zeppelin=1")
                .run(context -> assertThat(context.getStartupFailure())
                        .isInstanceOfSatisfying(UnusableSettingException.class,
                                wrong -> assertThat(wrong.mend()).contains("signet.server-name")
                                        .contains("signet.garden.tree-count")));
    }

    @ParameterizedTest
    @CsvSource({"signet.server-name=https://x", "signet.server-name=a b", "signet.public-url=ftp://x",
        "signet.public-url=/relative", "signet.public-url=https://x?y", "signet.public-url=https://u@x"})
    void stopsTheStartOnAWrongValueAndNamesIt(String setting) {
        runner.withPropertyValues(setting).run(context -> {
            assertThat(context).hasFailed();
            assertThat(messages(context.getStartupFailure()))
                    .containsPattern("public-url|publicUrl|server-name|serverName");
        });
    }

    private static String messages(@Nullable Throwable failure) {
        StringBuilder messages = new StringBuilder();
        for (Throwable at = failure; at != null; at = at.getCause()) {
            messages.append(at).append('\n');
        }
        return messages.toString();
    }

    @Test
    void joinsPathsToThePublicUrl() {
        runner.withPropertyValues("signet.public-url=https://id.example.org/base/").run(context -> {
            SignetProperties settings = context.getBean(SignetProperties.class);
            assertThat(settings.publicUrlOf("/x")).isEqualTo("https://id.example.org/base/x");
            assertThat(settings.serverName()).isEqualTo(ServerName.of("id.example.org"));
        });
    }
}
