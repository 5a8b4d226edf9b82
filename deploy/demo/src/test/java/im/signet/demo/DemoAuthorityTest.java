package im.signet.demo;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class DemoAuthorityTest {
    private final DemoAuthority authority = DemoAuthority.create();

    @Test
    void vouchesForServersByNameAndByAddress() throws Exception {
        SSLContext server = authority.serverContext("localhost", "127.0.0.1", "::1", "id.example.org");

        assertThat(handshake(server, authority.clientContext(), "localhost").getSubjectAlternativeNames()).hasSize(4);
        handshake(server, authority.clientContext(), "127.0.0.1");
        handshake(server, authority.clientContext(), "id.example.org");
    }

    @Test
    void isNotBelievedForAnotherName() {
        SSLContext server = authority.serverContext("other.example.org");

        assertThatThrownBy(() -> handshake(server, authority.clientContext(), "localhost"))
                .isInstanceOf(SSLException.class)
                .hasMessageContaining("localhost");
    }

    @Test
    void isNotBelievedForAnExpiredCertificate() {
        SSLContext server = authority.expiredServerContext("localhost");

        assertThatThrownBy(() -> handshake(server, authority.clientContext(), "localhost"))
                .isInstanceOf(SSLException.class)
                .hasStackTraceContaining("expired");
    }

    @Test
    void isNotBelievedByClientsOfAnotherAuthority() {
        SSLContext server = authority.serverContext("localhost");

        assertThatThrownBy(() -> handshake(server, DemoAuthority.create().clientContext(), "localhost"))
                .isInstanceOf(SSLException.class)
                .hasStackTraceContaining("unable to find valid certification path");
    }

    @Test
    void refusesACertificateWithoutNames() {
        assertThatThrownBy(() -> authority.serverContext()).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void writesItsCertificateForOthersToTrust(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("ca.pem");
        Files.writeString(file, "what was there before");

        authority.writeCaFile(file);

        try (InputStream in = Files.newInputStream(file)) {
            Certificate read = CertificateFactory.getInstance("X.509").generateCertificate(in);
            assertThat(read).isEqualTo(authority.certificate());
        }
        assertThat(authority.certificate().getBasicConstraints()).isZero();
    }

    private static X509Certificate handshake(SSLContext server, SSLContext client, String name) throws Exception {
        InetAddress loopback = InetAddress.getLoopbackAddress();
        try (SSLServerSocket listening = (SSLServerSocket) server.getServerSocketFactory()
                .createServerSocket(0, 1, loopback);
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            threads.execute(() -> acceptOne(listening));
            try (SSLSocket plain = (SSLSocket) client.getSocketFactory()
                    .createSocket(new Socket(loopback,
                            listening.getLocalPort()), name, listening.getLocalPort(), true)) {
                SSLParameters parameters = plain.getSSLParameters();
                parameters.setEndpointIdentificationAlgorithm("HTTPS");
                plain.setSSLParameters(parameters);
                plain.startHandshake();
                return (X509Certificate) plain.getSession().getPeerCertificates()[0];
            }
        }
    }

    private static void acceptOne(SSLServerSocket listening) {
        try (SSLSocket socket = (SSLSocket) listening.accept()) {
            socket.startHandshake();
        } catch (IOException _) {
            // The client did not believe the certificate, which is what it reports itself.
        }
    }
}
