package im.signet.terms.policy;

import im.signet.kit.settings.SignetProperties;
import im.signet.kit.settings.UnusableSettingException;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Reads the policies from the settings, and publishes the texts that are given as files. */
@Configuration(proxyBeanMethods = false)
class PolicyConfiguration {

    private static final Logger log = LoggerFactory.getLogger(PolicyConfiguration.class);

    private static final Pattern ID = Pattern.compile("[A-Za-z0-9_-]{1,64}");
    private static final Pattern VERSION = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");
    private static final Pattern LANGUAGE = Pattern.compile("[A-Za-z0-9-]{2,35}");
    private static final int MAX_TEXT_BYTES = 1024 * 1024;
    private static final Pattern SERVICE = Pattern.compile("[A-Za-z0-9_-]{1,64}");
    private static final String REQUIRED_FROM = "required-from";
    private static final String SERVICES = "services";
    private static final String PREFIX = "signet.terms.policies.";

    @Bean
    Policies policies(TermsProperties settings, SignetProperties signet, PolicyTexts texts, PolicyPages pages,
            Clock clock) {
        Publisher publisher = new PublishingOnce(texts, pages, signet, clock);
        List<Policy> policies = new ArrayList<>();
        settings.policies().forEach((id, members) -> policies.add(policy(id, members, publisher)));
        refuseSharedUrls(policies);
        return new Policies(policies);
    }

    // Users accept URLs: of which of the two policies, nobody could say.
    static void refuseSharedUrls(List<Policy> policies) {
        Map<String, String> owners = new HashMap<>();
        for (Policy policy : policies) {
            for (Policy.Document document : policy.documents().values()) {
                String owner = owners.putIfAbsent(document.url(), policy.id());
                if (owner != null && !owner.equals(policy.id())) {
                    throw wrong(PREFIX + policy.id(), "has the same URL as " + PREFIX + owner + ": " + document.url(),
                            "Give each policy a URL of its own.");
                }
            }
        }
    }

    static Policy policy(String id, Map<String, Object> members, Publisher publisher) {
        String where = PREFIX + id;
        if (members.get("version") instanceof Double number) {
            throw wrong(where + ".version", "is a decimal number, " + number,
                    "Put it in quotes: without them, YAML reads 1.10 as 1.1.");
        }
        String version = matching(where + ".version", members.get("version"), VERSION);
        matching(where, id, ID);
        if (PolicyPageController.TAKEN.contains(id)) {
            throw wrong(where, "has an id that a page or an endpoint of this server has, " + id,
                    "Give the policy another id, such as " + id + "_policy.");
        }
        Map<String, Policy.Document> documents = new LinkedHashMap<>();
        members.forEach((language, value) -> {
            if (!Set.of("version", REQUIRED_FROM, SERVICES).contains(language)) {
                documents.put(matching(where + "." + language, language, LANGUAGE),
                        document(where + "." + language, id, version, language, value, publisher));
            }
        });
        if (documents.isEmpty()) {
            throw wrong(where, "has no language", "Add at least one, such as en: {name: ..., url: ...}.");
        }
        return new Policy(id, version, requiredFrom(where, members.get(REQUIRED_FROM)),
                services(where + "." + SERVICES, members.get(SERVICES)), documents);
    }

    static Set<String> services(String where, @Nullable Object value) {
        if (value == null || value.toString().isBlank()) {
            return Set.of();
        }
        // A list in YAML arrives as a map by position, and one in a line of a properties file as text.
        Collection<?> names = switch (value) {
            case Map<?, ?> byPosition -> byPosition.values();
            case Collection<?> list -> list;
            default -> List.of(value.toString().split(","));
        };
        Set<String> services = new LinkedHashSet<>();
        for (Object name : names) {
            services.add(
                    matching(where, name.toString().strip(), SERVICE, "It is the name of a service: identity, names, "
                            + "or one of signet.introspection.clients."));
        }
        return services;
    }

    private static Optional<Instant> requiredFrom(String where, @Nullable Object value) {
        if (value == null || value.toString().isBlank()) {
            return Optional.empty();
        }
        try {
            return Optional.of(LocalDate.parse(value.toString()).atStartOfDay(ZoneOffset.UTC).toInstant());
        } catch (DateTimeParseException noDay) {
            throw wrong(where + "." + REQUIRED_FROM, "is not a day: " + value,
                    "Write the day, which begins at 00:00 UTC, as 2026-12-31.");
        }
    }

