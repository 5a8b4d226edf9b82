package im.signet.kit.outbound;

import im.signet.kit.settings.SettingsCheck;
import im.signet.kit.settings.UnusableSettingException;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.core.env.Environment;

/** Finds files of certificates, whatever they are for, that cannot be read or have no certificate in them. */
final class CertificateFilesCheck implements SettingsCheck {

    private static final String CLIENTS = "signet.introspection.clients";

    @Override
    public List<UnusableSettingException> check(Environment settings) {
        List<UnusableSettingException> wrong = new ArrayList<>();
        Stream.concat(Stream.of("signet.federation", "signet.mail", "signet.sms", "signet.terms-service"),
                Binder.get(settings)
                        .bind(CLIENTS, Bindable.mapOf(String.class, Object.class))
                        .orElse(Map.of())
                        .keySet()
                        .stream()
                        .map(name -> CLIENTS + "." + name))
                .map(owner -> owner + ".ca-file")
                .forEach(setting -> Optional.ofNullable(settings.getProperty(setting))
                        .filter(file -> !file.isBlank())
                        .flatMap(CertificateFilesCheck::problem)
                        .map(problem -> new UnusableSettingException(
                                "The setting " + setting + " cannot be used: " + problem + ".",
                                "Name a file with at least one certificate in PEM form."))
                        .ifPresent(wrong::add));
        return wrong;
    }

    private static Optional<String> problem(String file) {
        try {
            TrustedCertificates.sslContext(Optional.of(Path.of(file)));
            return Optional.empty();
        } catch (InvalidPathException foundElsewhere) {
            return Optional.empty();
        } catch (IllegalArgumentException unusable) {
            return Optional.of(String.valueOf(unusable.getMessage()));
        }
    }
}
