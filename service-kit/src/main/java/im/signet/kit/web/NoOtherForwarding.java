package im.signet.kit.web;

import im.signet.kit.settings.SettingsCheck;
import im.signet.kit.settings.UnusableSettingException;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

import org.springframework.boot.EnvironmentPostProcessor;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.Environment;
import org.springframework.core.env.MapPropertySource;

/**
 * Keeps Boot's and Tomcat's own reading of forwarded headers off: it believes every private address, which anybody on the
 * same network has, and Boot turns it on by itself where it finds itself in Kubernetes. Only
 * {@code signet.trusted-proxies} is believed.
 */
public final class NoOtherForwarding implements EnvironmentPostProcessor, SettingsCheck {

    private static final String STRATEGY = "server.forward-headers-strategy";

    @Override
    public void postProcessEnvironment(ConfigurableEnvironment environment, SpringApplication application) {
        check(environment).stream().findFirst().ifPresent(refused -> {
            throw refused;
        });
        environment.getPropertySources()
                .addFirst(new MapPropertySource("no other forwarding", Map.of(STRATEGY, "none")));
    }

    @Override
    public List<UnusableSettingException> check(Environment environment) {
        Binder settings = Binder.get(environment);
        return Stream.of(STRATEGY, "server.tomcat.remoteip.remote-ip-header", "server.tomcat.remoteip.protocol-header")
                .filter(name -> Optional.ofNullable(settings.bind(name, String.class).orElse(null))
                        .filter(text -> !text.isEmpty() && !text.equalsIgnoreCase("none"))
                        .isPresent())
                .map(name -> new UnusableSettingException("The setting " + name
                        + " would believe forwarded headers of others than signet.trusted-proxies names.",
                        "Remove it, and name the reverse proxies in signet.trusted-proxies."))
                .toList();
    }
}