    private static Policy.Document document(String where, String id, String version, String language,
            @Nullable Object value, Publisher publisher) {
        if (!(value instanceof Map<?, ?> members) || !Set.of("name", "url", "file").containsAll(members.keySet())
                || !(members.get("name") instanceof String name) || name.isBlank()
                || members.containsKey("url") == members.containsKey("file")) {
            throw wrong(where, "is not a language of a policy",
                    "Write " + where.substring(where.lastIndexOf('.') + 1)
                            + ": {name: ..., url: ...} or {name: ..., file: ...}.");
        }
        if (members.containsKey("url")) {
            return new Policy.Document(name, httpUrl(where + ".url", String.valueOf(members.get("url"))));
        }
        String file = String.valueOf(members.get("file"));
        String text = read(where + ".file", file);
        return publisher.publish(where, (publishedAt) -> new PolicyText(id, version, language, name,
                PolicyFormat.of(Path.of(file)), text, publishedAt));
    }

    /** Takes the texts that are given as files. */
    @FunctionalInterface
    interface Publisher {

        /** Returns the document that users accept; refuses a text that cannot be shown. */
        Policy.Document publish(String where, Function<Instant, PolicyText> newText);
    }

    /** Publishes what is new, and refuses what was published otherwise. */
    private record PublishingOnce(PolicyTexts texts, PolicyPages pages, SignetProperties signet, Clock clock)
            implements
                Publisher {

        @Override
        public Policy.Document publish(String where, Function<Instant, PolicyText> newText) {
            PolicyText text = newText.apply(clock.instant());
            // Tried before anybody can read it: what is published once stays.
            if (texts.find(text.policy(), text.version(), text.language()).isEmpty()) {
                refuseUnreadable(where, pages.tried(text.format(), text.name(), text.content()));
            }
            PolicyText published = texts.publish(text);
            if (!published.content().equals(text.content())) {
                throw changed(where + ".file", "has another text than the one", text,
                        "Users accepted the published text: restore it, or give the changed one a new version.");
            }
            if (published.format() != text.format()) {
                throw changed(where + ".file", "is " + text.format().words() + " by its name, and not the "
                        + published.format().words(), text,
                        "Users accepted the published text: give the file a name that ends as before, or the text a new"
                                + " version.");
            }
            if (!published.name().equals(text.name())) {
                throw changed(where + ".name", "is another than the one", text,
                        "Users accepted the text under the name \"" + published.name()
                                + "\": restore it, or give the renamed one a new version.");
            }
            return new Policy.Document(text.name(), signet
                    .publicUrlOf(PolicyPageController.pathOf(text.policy(), text.version(), text.language())));
        }

        private static UnusableSettingException changed(String where, String what, PolicyText text, String mend) {
            return wrong(where, what + " already published as version " + text.version(), mend);
        }
    }

    static void refuseUnreadable(String where, Rendering tried) {
        switch (tried) {
            case Rendering.Refused(String why) -> throw wrong(where + ".file", "names a file that " + why,
                    "Make the text simpler, or host it yourself and give its url.");
            case Rendering.Rendered(_, Set<String> leftOut) when !leftOut.isEmpty() -> log.warn(
                    "{}.file: its page leaves out these elements: {}", where, String.join(", ", leftOut));
            case Rendering.Rendered _ -> {
                // as it should be
            }
        }
    }

    private static String httpUrl(String where, String url) {
        if (url.length() > Policy.MAX_URL_LENGTH) {
            throw wrong(where, "is longer than " + Policy.MAX_URL_LENGTH + " characters",
                    "Users accept a policy by sending its URL, and longer ones are not taken.");
        }
        try {
            URI uri = URI.create(url);
            if (uri.getHost() != null && Set.of("http", "https").contains(uri.getScheme())) {
                return url;
            }
        } catch (IllegalArgumentException notAUrl) {
            // refused below
        }
        throw wrong(where, "is not an absolute http or https URL", "Give the whole URL of the text.");
    }

    private static String read(String where, String path) {
        try {
            Path file = Path.of(path);
            if (Files.size(file) > MAX_TEXT_BYTES) {
                throw wrong(where, "is larger than 1 MiB", "Shorten the text, or host it yourself and give its url.");
            }
            String text = Files.readString(file, StandardCharsets.UTF_8);
            if (text.isBlank()) {
                throw wrong(where, "names a file that is empty: " + path,
                        "What is published once is never changed, so an empty text would stay: write it first.");
            }
            if (text.indexOf('\0') >= 0) {
                throw new CharacterCodingException();
            }
            return text;
        } catch (IOException | InvalidPathException unreadable) {
            throw wrong(where, "names a file that cannot be read as UTF-8 text: " + path,
                    "Check the path (relative ones start where the server was started) and who may read it.");
        }
    }

    private static String matching(String where, @Nullable Object value, Pattern pattern) {
        return matching(where, value, pattern, "The URLs of the texts are made of it.");
    }

    private static String matching(String where, @Nullable Object value, Pattern pattern, String mend) {
        if (value == null || !pattern.matcher(value.toString()).matches()) {
            throw wrong(where, value == null ? "is missing" : "does not match " + pattern, mend);
        }
        return value.toString();
    }

    private static UnusableSettingException wrong(String where, String what, String mend) {
        return new UnusableSettingException("The setting " + where + " " + what + ".", mend);
    }
}
