package im.signet.kit.outbound;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.stream.Stream;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.CertIOException;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** A certificate authority made on the spot. */
public final class TestAuthority {

    private static final SecureRandom RANDOM = new SecureRandom();
    private static final Duration DAY = Duration.ofDays(1);

    private final KeyPair keys = newKeys();
    private final X500Name name = new X500Name("CN=Test authority " + new BigInteger(64, RANDOM));
    private final X509Certificate certificate;

    public TestAuthority() {
        Instant now = Instant.now();
        try {
            X509v3CertificateBuilder builder = builder(name, keys, now.minus(DAY), now.plus(DAY));
            builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(true));
            certificate = signed(builder);
        } catch (CertIOException e) {
            throw new IllegalStateException(e);
        }
    }

    public void writeTo(Path pemFile, TestAuthority... others) throws IOException {
        StringBuilder pem = new StringBuilder("# the first of them\n").append(pem());
        Stream.of(others).forEach(other -> pem.append("\n another - one:\n").append(other.pem()));
        Files.writeString(pemFile, pem);
    }

    private String pem() {
        try {
            return "-----BEGIN CERTIFICATE-----\n"
                    + Base64.getMimeEncoder(64, new byte[]{'\n'}).encodeToString(certificate.getEncoded())
                    + "\n-----END CERTIFICATE-----\n";
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Returns a context that trusts only this authority. */
    SSLContext clientContext() {
        try {
            KeyStore anchors = KeyStore.getInstance(KeyStore.getDefaultType());
            anchors.load(null, null);
            anchors.setCertificateEntry("authority", certificate);
            TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(anchors);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, trust.getTrustManagers(), null);
            return context;
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Returns the context of a server whose certificate holds these names and IP addresses. */
    public SSLContext serverContext(String... names) {
        Instant now = Instant.now();
        return serverContext(now.minus(DAY), now.plus(DAY), names);
    }

    SSLContext expiredServerContext(String... names) {
        Instant now = Instant.now();
        return serverContext(now.minus(DAY), now.minusSeconds(60), names);
    }

    SSLContext futureServerContext(String... names) {
        Instant now = Instant.now();
        return serverContext(now.plus(Duration.ofHours(1)), now.plus(DAY), names);
    }

    private SSLContext serverContext(Instant from, Instant until, String... names) {
        try {
            KeyPair serverKeys = newKeys();
            X509v3CertificateBuilder builder = builder(new X500Name("CN=server"), serverKeys, from, until);
            builder.addExtension(Extension.subjectAlternativeName, false,
                    new GeneralNames(Stream.of(names).map(TestAuthority::generalName).toArray(GeneralName[]::new)));
            char[] password = {};
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            store.setKeyEntry("server", serverKeys.getPrivate(), password,
                    new Certificate[]{signed(builder), certificate});
            KeyManagerFactory managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            managers.init(store, password);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(managers.getKeyManagers(), null, null);
            return context;
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static GeneralName generalName(String text) {
        boolean address = IpLiteral.parse(text).isPresent();
        return new GeneralName(address ? GeneralName.iPAddress : GeneralName.dNSName, text);
    }

    private X509v3CertificateBuilder builder(X500Name subject, KeyPair subjectKeys, Instant from, Instant until) {
        return new JcaX509v3CertificateBuilder(name, new BigInteger(120, RANDOM), Date.from(from), Date.from(until),
                subject, subjectKeys.getPublic());
    }

    private X509Certificate signed(X509v3CertificateBuilder builder) {
        try {
            return new JcaX509CertificateConverter().getCertificate(
                    builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(keys.getPrivate())));
        } catch (GeneralSecurityException | OperatorCreationException e) {
            throw new IllegalStateException(e);
        }
    }

    private static KeyPair newKeys() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"), RANDOM);
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
