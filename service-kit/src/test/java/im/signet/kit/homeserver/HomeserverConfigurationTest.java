package im.signet.kit.homeserver;

import im.signet.kit.outbound.GuardedHttpClient;
import im.signet.kit.outbound.TestAuthority;

import java.nio.file.Path;
import java.time.Clock;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import static org.assertj.core.api.Assertions.assertThat;

class HomeserverConfigurationTest {

    @TempDir
    Path folder;

    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withUserConfiguration(HomeserverConfiguration.class)
            .withBean(Clock.class, Clock::systemUTC);

    @Test
    void needsNoSettings() {
        runner.run(context -> {
            assertThat(context).hasSingleBean(Homeservers.class).hasSingleBean(GuardedHttpClient.class);
            FederationProperties federation = context.getBean(FederationProperties.class);
            assertThat(federation.allowAddresses()).isEmpty();
            assertThat(federation.caFile()).isNull();
            assertThat(federation.homeservers()).isEmpty();
            assertThat(federation.deniedHomeservers()).isEmpty();
        });
    }

    @Test
    void readsAllSettings() throws Exception {
        Path file = folder.resolve("authority.pem");
        new TestAuthority().writeTo(file);
        runner.withPropertyValues("signet.federation.allow-addresses=10.0.0.0/8,::1",
                "signet.federation.ca-file=" + file,
                "signet.federation.homeservers[0]=hs.example",
                "signet.federation.homeservers[1]=[::1]:8448",
                "signet.federation.denied-homeservers=*.evil.example,[::2]").run(context -> {
                    FederationProperties federation = context.getBean(FederationProperties.class);
                    assertThat(federation.allowAddresses()).extracting(Object::toString)
                            .containsExactly("10.0.0.0/8", "::1/128");
                    assertThat(federation.caFile()).isEqualTo(file);
                    assertThat(federation.homeservers()).extracting(Object::toString)
                            .containsExactly("hs.example", "[::1]:8448");
                    assertThat(federation.deniedHomeservers()).extracting(Object::toString)
                            .containsExactly("*.evil.example", "[::2]");
                });
    }

    @ParameterizedTest
    @CsvSource({"signet.federation.allow-addresses, 10.0.0.1/8, 10.0.0.0/8",
        "signet.federation.allow-addresses, example.org, CIDR", "signet.federation.homeservers, hs_example, host name",
        "signet.federation.denied-homeservers, evil.*, host name",
        "signet.federation.denied-homeservers, *.192.0.2.1, below an IP address",
        "signet.federation.ca-file, /nonexistent/ca.pem, /nonexistent/ca.pem"})
    void stopsTheStartAtAWrongValueAndNamesItsProperty(String property, String value, String hint) {
        runner.withPropertyValues(property + "=" + value).run(context -> {
            assertThat(context).hasFailed();
            StringBuilder told = new StringBuilder();
            for (Throwable cause = context.getStartupFailure(); cause != null; cause = cause.getCause()) {
                told.append(cause.getMessage()).append('\n');
            }
            assertThat(told.toString()).contains(property).contains(hint);
        });
    }
}
