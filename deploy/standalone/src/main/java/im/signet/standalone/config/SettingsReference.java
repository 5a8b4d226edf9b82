package im.signet.standalone.config;

import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

/** Writes the catalog as the Markdown of {@code docs/reference/configuration.md}. */
final class SettingsReference {

    private static final String HEAD = """
            # Settings

            Every setting of `signet.jar`. This page is printed by `signet config reference`, which reads it off the program; a
            test compares the two. How settings are used is told in [Running the server](../howto/operate.md), how they are checked
            in [Check and diagnose](../howto/check-and-diagnose.md).

            A setting stands in the file named by `--config` (`mail: {port: 465}` below `signet`), in an environment variable
            (`SIGNET_MAIL_PORT=465`) or on the command line (`--signet.mail.port=465`); the command line wins over variables,
            variables win over the file. A variable with the ending `_FILE` names a file to read the value from, for every setting
            whose last word is `password`, `secret` or `username`, and for each of `sms.headers`. Several values of a list stand in
            one variable with commas between them. A key below `signet` that does not exist stops the start.

            Editors complete and check the file by [signet.schema.json](signet.schema.json), when its first line is

            ```yaml
            # yaml-language-server: $schema=signet.schema.json
            ```

            with the path or URL of the schema, which `signet config schema` prints as well.

            Each setting is followed by what may be written, its default, its variable and which services read it; "terms",
            "identity" and "names" are those of `serve terms` and so on, and one process that serves all reads what any of them
            does.
            """;

    private static final Map<String, List<String>> GROUPS = groups();

    private SettingsReference() {}

    private static Map<String, List<String>> groups() {
        Map<String, List<String>> groups = new LinkedHashMap<>();
        groups.put("", List.of("The server", "Who this server is."));
        groups.put("database", List.of("The database", "Without a `url`, Signet runs a PostgreSQL of its own."));
        groups.put("journal", List.of("The journal of revocations",
                "What a restore needs so that nothing comes back that was ended ([backups](../howto/backup.md))."));
        groups.put("mail",
                List.of("Mail", "The SMTP server that mail is handed to, and how mails and pages are worded."));
        groups.put("sms", List.of("SMS",
                "The HTTP gateway that SMS are handed to; [SMS](../howto/sms.md) has well-known providers."));
        groups.put("terms", List.of("Terms", "The policies that people accept."));
        groups.put("account", List.of("Accounts", "How accounts and their access tokens behave."));
        groups.put("validation", List.of("Validation", "How people prove their addresses."));
        groups.put("lookup", List.of("Lookup", "How addresses are looked up."));
        groups.put("invitation", List.of("Invitations", "How invitations to addresses behave."));
        groups.put("names", List.of("Handles", "Whose handles the nameserver keeps, and who gets one."));
        groups.put("federation", List.of("Homeservers", "Which homeservers are served, and how they are reached."));
        groups.put("limits", List.of("Limits",
                "So much at once, and then so much more in a time, spread over it; where there are several, all have to allow it. Whoever "
                        + "exceeds one gets 429 `M_LIMIT_EXCEEDED`. All of them are counted in the database, and none lets anything through "
                        + "without it ([more](../howto/operate.md#limits))."));
        groups.put("introspection", List.of("Introspection",
                "Other services that ask the terms-service whose a token is ([specification](../spec/introspection.md))."));
        groups.put("terms-service", List.of("The terms-service elsewhere",
                "For `serve identity` and `serve names` only, which need it; one process that serves all refuses it."));
        groups.put("tracing", List.of("Traces",
                "Off without an `endpoint`; what is in them is told in [Watching a server](../howto/observe.md#traces)."));
        groups.put("legacy-v1", List.of("Version 1", "What of version 1 of the API is still answered."));
        return groups;
    }

    /** Returns the page. */
    static String of(SettingsCatalog catalog) {
        StringBuilder page = new StringBuilder(HEAD);
        Map<String, List<Setting>> byGroup = catalog.settings()
                .stream()
                .collect(Collectors.groupingBy(Setting::group));
        if (!GROUPS.keySet().containsAll(byGroup.keySet())) {
            throw new IllegalStateException("SettingsReference has no words for all of " + byGroup.keySet());
        }
        GROUPS.forEach((group, words) -> {
            page.append("\n## ").append(words.get(0)).append("\n\n").append(words.get(1)).append('\n');
            Objects.requireNonNull(byGroup.get(group)).forEach(setting -> append(page, setting));
        });
        page.append("""

                ## Not below `signet`

                Settings of Spring Boot, on which Signet stands. There are many more; those that would make the server believe
                headers of strangers, or serve health and metrics on the public port, stop the start.
                """);
        for (OtherSettings.Other other : OtherSettings.all()) {
            entry(page, other.name(), other.description(), other.shape(), defaults(other.defaults()),
                    Setting.variable(other.name()), "all services");
        }
        return page.toString();
    }

    private static void append(StringBuilder page, Setting setting) {
        String variable = setting.shape() instanceof Shape.Keyed ? "" : Setting.variable(setting.name());
        entry(page, setting.name(), setting.description(), setting.shape(),
                setting.required() ? "required" : defaults(setting.defaults()), variable,
                readers(setting.readBy()));
        if (setting.isSecret()) {
            page.append("· secret\n");
        }
        if (setting.shape() instanceof Shape.Keyed keyed) {
            below(page, setting.name() + "." + keyed.key().replace("`", ""), keyed.value());
        }
    }

    private static void entry(StringBuilder page, String name, String description, Shape shape, String defaults,
            String variable, String readers) {
        page.append("\n### `").append(name).append("`\n\n").append(description).append("\n\n");
        String words = shape instanceof Shape.Keyed keyed
                ? keyed.value() instanceof Shape.Members ? "by " + keyed.key() + ", see below" : keyed.words()
                : shape.words();
        page.append(words).append("\n· ").append(defaults).append('\n');
        if (!variable.isEmpty()) {
            page.append("· `").append(variable).append("`\n");
        }
        page.append("· ").append(readers).append('\n');
    }

    private static void below(StringBuilder page, String name, Shape shape) {
        if (shape instanceof Shape.Members members) {
            page.append("\n| below `").append(name).append("` | | |\n|---|---|---|\n");
            members.named().forEach((word, member) -> row(page, word, member));
            members.others()
                    .map(Shape.Keyed::value)
                    .filter(Shape.Members.class::isInstance)
                    .map(Shape.Members.class::cast)
                    .ifPresent(language -> language.named()
                            .forEach((word, member) -> row(page, "LANGUAGE." + word, member)));
        } else {
            page.append("· variable `").append(Setting.variable(name)).append("`\n");
        }
    }

    private static void row(StringBuilder page, String word, Shape.Member member) {
        page.append("| `").append(word).append("` | ").append(member.shape().words()).append(" | ");
        page.append(member.description()).append(Setting.isSecretWord(word) ? "; secret" : "").append(" |\n");
    }

    private static String defaults(List<String> values) {
        return values.isEmpty()
                ? "no default"
                : "default " + values.stream().map(value -> "`" + value + "`").collect(Collectors.joining(", "));
    }

    private static String readers(Set<Service> readers) {
        return readers.equals(EnumSet.allOf(Service.class))
                ? "all services"
                : readers.stream().map(Service::word).collect(Collectors.joining(", "));
    }
}
