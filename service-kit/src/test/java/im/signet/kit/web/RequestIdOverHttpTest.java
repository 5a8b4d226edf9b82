package im.signet.kit.web;

import java.io.IOException;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;

import static org.assertj.core.api.Assertions.assertThat;

/** Which id a request gets, over a real Tomcat. */
class RequestIdOverHttpTest {

    private static final String OURS = "[0-9a-f]{32}";
    private static final String THEIRS = "0123456789abcdef0123456789abcdef";

    private static String idOf(int port, String method, String path, Map<String, String> headers) throws IOException {
        return Wire.send(port, method, path, headers, "").headers().getOrDefault("x-request-id", "");
    }

    @Nested
    @SpringBootTest(classes = TinyService.class, webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
    class WithoutAProxy {

        @LocalServerPort
        private int port;

        @Test
        void givesEachRequestItsOwn() throws IOException {
            Set<String> ids = new HashSet<>();
            for (int i = 0; i < 50; i++) {
                ids.add(idOf(port, "GET", "/open", Map.of()));
            }
            assertThat(ids).hasSize(50).allMatch(id -> id.matches(OURS));
        }

        @Test
        void takesNoneThatAClientMadeUp() throws IOException {
            assertThat(idOf(port, "GET", "/open", Map.of("X-Request-Id", THEIRS))).matches(OURS).isNotEqualTo(THEIRS);
        }

        @ParameterizedTest
        @ValueSource(strings = {"GET /open", "GET /nothing", "OPTIONS /open", "DELETE /open", "GET /echo",
            "GET /client",
            "GET /open//", "GET /open;a=b"})
        void putsItOnEveryAnswer(String request) throws IOException {
            String[] words = request.split(" ", -1);
            assertThat(idOf(port, words[0], words[1], Map.of())).as(request).matches(OURS);
        }

        @Test
        void letsPagesOfOtherOriginsReadIt() throws IOException {
            assertThat(Wire.send(port, "GET", "/open", Map.of(), "").headers())
                    .containsEntry("access-control-expose-headers", "X-Request-Id");
        }
    }

    @Nested
    @SpringBootTest(classes = TinyService.class, webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT, properties = {
        "signet.trusted-proxies=127.0.0.1"})
    class BehindAProxy {

        @LocalServerPort
        private int port;

        @ParameterizedTest
        @ValueSource(strings = {THEIRS, "01234567-89ab-CDEF-0123-456789abcdef"})
        void takesTheProxys(String id) throws IOException {
            assertThat(idOf(port, "GET", "/open", Map.of("X-Request-Id", id))).isEqualTo(id);
        }

        @ParameterizedTest
        @ValueSource(strings = {"", "x", "alice@example.org", "+441234567890", "0123456789abcdef0123456789abcdef0",
            "0123456789abcdef0123456789abcde", "0123456789abcdef0123456789abcdeg", "${jndi:ldap://x}",
            "0123456789abcdef 0123456789abcde", "01234567-89ab-cdef-0123456789ab-cdef"})
        void makesOneWhereItSentSomethingElse(String other) throws IOException {
            assertThat(idOf(port, "GET", "/open", Map.of("X-Request-Id", other))).matches(OURS).isNotEqualTo(other);
        }
    }
}
