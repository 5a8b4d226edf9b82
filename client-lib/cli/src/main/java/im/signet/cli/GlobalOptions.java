package im.signet.cli;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;

import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** The options that every command takes, wherever they stand. */
final class GlobalOptions {

    @Option(names = {"-h", "--help"}, scope = ScopeType.INHERIT, usageHelp = true, description = "show this")
    boolean help;

    @Option(names = "--home", scope = ScopeType.INHERIT, paramLabel = "DIR", defaultValue = "${env:SIGNET_HOME}", description = "where your keys, session and contacts are kept (SIGNET_HOME); else signet in XDG_DATA_HOME or ~/.local/share")
    Optional<Path> folder = Optional.empty();

    @Option(names = "--json", scope = ScopeType.INHERIT, description = "print the result as one JSON object")
    boolean json;

    @Option(names = {"-y",
        "--yes"}, scope = ScopeType.INHERIT, description = "agree beforehand to what this command sends and does; does not accept terms")
    boolean yes;

    @Option(names = "--accept-terms", scope = ScopeType.INHERIT, description = "say that you have read and accept the terms that the server states now")
    boolean acceptTerms;

    @Option(names = {"-v",
        "--verbose"}, scope = ScopeType.INHERIT, description = "tell each request, also those that disclose nothing new")
    boolean verbose;

    @Option(names = "--passphrase-file", scope = ScopeType.INHERIT, paramLabel = "FILE", defaultValue = "${env:SIGNET_PASSPHRASE_FILE}", description = "read the passphrase from a file, - for the input (SIGNET_PASSPHRASE_FILE)")
    Optional<Path> passphraseFile = Optional.empty();

    @Option(names = "--proxy", scope = ScopeType.INHERIT, paramLabel = "HOST:PORT", description = "send everything through this HTTP proxy")
    Optional<String> proxy = Optional.empty();

    @Option(names = "--ca-file", scope = ScopeType.INHERIT, paramLabel = "FILE", description = "trust the certificates in this PEM file as well")
    Optional<Path> caFile = Optional.empty();

    @Option(names = "--colour", scope = ScopeType.INHERIT, paramLabel = "WHEN", defaultValue = "auto", description = "auto, always or never; NO_COLOR is honoured")
    String colour = "auto";

    @Option(names = "--allow-loopback-http", scope = ScopeType.INHERIT, description = "take http addresses of this very machine, for demonstrations")
    boolean allowLoopbackHttp;

    /** Returns the folder of what is kept. */
    Path home() {
        return folder.filter(path -> !path.toString().isEmpty()).orElseGet(() -> {
            String data = System.getenv().getOrDefault("XDG_DATA_HOME", "");
            Path base = data.isEmpty() ? Path.of(System.getProperty("user.home"), ".local", "share") : Path.of(data);
            return base.resolve("signet");
        });
    }

    Optional<InetSocketAddress> proxyAddress() {
        return proxy.map(text -> {
            int colon = text.lastIndexOf(':');
            try {
                int port = Integer.parseInt(text.substring(colon + 1));
                if (colon > 0 && port > 0 && port <= 65_535) {
                    return InetSocketAddress.createUnresolved(text.substring(0, colon), port);
                }
            } catch (NumberFormatException notANumber) {
                // Said below.
            }
            throw new Ended(Exit.USAGE, "A proxy has the form HOST:PORT.");
        });
    }

    /** Returns a TLS context that trusts the system's authorities and those of the file; empty when there is none. */
    Optional<SSLContext> trust() {
        return caFile.map(GlobalOptions::contextWith);
    }

    private static SSLContext contextWith(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(null, null);
            int number = 0;
            for (Certificate certificate : CertificateFactory.getInstance("X.509").generateCertificates(in)) {
                store.setCertificateEntry("given-" + number++, certificate);
            }
            if (number == 0) {
                throw new Ended(Exit.USAGE, "There is no certificate in " + file + ".");
            }
            TrustManagerFactory system = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            system.init((KeyStore) null);
            for (TrustManager manager : system.getTrustManagers()) {
                if (manager instanceof X509TrustManager trusted) {
                    for (Certificate issuer : trusted.getAcceptedIssuers()) {
                        store.setCertificateEntry("system-" + number++, issuer);
                    }
                }
            }
            TrustManagerFactory all = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            all.init(store);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, all.getTrustManagers(), null);
            return context;
        } catch (IOException | GeneralSecurityException failed) {
            throw new Ended(Exit.USAGE, "The certificates in " + file + " cannot be read.");
        }
    }
}
