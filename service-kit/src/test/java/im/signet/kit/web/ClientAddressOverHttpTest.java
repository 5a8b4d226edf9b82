package im.signet.kit.web;

import im.signet.kit.settings.UnusableSettingException;

import java.io.IOException;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Who the client of a request is, over a real Tomcat: a spoofed X-Forwarded-For changes nothing. */
class ClientAddressOverHttpTest {

    private static final String LOOPBACK = "7f000001";

    private static String client(int port, Map<String, String> headers) throws IOException {
        Wire.Answer answer = Wire.send(port, "GET", "/client", headers, "");
        assertThat(answer.status()).isEqualTo(200);
        return answer.json().string("block").orElseThrow();
    }

    /** Boot turns Tomcat's own reading of the header on where it finds itself in Kubernetes. */
    @Nested
    @SpringBootTest(classes = TinyService.class, webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT, properties = {
        "spring.main.cloud-platform=kubernetes"})
    class WithoutAProxy {

        @LocalServerPort
        private int port;

        @ParameterizedTest
        @CsvSource(delimiter = '|', value = {"X-Forwarded-For|203.0.113.9", "Forwarded|for=203.0.113.9",
            "X-Real-IP|203.0.113.9", "X-Forwarded-For|10.0.0.1", "X-Forwarded-For|127.0.0.1, 203.0.113.9"})
        void believesNoHeader(String header, String value) throws IOException {
            assertThat(client(port, Map.of(header, value))).isEqualTo(LOOPBACK);
        }
    }

    @Nested
    @SpringBootTest(classes = TinyService.class, webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT, properties = {
        "signet.trusted-proxies=127.0.0.1,10.0.0.0/8"})
    class BehindAProxy {

        @LocalServerPort
        private int port;

        @Test
        void takesTheClientFromTheProxy() throws IOException {
            assertThat(client(port, Map.of("X-Forwarded-For", "203.0.113.9"))).isEqualTo("cb007109");
            assertThat(client(port, Map.of("x-forwarded-for", "2001:db8:0:1::9, 10.0.0.1")))
                    .isEqualTo("20010db800000001");
            assertThat(client(port, Map.of())).isEqualTo(LOOPBACK);
        }

        @Test
        void takesWhatTheClientWroteForNothing() throws IOException {
            Set<String> clients = new HashSet<>();
            for (int i = 0; i < 200; i++) {
                clients.add(client(port, Map.of("X-Forwarded-For", "198.51.100." + i + ", 203.0.113.9")));
            }
            assertThat(clients).containsExactly("cb007109");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"server.forward-headers-strategy=native", "server.forward-headers-strategy=FRAMEWORK",
        "server.tomcat.remoteip.remote-ip-header=x-forwarded-for",
        "server.tomcat.remoteip.protocol-header=x-forwarded-proto"})
    void leavesNobodyElseToReadTheHeader(String setting) {
        assertThatThrownBy(() -> start(setting)).isInstanceOf(UnusableSettingException.class)
                .hasMessageContaining(setting.substring(0, setting.indexOf('=')))
                .hasMessageContaining("signet.trusted-proxies");
    }

    @ParameterizedTest
    @ValueSource(strings = {"localhost", "10.0.0.1/8", "10.0.0.0/33", "fd00::/129", "*", "10.0.0.0-10.0.0.9"})
    void stopsTheStartAtWhatIsNoProxy(String proxy) {
        assertThatThrownBy(() -> start("signet.trusted-proxies=" + proxy))
                .hasStackTraceContaining("signet.trusted-proxies")
                .rootCause()
                .isInstanceOf(IllegalArgumentException.class);
    }

    private static void start(String setting) {
        SpringApplication application = new SpringApplication(TinyService.class);
        try (ConfigurableApplicationContext context = application.run("--server.port=0", "--" + setting)) {
            assertThat(context.isRunning()).isTrue();
        }
    }
}
