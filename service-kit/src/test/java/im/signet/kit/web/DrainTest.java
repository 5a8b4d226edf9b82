package im.signet.kit.web;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.availability.ApplicationAvailability;
import org.springframework.boot.availability.ReadinessState;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** A server that was told to stop says so and serves on, until its drain time is over. */
class DrainTest {

    private static ConfigurableApplicationContext start(String drainTime) {
        return new SpringApplicationBuilder(TinyService.class).logStartupInfo(false)
                .run("--server.port=0", "--server.shutdown=graceful", "--signet.drain-time=" + drainTime);
    }

    private static int port(ConfigurableApplicationContext server) {
        return server.getEnvironment().getRequiredProperty("local.server.port", Integer.class);
    }

    private static HttpResponse<String> ask(int port) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/client")).build();
        try (HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
            return http.send(request, HttpResponse.BodyHandlers.ofString());
        }
    }

    @Test
    void servesOnAndAsksForNewConnections() throws Exception {
        ConfigurableApplicationContext server = start("5m");
        int port = port(server);
        ApplicationAvailability availability = server.getBean(ApplicationAvailability.class);
        assertThat(availability.getReadinessState()).isEqualTo(ReadinessState.ACCEPTING_TRAFFIC);
        assertThat(ask(port).headers().firstValue("connection")).isEmpty();
        Thread stopping = Thread.ofPlatform().start(server::close);
        while (availability.getReadinessState() == ReadinessState.ACCEPTING_TRAFFIC
                || stopping.getState() != Thread.State.TIMED_WAITING) {
            Thread.onSpinWait();
        }
        HttpResponse<String> answer = ask(port);
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("connection")).contains("close");
        stopping.interrupt();
        stopping.join();
        assertThat(server.isActive()).isFalse();
        assertThatThrownBy(() -> ask(port)).isInstanceOf(IOException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"-1s", "6m", "soon"})
    void takesNoOtherTimes(String drainTime) {
        assertThatThrownBy(() -> start(drainTime)).hasStackTraceContaining("drain");
    }
}
