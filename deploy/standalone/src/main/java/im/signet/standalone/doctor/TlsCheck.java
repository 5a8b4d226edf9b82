package im.signet.standalone.doctor;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.security.GeneralSecurityException;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;

import org.jspecify.annotations.Nullable;

/** The certificate of the public URL: trusted, for that name, and for some time to come. */
final class TlsCheck implements Check {

    private static final Duration SOON = Duration.ofDays(14);
    private static final int HTTPS = 443;

    @Override
    public String what() {
        return "tls";
    }

    @Override
    public List<Diagnosis> look(Patient patient) throws GeneralSecurityException {
        Optional<URI> given = patient.publicUrl();
        if (given.isEmpty() || !"https".equals(given.get().getScheme())) {
            return List.of(Diagnosis.warn(what(), "public-url is no https URL, so there is no certificate.",
                    "Clients of the public need one: have a reverse proxy answer by https."));
        }
        URI url = given.get();
        String host = url.getHost();
        X509Certificate certificate;
        try {
            certificate = shown(host, url.getPort() < 0 ? HTTPS : url.getPort());
        } catch (SSLHandshakeException refused) {
            return List.of(Diagnosis.fail(what(),
                    host + " speaks TLS and has no certificate for that name, or refuses the handshake.",
                    "Have the reverse proxy serve that name, with its certificate, and TLS 1.2 or 1.3."));
        } catch (SSLException noTls) {
            return List.of(Diagnosis.fail(what(), host + " answers, and speaks no TLS.",
                    "Have the reverse proxy answer by TLS at that port."));
        } catch (IOException unreachable) {
            return List.of(Diagnosis.fail(what(), "nothing answers at " + host + " by TLS.",
                    "Check that the reverse proxy runs and can be reached from here."));
        }
        Instant now = patient.clock().instant();
        Instant begin = certificate.getNotBefore().toInstant();
        if (now.isBefore(begin)) {
            return List
                    .of(Diagnosis.fail(what(), "the certificate of " + host + " is valid from " + begin + " on only.",
                            "Correct the clock of this machine, or that of the one that made it."));
        }
        Instant end = certificate.getNotAfter().toInstant();
        if (now.isAfter(end)) {
            return List.of(Diagnosis.fail(what(), "the certificate of " + host + " expired on " + day(end) + ".",
                    "Renew it, and have the proxy read it."));
        }
        List<String> names = names(certificate);
        if (names.stream().noneMatch(name -> covers(name, host))) {
            return List.of(
                    Diagnosis.fail(what(), "the certificate is for " + String.join(", ", names) + " and not for " + host
                            + ".", "Get one for that name, or correct signet.public-url."));
        }
        try {
            verify(patient.trust(), host, url.getPort() < 0 ? HTTPS : url.getPort());
        } catch (IOException refused) {
            return List.of(Diagnosis.fail(what(),
                    "the certificate of " + host + " leads to no authority that is trusted.",
                    "Have the proxy send the whole chain (fullchain.pem), and use an authority that clients know."));
        }
        long days = Duration.between(now, end).toDays();
        return List.of(Duration.between(now, end).compareTo(SOON) < 0
                ? Diagnosis.warn(what(),
                        "the certificate of " + host + " expires in " + days + " days, on " + day(end) + ".",
                        "Check that it is renewed by itself.")
                : Diagnosis.ok(what(), "the certificate of " + host + " is trusted, for " + days + " days more."));
    }

    /** Returns what the host shows; nothing is sent to it, so nothing needs to be trusted for that. */
    private static X509Certificate shown(String host, int port) throws IOException, GeneralSecurityException {
        SSLContext looking = SSLContext.getInstance("TLS");
        looking.init(null, new TrustManager[]{new Looking()}, null);
        try (SSLSocket socket = connect(looking, host, port)) {
            socket.startHandshake();
            Certificate[] chain = socket.getSession().getPeerCertificates();
            return (X509Certificate) chain[0];
        }
    }

    private static void verify(SSLContext trust, String host, int port) throws IOException {
        try (SSLSocket socket = connect(trust, host, port)) {
            SSLParameters strict = socket.getSSLParameters();
            strict.setEndpointIdentificationAlgorithm("HTTPS");
            socket.setSSLParameters(strict);
            socket.startHandshake();
        }
    }

    private static SSLSocket connect(SSLContext context, String host, int port) throws IOException {
        int patience = (int) Patient.PATIENCE.toMillis();
        Socket plain = new Socket();
        try {
            plain.connect(new InetSocketAddress(host, port), patience);
            plain.setSoTimeout(patience);
            return (SSLSocket) context.getSocketFactory().createSocket(plain, host, port, true);
        } catch (IOException failed) {
            plain.close();
            throw failed;
        }
    }

    // A list of type and value, where 2 is a DNS name and 7 an IP address.
    private static List<String> names(X509Certificate certificate) throws GeneralSecurityException {
        var names = certificate.getSubjectAlternativeNames();
        return names == null
                ? List.of()
                : names.stream()
                        .filter(name -> name.get(0) instanceof Integer type && (type == 2 || type == 7))
                        .map(name -> String.valueOf(name.get(1)).toLowerCase(Locale.ROOT))
                        .collect(Collectors.toList());
    }

    private static boolean covers(String name, String host) {
        String asked = host.toLowerCase(Locale.ROOT);
        return name.equals(asked) || (name.startsWith("*.") && asked.indexOf('.') > 0
                && asked.substring(asked.indexOf('.')).equals(name.substring(1)));
    }

    private static String day(Instant time) {
        return time.toString().substring(0, 10);
    }

    /** Takes any certificate, to be able to say what is wrong with it. */
    private static final class Looking implements X509TrustManager {

        @Override
        public void checkClientTrusted(X509Certificate @Nullable [] chain, @Nullable String type) {}

        @Override
        public void checkServerTrusted(X509Certificate @Nullable [] chain, @Nullable String type) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
