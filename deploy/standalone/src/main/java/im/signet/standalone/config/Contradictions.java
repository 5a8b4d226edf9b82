package im.signet.standalone.config;

import im.signet.kit.settings.UnusableSettingException;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import org.springframework.boot.actuate.autoconfigure.web.server.ManagementPortType;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.core.convert.ConversionException;
import org.springframework.core.env.Environment;

/** Settings that are right each by itself, and not together in what one process serves. */
public final class Contradictions {

    private Contradictions() {}

    static List<UnusableSettingException> of(Environment settings, Service.Served served) {
        List<UnusableSettingException> found = new ArrayList<>();
        if (served.isAll()) {
            found.addAll(elsewhere(settings));
        }
        try {
            found.addAll(onThePublicPort(settings));
        } catch (BindException | ConversionException foundElsewhere) {
            // the port is no number
        }
        return found;
    }

    /** Returns what is wrong with settings of services elsewhere, in a process that serves all of them. */
    public static List<UnusableSettingException> elsewhere(Environment settings) {
        return Stream.concat(Stream.of("signet.terms-service.url"), ownServicesElsewhere(settings))
                .filter(settings::containsProperty)
                .map(setting -> new UnusableSettingException(
                        "The setting " + setting + " is for services that run apart, and this process serves all.",
                        "Remove it, or start the services one by one: signet serve terms, signet serve identity, signet serve names."))
                .toList();
    }

    // A url says where a service keeps what is shown and ended with the terms; here that is this process.
    private static Stream<String> ownServicesElsewhere(Environment settings) {
        return Binder.get(settings)
                .bind("signet.introspection.clients", Bindable.mapOf(String.class, Object.class))
                .orElse(Map.of())
                .keySet()
                .stream()
                .map(name -> "signet.introspection.clients." + name + ".url");
    }

    /** Returns what is wrong where everybody could ask for health and metrics. */
    public static List<UnusableSettingException> onThePublicPort(Environment settings) {
        return ManagementPortType.get(settings) == ManagementPortType.SAME
                ? List.of(new UnusableSettingException("management.server.port is the port that everybody may ask.",
                        "Choose another one for health and metrics, or -1 for none."))
                : List.of();
    }
}
