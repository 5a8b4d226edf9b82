package im.signet.terms.policy;

import im.signet.kit.settings.SettingsCheck;
import im.signet.kit.settings.UnusableSettingException;
import im.signet.kit.web.ServiceName;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.core.env.Environment;

/**
 * Finds what is wrong with policies, their files included. That a text differs from the one that was published under its
 * version is not found: the published one is in the database.
 */
final class PolicySettingsCheck implements SettingsCheck {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Map<String, Object> A_LANGUAGE = Map.of("name", "x", "url", "https://policy.invalid/");
    private static final String VERSION = "version";
    private static final Set<String> NO_LANGUAGES = Set.of(VERSION, "required-from", "services");

    @Override
    public List<UnusableSettingException> check(Environment settings) {
        Map<String, Map<String, Object>> policies;
        try {
            policies = Binder.get(settings).bindOrCreate("signet.terms", TermsProperties.class).policies();
        } catch (BindException foundElsewhere) {
            return List.of();
        }
        PolicyRenderer renderer = new PolicyRenderer(PATIENCE);
        PolicyConfiguration.Publisher onlyTrying = (where, newText) -> {
            PolicyText text = newText.apply(Instant.EPOCH);
            PolicyConfiguration.refuseUnreadable(where,
                    renderer.render(text.format(), text.name(), text.content()));
            return new Policy.Document(text.name(),
                    PolicyPageController.pathOf(text.policy(), text.version(), text.language()));
        };
        List<UnusableSettingException> problems = new ArrayList<>();
        List<Policy> usable = new ArrayList<>();
        policies.forEach((id, members) -> {
            List<UnusableSettingException> wrong = probes(members).stream()
                    .flatMap(probe -> attempt(() -> PolicyConfiguration.policy(id, probe, onlyTrying)).stream())
                    .toList();
            problems.addAll(distinct(wrong));
            if (wrong.isEmpty()) {
                usable.add(PolicyConfiguration.policy(id, members, onlyTrying));
            }
            problems.addAll(unknownServices(id, members.get("services"), settings));
        });
        problems.addAll(attempt(() -> PolicyConfiguration.refuseSharedUrls(usable)));
        return problems;
    }

    // Each member by itself among others that are right, so that the first that is wrong does not hide the next.
    private static List<Map<String, Object>> probes(Map<String, Object> members) {
        List<Map<String, Object>> probes = new ArrayList<>();
        Set<String> names = new LinkedHashSet<>(members.keySet());
        names.add(VERSION);
        boolean hasLanguage = names.stream().anyMatch(name -> !NO_LANGUAGES.contains(name));
        for (String name : names) {
            Map<String, Object> probe = new LinkedHashMap<>();
            probe.put(VERSION, "0");
            if (hasLanguage && NO_LANGUAGES.contains(name)) {
                probe.put("en", A_LANGUAGE);
            }
            Object value = members.get(name);
            if (value == null) {
                probe.remove(name);
            } else {
                probe.put(name, value);
            }
            probes.add(probe);
        }
        return probes;
    }

    private static List<UnusableSettingException> unknownServices(String id, @Nullable Object services,
            Environment settings) {
        Set<String> known = Arrays.stream(ServiceName.values()).map(ServiceName::value).collect(Collectors.toSet());
        known.addAll(Binder.get(settings)
                .bind("signet.introspection.clients", Bindable.mapOf(String.class, Object.class))
                .orElse(Map.of())
                .keySet());
        List<UnusableSettingException> problems = new ArrayList<>();
        String where = "signet.terms.policies." + id + ".services";
        try {
            PolicyConfiguration.services(where, services)
                    .stream()
                    .filter(service -> !known.contains(service))
                    .map(unknown -> new UnusableSettingException(
                            "The setting " + where + " names a service that there is not: " + unknown + ".",
                            "Services are identity, names and those of signet.introspection.clients."))
                    .forEach(problems::add);
        } catch (UnusableSettingException foundByProbes) {
            return List.of();
        }
        return problems;
    }

    private static List<UnusableSettingException> attempt(Runnable reading) {
        try {
            reading.run();
            return List.of();
        } catch (UnusableSettingException wrong) {
            return List.of(wrong);
        }
    }

    private static List<UnusableSettingException> distinct(List<UnusableSettingException> all) {
        Map<String, UnusableSettingException> byMessage = new LinkedHashMap<>();
        all.forEach(wrong -> byMessage.putIfAbsent(String.valueOf(wrong.getMessage()), wrong));
        return List.copyOf(byMessage.values());
    }
}
