package im.signet.kit.outbound;

import im.signet.kit.outbound.OutboundResult.Answered;
import im.signet.kit.outbound.OutboundResult.Refused;
import im.signet.kit.outbound.OutboundResult.Unreachable;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.List;
import java.util.Optional;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/** The client as services make it, against real loopback, as an operator's own homeserver would be. */
@Timeout(60)
class TrustedCertificatesTest {

    @TempDir
    Path folder;

    @Test
    void trustsEachCertificateOfTheFile() throws IOException {
        TestAuthority first = new TestAuthority();
        TestAuthority second = new TestAuthority();
        Path file = folder.resolve("authorities.pem");
        first.writeTo(file, second);
        assertThat(ask(first, Optional.of(file), "127.0.0.0/8")).isInstanceOf(Answered.class);
        assertThat(ask(second, Optional.of(file), "127.0.0.0/8")).isInstanceOf(Answered.class);
        assertThat(ask(new TestAuthority(), Optional.of(file), "127.0.0.0/8")).isInstanceOf(Unreachable.class);
    }

    @Test
    void trustsNoUnknownAuthorityWithoutTheFile() throws IOException {
        assertThat(ask(new TestAuthority(), Optional.empty(), "127.0.0.0/8")).isInstanceOf(Unreachable.class);
    }

    @Test
    void refusesLoopbackUnlessItIsAllowed() throws IOException {
        TestAuthority authority = new TestAuthority();
        Path file = folder.resolve("authority.pem");
        authority.writeTo(file);
        assertThat(ask(authority, Optional.of(file))).isInstanceOf(Refused.class);
    }

    @Test
    void knowsTheSystemsAuthorities() throws GeneralSecurityException {
        assertThat(TrustedCertificates.systemAuthorities()).hasSizeGreaterThan(20);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "no certificate", "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----",
        "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----",
        "-----BEGIN CERTIFICATE-----\nA\n-----END CERTIFICATE-----"})
    void refusesAFileWithoutCertificates(String content) throws IOException {
        Path file = Files.writeString(folder.resolve("wrong.pem"), content);
        assertThatIllegalArgumentException().isThrownBy(() -> TrustedCertificates.sslContext(Optional.of(file)))
                .withMessageContaining("wrong.pem");
    }

    @Test
    void refusesAFileThatIsNotThere() {
        Path file = folder.resolve("absent.pem");
        assertThatIllegalArgumentException().isThrownBy(() -> TrustedCertificates.sslContext(Optional.of(file)))
                .withMessageContaining("absent.pem");
    }

    private static OutboundResult ask(TestAuthority authority, Optional<Path> file, String... allowed)
            throws IOException {
        HttpsServer server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(authority.serverContext("homeserver.internal")));
        server.createContext("/", exchange -> TestInternet.respond(exchange, 200, "{}"));
        server.start();
        AddressPolicy policy = new AddressPolicy(List.of(allowed).stream().map(AddressRange::valueOf).toList());
        ScriptedNames names = new ScriptedNames().answer("homeserver.internal", "127.0.0.1");
        try (GuardedHttpClient client = GuardedHttpClient.create(policy, names, file)) {
            return client.send(OutboundRequest.get(
                    Destination.of("homeserver.internal", server.getAddress().getPort()), "/"));
        } finally {
            server.stop(0);
        }
    }
}
