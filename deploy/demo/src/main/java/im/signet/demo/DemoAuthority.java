package im.signet.demo;

import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
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
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Date;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import javax.security.auth.x500.X500Principal;

import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.CertIOException;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.util.IPAddress;
import org.bouncycastle.util.io.pem.PemObject;

/**
 * A certificate authority made on the spot, whose key lives as long as this object. What one authority issues no other
 * trusts, so a second one serves as the foreign authority of a test. Immutable, safe for use by several threads.
 */
public final class DemoAuthority {
    private static final Duration LIFETIME = Duration.ofDays(365);
    private static final Duration LEAF_LIFETIME = Duration.ofDays(90);
    /** How far back validity begins: clocks differ, and an expired certificate had its time too. */
    private static final Duration SINCE = Duration.ofDays(7);
    private static final int SERIAL_BITS = 127;
    private static final char[] NO_PASSWORD = {};

    private final Clock clock;
    private final SecureRandom random;
    private final KeyPair keys;
    private final X509Certificate certificate;

    private DemoAuthority(Clock clock, SecureRandom random) throws GeneralSecurityException, IOException {
        this.clock = clock;
        this.random = random;
        this.keys = newKeys();
        BigInteger serial = newSerial();
        X500Principal name = new X500Principal("O=Signet,CN=Demonstration authority " + serial.toString(36));
        Instant now = clock.instant();
        X509v3CertificateBuilder builder = new JcaX509v3CertificateBuilder(name, serial, Date.from(now.minus(SINCE)),
                Date.from(now.plus(LIFETIME)), name, keys.getPublic())
                .addExtension(Extension.basicConstraints, true, new BasicConstraints(0))
                .addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign))
                .addExtension(Extension.subjectKeyIdentifier, false,
                        new JcaX509ExtensionUtils().createSubjectKeyIdentifier(keys.getPublic()));
        this.certificate = sign(builder);
    }

    /** Returns a new authority, valid from now for a year. */
    public static DemoAuthority create() {
        return create(Clock.systemUTC(), new SecureRandom());
    }

    /** Returns a new authority, valid for a year from the time that {@code clock} says; so are its certificates. */
    public static DemoAuthority create(Clock clock, SecureRandom random) {
        try {
            return new DemoAuthority(clock, random);
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException("a certificate authority could not be made", e);
        }
    }

    /** Returns the authority's own certificate, which clients have to trust. */
    public X509Certificate certificate() {
        return certificate;
    }

    /** Writes the authority's own certificate as PEM, in place of what the file held. */
    public void writeCaFile(Path pem) {
        write(pem, certificate);
    }

    /**
     * Writes a new, valid certificate for {@code names} and its private key as PEM, in place of what the file held: what other
     * programs than ours serve TLS with.
     */
    public void writeServerFile(Path pem, String... names) {
        Instant now = clock.instant();
        try {
            KeyPair leafKeys = newKeys();
            write(pem, issue(leafKeys, now.minus(SINCE), now.plus(LEAF_LIFETIME), names),
                    new PemObject("PRIVATE KEY", leafKeys.getPrivate().getEncoded()));
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException("a certificate could not be made", e);
        }
    }

    private static void write(Path pem, Object... objects) {
        StringWriter text = new StringWriter();
        try (JcaPEMWriter writer = new JcaPEMWriter(text)) {
            for (Object object : objects) {
                writer.writeObject(object);
            }
            writer.flush();
            Files.writeString(pem, text.toString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns the TLS of a server with a new, valid certificate for {@code names}: DNS names, or IP addresses in digits. */
    public SSLContext serverContext(String... names) {
        Instant now = clock.instant();
        return serverContext(now.minus(SINCE), now.plus(LEAF_LIFETIME), names);
    }

    /** Returns the TLS of a server whose certificate for {@code names} was good until a day ago. */
    public SSLContext expiredServerContext(String... names) {
        Instant now = clock.instant();
        return serverContext(now.minus(SINCE), now.minus(Duration.ofDays(1)), names);
    }

    /** Returns the TLS of a server whose certificate for {@code names} will be good from tomorrow on. */
    public SSLContext earlyServerContext(String... names) {
        Instant tomorrow = clock.instant().plus(Duration.ofDays(1));
        return serverContext(tomorrow, tomorrow.plus(LEAF_LIFETIME), names);
    }

    /** Returns the TLS of a client that trusts this authority and no other. */
    public SSLContext clientContext() {
        try {
            KeyStore trusted = emptyStore();
            trusted.setCertificateEntry("authority", certificate);
            TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(trusted);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, trust.getTrustManagers(), random);
            return context;
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException("the TLS of a client could not be made", e);
        }
    }

    private SSLContext serverContext(Instant from, Instant until, String... names) {
        if (names.length == 0) {
            throw new IllegalArgumentException("a server certificate has at least one name");
        }
        try {
            KeyPair leafKeys = newKeys();
            KeyStore own = emptyStore();
            own.setKeyEntry("server", leafKeys.getPrivate(), NO_PASSWORD,
                    new Certificate[]{issue(leafKeys, from, until, names), certificate});
            KeyManagerFactory managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            managers.init(own, NO_PASSWORD);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(managers.getKeyManagers(), null, random);
            return context;
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException("the TLS of a server could not be made", e);
        }
    }

    private X509Certificate issue(KeyPair leafKeys, Instant from, Instant until, String... names)
            throws GeneralSecurityException, IOException {
        GeneralName[] alternatives = Arrays.stream(names)
                .map(name -> new GeneralName(IPAddress.isValid(name) ? GeneralName.iPAddress : GeneralName.dNSName,
                        name))
                .toArray(GeneralName[]::new);
        JcaX509ExtensionUtils extensions = new JcaX509ExtensionUtils();
        return sign(new JcaX509v3CertificateBuilder(certificate, newSerial(), Date.from(from), Date.from(until),
                new X500Principal("O=Signet demonstration server"), leafKeys.getPublic())
                .addExtension(Extension.basicConstraints, true, new BasicConstraints(false))
                .addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature))
                .addExtension(Extension.extendedKeyUsage, false, new ExtendedKeyUsage(KeyPurposeId.id_kp_serverAuth))
                .addExtension(Extension.authorityKeyIdentifier, false,
                        extensions.createAuthorityKeyIdentifier(certificate))
                .addExtension(Extension.subjectAlternativeName, false, new GeneralNames(alternatives)));
    }

    private X509Certificate sign(X509v3CertificateBuilder builder) throws GeneralSecurityException, CertIOException {
        try {
            return new JcaX509CertificateConverter().getCertificate(builder.build(
                    new JcaContentSignerBuilder("SHA256withECDSA").setSecureRandom(random).build(keys.getPrivate())));
        } catch (OperatorCreationException e) {
            throw new GeneralSecurityException(e);
        }
    }

    private KeyPair newKeys() throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"), random);
        return generator.generateKeyPair();
    }

    private BigInteger newSerial() {
        return new BigInteger(SERIAL_BITS, random).add(BigInteger.ONE);
    }

    private static KeyStore emptyStore() throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        return store;
    }
}
