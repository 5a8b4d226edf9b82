package im.signet.standalone.doctor;

import im.signet.kit.database.ServerDatabase;
import im.signet.kit.journal.JournalProperties;
import im.signet.kit.outbound.TrustedCertificates;
import im.signet.standalone.config.Service;
import im.signet.standalone.config.SettingsSources;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.Connection;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLContext;

import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.core.env.ConfigurableEnvironment;

/**
 * The server that is looked at, as its settings describe it. Safe to use from many threads.
 *
 * @param mailTo      who gets a test mail, if anybody
 * @param homeservers those that were named on the command line
 */
record Patient(SettingsSources sources, Service.Served served, Optional<String> mailTo, List<String> homeservers,
        Clock clock, SecureRandom random) {

    /** How long one step of a check may take. */
    static final Duration PATIENCE = Duration.ofSeconds(5);

    ConfigurableEnvironment settings() {
        return sources.environment();
    }

    /** Returns a setting as text; empty when it is not set or cannot be read. */
    Optional<String> text(String name) {
        try {
            return Optional.ofNullable(settings().getProperty(name))
                    .map(String::strip)
                    .filter(value -> !value.isEmpty());
        } catch (IllegalArgumentException foundByTheConfiguration) {
            return Optional.empty();
        }
    }

    /** Returns a setting that is a list; empty when it is not set or cannot be read. */
    List<String> list(String name) {
        try {
            return Binder.get(settings()).bind(name, Bindable.listOf(String.class)).orElse(List.of());
        } catch (BindException foundByTheConfiguration) {
            return List.of();
        }
    }

    /** Returns the public URL; empty when there is none that can be asked. */
    Optional<URI> publicUrl() {
        return text("signet.public-url").flatMap(text -> {
            try {
                URI url = URI.create(text.endsWith("/") ? text.substring(0, text.length() - 1) : text);
                return url.getHost() == null ? Optional.empty() : Optional.of(url);
            } catch (IllegalArgumentException foundByTheConfiguration) {
                return Optional.empty();
            }
        });
    }

    Path dataDir() {
        return Path.of(text("signet.data-dir").orElse("./data")).toAbsolutePath().normalize();
    }

    Path keyFolder() {
        return dataDir().resolve("keys");
    }

    Path journalFolder() {
        Path folder = text("signet.journal.folder").map(Path::of).orElse(null);
        return new JournalProperties(folder, Duration.ZERO).folderIn(dataDir()).toAbsolutePath().normalize();
    }

    /** Opens a connection that the caller closes; throws what a start would say. */
    Connection database() {
        return ServerDatabase.connect(settings());
    }

    /** Returns what is trusted when the public URL is asked: the system's authorities, and those of the federation. */
    SSLContext trust() {
        try {
            return TrustedCertificates.sslContext(text("signet.federation.ca-file").map(Path::of));
        } catch (IllegalArgumentException foundByTheConfiguration) {
            return TrustedCertificates.sslContext(Optional.empty());
        }
    }

    /** Asks a URL, as a client would. */
    HttpResponse<String> get(URI url, String... headers) throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(url).timeout(PATIENCE.multipliedBy(2));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return send(request.build());
    }

    /** Sends a request. */
    HttpResponse<String> send(HttpRequest request) throws IOException, InterruptedException {
        try (HttpClient http = HttpClient.newBuilder().connectTimeout(PATIENCE).sslContext(trust()).build()) {
            return http.send(request, HttpResponse.BodyHandlers.ofString());
        }
    }
}
