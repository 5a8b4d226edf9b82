package im.signet.standalone.config;

import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * A setting, as its record declares it.
 *
 * @param name        its whole name, such as {@code signet.mail.host}
 * @param defaults    what it is where nothing is written: nothing, one value, or those of a list
 * @param description what it is, as Markdown
 * @param readBy      the services that read it
 * @param record      the name of the class that declares it
 * @param required    whether something must be written
 */
record Setting(String name, Shape shape, List<String> defaults, String description, Set<Service> readBy, String record,
        boolean required) {

    private static final Set<String> SECRET_WORDS = Set.of("password", "secret", "client-secret", "token", "api-key",
            "authorization");
    // Gateways take their keys in any of them.
    private static final Set<String> SECRETS = Set.of("signet.sms.headers", "signet.sms.url", "signet.sms.body");

    /** Returns whether its value must not be shown. */
    boolean isSecret() {
        return SECRETS.contains(name) || isSecretWord(lastWord());
    }

    /** Returns whether what is called so must not be shown. */
    static boolean isSecretWord(String word) {
        return SECRET_WORDS.contains(word.toLowerCase(Locale.ROOT));
    }

    /** Returns the environment variable that sets what is called so. */
    static String variable(String name) {
        return name.toUpperCase(Locale.ROOT).replace('.', '_').replace('-', '_');
    }

    /** Returns the last part of its name. */
    String lastWord() {
        return name.substring(name.lastIndexOf('.') + 1);
    }

    /** Returns the group it stands in, the first part below {@code signet}; empty for those that stand there alone. */
    String group() {
        String[] parts = name.split("\\.", 3);
        return parts.length > 2 ? parts[1] : "";
    }
}
