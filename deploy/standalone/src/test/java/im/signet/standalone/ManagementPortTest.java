package im.signet.standalone;

import im.signet.kit.settings.UnusableSettingException;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;

import com.zaxxer.hikari.HikariDataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.springframework.beans.factory.support.DefaultListableBeanFactory;
import org.springframework.mock.env.MockEnvironment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Health and metrics are at their own port, and nothing else is; the public port has none of it. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ManagementPortTest {

    private final HttpClient http = HttpClient.newHttpClient();
    private Town town;

    @BeforeAll
    void start() {
        town = Town.start(Map.of("management.server.port", "0"));
    }

    @AfterAll
    void stop() {
        town.close();
    }

    private HttpResponse<String> ask(String method, String path) throws IOException, InterruptedException {
        String port = String.valueOf(town.server().getEnvironment().getProperty("local.management.port"));
        return http.send(HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .timeout(Duration.ofMinutes(1))
                .method(method, HttpRequest.BodyPublishers.noBody())
                .build(), HttpResponse.BodyHandlers.ofString());
    }

    @Test
    @Order(1)
    void tellsWhetherItLivesAndIsReady() throws IOException, InterruptedException {
        for (String path : List.of("/actuator/health", "/actuator/health/liveness", "/actuator/health/readiness")) {
            HttpResponse<String> answer = ask("GET", path);
            assertThat(answer.statusCode()).as(path).isEqualTo(200);
            assertThat(answer.body()).contains("\"status\":\"UP\"").doesNotContain("PostgreSQL", "details");
        }
    }

    @Test
    @Order(2)
    void countsRequestsWithoutWhatTheyHold() throws IOException, InterruptedException {
        town.get("/_matrix/identity/v2/canary-path?access_token=canary-query", "canary-token");
        town.get("/_matrix/identity/v2/pubkey/canary-key", "");
        town.get("/_matrix/identity/v2/account", "canary-token");
        HttpResponse<String> metrics = ask("GET", "/actuator/prometheus");
        // A request is counted when all is done, which may be after its answer has come.
        for (int i = 0; i < 600 && !metrics.body().contains("/v2/account\""); i++) {
            Thread.sleep(50);
            metrics = ask("GET", "/actuator/prometheus");
        }
        assertThat(metrics.statusCode()).isEqualTo(200);
        assertThat(metrics.body()).contains("http_server_requests_seconds_count{")
                .contains("/_matrix/identity/v2/pubkey/{keyId}")
                .contains("hikaricp_connections_active")
                .doesNotContain("canary", "127.0.0.1");
    }

    @Test
    @Order(3)
    void countsTheMailsThatLeave() throws IOException, InterruptedException {
        String token = town.register(town.homeserver.register("writer"));
        town.acceptTerms(token);
        assertThat(town.post("/_matrix/identity/v2/validate/email/requestToken", token,
                "{\"client_secret\":\"secret\",\"email\":\"writer@example.org\",\"send_attempt\":1}").status())
                .isEqualTo(200);
        town.mailbox.awaitMailTo("writer@example.org", Duration.ofMinutes(1));
        String metrics = ask("GET", "/actuator/prometheus").body();
        for (int i = 0; i < 600 && !metrics.contains("{channel=\"mail\",outcome=\"delivered\"} 1.0"); i++) {
            Thread.sleep(50);
            metrics = ask("GET", "/actuator/prometheus").body();
        }
        assertThat(metrics).contains("signet_outbox_tries_total{channel=\"mail\",outcome=\"delivered\"} 1.0")
                .contains("signet_outbox_tries_total{channel=\"mail\",outcome=\"given_up\"} 0.0")
                .contains("signet_outbox_waiting{channel=\"mail\"}")
                .contains("signet_outbox_waiting{channel=\"sms\"} 0.0");
    }

    @Test
    @Order(4)
    void tellsNothingElse() throws IOException, InterruptedException {
        for (String id : List.of("env", "beans", "configprops", "heapdump", "threaddump", "loggers", "mappings",
                "metrics", "info", "conditions", "scheduledtasks", "httpexchanges", "sbom", "caches", "sessions",
                "startup", "flyway", "shutdown", "logfile", "auditevents", "loggers/im.signet",
                "env/signet.data-dir")) {
            for (String method : List.of("GET", "POST")) {
                assertThat(ask(method, "/actuator/" + id).statusCode()).as(method + " " + id).isEqualTo(404);
            }
        }
        assertThat(ask("GET", "/actuator/health/db").statusCode()).isEqualTo(404);
        assertThat(ask("POST", "/actuator/health").statusCode()).isEqualTo(405);
        assertThat(ask("GET", "/_matrix/identity/v2").statusCode()).isEqualTo(404);
        assertThat(ask("GET", "/_matrix/identity/v2/account").statusCode()).isIn(401, 404);
    }

    @Test
    @Order(5)
    void leavesThePublicPortWithoutIt() {
        for (String path : List.of("/actuator", "/actuator/health", "/actuator/health/liveness",
                "/actuator/prometheus", "/health", "/livez", "/readyz", "/prometheus", "/metrics")) {
            assertThat(town.get(path, "").status()).as(path).isEqualTo(404);
        }
    }

    @Test
    @Order(6)
    void isNotReadyWithoutItsDatabaseAndLivesAllTheSame() throws IOException, InterruptedException {
        town.server().getBean(HikariDataSource.class).close();
        HttpResponse<String> readiness = ask("GET", "/actuator/health/readiness");
        assertThat(readiness.statusCode()).isEqualTo(503);
        assertThat(readiness.body()).contains("DOWN").doesNotContain("Hikari", "error");
        assertThat(ask("GET", "/actuator/health/liveness").statusCode()).isEqualTo(200);
    }

    @Test
    @Order(7)
    void isNeverThePublicPort() {
        for (Map<String, String> settings : List.of(Map.of("server.port", "8090", "management.server.port", "8090"),
                Map.of("server.port", "8090"))) {
            assertThatThrownBy(() -> start(settings)).isInstanceOf(UnusableSettingException.class);
        }
        assertThatCode(() -> start(Map.of("server.port", "8090", "management.server.port", "9090")))
                .doesNotThrowAnyException();
        assertThatCode(() -> start(Map.of("server.port", "8090", "management.server.port", "-1")))
                .doesNotThrowAnyException();
    }

    private static void start(Map<String, String> settings) {
        MockEnvironment environment = new MockEnvironment();
        settings.forEach(environment::setProperty);
        ManagementConfiguration.portOfItsOwn(environment).postProcessBeanFactory(new DefaultListableBeanFactory());
    }
}
