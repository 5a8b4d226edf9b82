package im.signet.standalone.config;

import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;

/** Settings that a server starts with, and that are probably not meant. */
final class Warnings {

    private static final Set<String> HERE = Set.of("localhost", "127.0.0.1", "[::1]");
    private static final Pattern REFERENCE = Pattern.compile("\\$\\{([^${}]+)}");
    private static final String CLIENTS = "signet.introspection.clients";
    private static final int WIDEST_IPV4 = 16;
    private static final int WIDEST_IPV6 = 48;

    private final SettingsCatalog catalog;
    private final SettingsSources sources;
    private final Binder binder;
    private final List<Finding> found = new ArrayList<>();

    private Warnings(SettingsCatalog catalog, SettingsSources sources) {
        this.catalog = catalog;
        this.sources = sources;
        this.binder = Binder.get(sources.environment());
    }

    /** Returns them. */
    static List<Finding> of(SettingsCatalog catalog, SettingsSources sources, Service.Served served) {
        Warnings warnings = new Warnings(catalog, sources);
        catalog.settings().forEach(warnings::namesNothing);
        warnings.ofTheServer();
        if (served.has(Service.TERMS)) {
            warnings.ofTerms();
        }
        if (served.has(Service.IDENTITY)) {
            warnings.ofIdentity();
        }
        return List.copyOf(warnings.found);
    }

    // Spring leaves what it cannot fill in as it is written.
    private void namesNothing(Setting setting) {
        sources.property(setting.name()).ifPresent(property -> {
            Matcher reference = REFERENCE.matcher(String.valueOf(property.getValue()));
            while (reference.find()) {
                String named = reference.group(1);
                if (!named.contains(":") && !sources.environment().containsProperty(named)) {
                    warn(setting.name(),
                            "The setting " + setting.name() + " names ${" + named + "}, which nothing sets: it "
                                    + "stays as it is written.",
                            "Set it, or write the value itself.");
                }
            }
        });
    }

    private void ofTheServer() {
        String url = text("signet.public-url");
        if (url.startsWith("http:") && !isHere(url)) {
            warn("signet.public-url",
                    "The setting signet.public-url is " + url + ", without TLS: tokens and addresses travel "
                            + "in the clear, and clients refuse it.",
                    "Write it with https://, and have a reverse proxy answer there.");
        }
        if (url.startsWith("https:") && list("signet.trusted-proxies").isEmpty()) {
            warn("signet.trusted-proxies",
                    "No setting signet.trusted-proxies names the reverse proxy: all people who come "
                            + "through it are one client to the limits.",
                    "Name its address, such as 127.0.0.1 on the same machine.");
        }
        if (url.startsWith("https:") && isProxyHere() && text("server.address").isEmpty()) {
            warn("signet.trusted-proxies",
                    "No setting server.address says where to listen: the reverse proxy is on this machine, and the port "
                            + "is open to all others past it, without TLS.",
                    "Write server.address: 127.0.0.1.");
        }
        for (String range : list("signet.federation.allow-addresses")) {
            if (isWide(range)) {
                warn("signet.federation.allow-addresses", "The setting signet.federation.allow-addresses has " + range
                        + ": strangers can make this server connect to any address in it.",
                        "Name the addresses of your homeservers alone.");
            }
        }
        if (text("signet.limits.enabled").equals("false")) {
            warn("signet.limits.enabled",
                    "The setting signet.limits.enabled turns off all limits: whoever has an account "
                            + "can have mail and SMS sent without end, and read the directory.",
                    "Remove it on a server that is public.");
        }
        if (text("signet.database.accept-data-loss").equals("true")) {
            warn("signet.database.accept-data-loss",
                    "The setting signet.database.accept-data-loss lets the server start on a "
                            + "database that loses in a crash what was already acknowledged.",
                    "Remove it where data matter.");
        }
        readableByAll();
    }

    private void ofTerms() {
        if (sources.property("signet.terms.policies").isEmpty()) {
            warn("signet.terms.policies",
                    "No setting signet.terms.policies names a policy: people use the server without "
                            + "having agreed to anything.",
                    "Write at least a privacy policy.");
        }
    }

    private void ofIdentity() {
        if (text("signet.mail.host").isBlank()) {
            warn("signet.mail.host",
                    "No setting signet.mail.host names an SMTP server: nobody can prove an e-mail address.",
                    "Set signet.mail.host and signet.mail.from.");
        }
        if (list("signet.lookup.algorithms").contains("none")) {
            warn("signet.lookup.algorithms",
                    "The setting signet.lookup.algorithms has none: clients may send the whole "
                            + "address book in the clear.",
                    "Remove it; every client knows sha256.");
        }
        if (text("signet.validation.confirm").equals("link")) {
            warn("signet.validation.confirm",
                    "The setting signet.validation.confirm is link: a mail scanner that opens links "
                            + "confirms a stranger's request.",
                    "Remove it, so that a button confirms.");
        }
        if (!text("signet.sms.url").isBlank() && list("signet.sms.countries").isEmpty()) {
            warn("signet.sms.countries",
                    "No setting signet.sms.countries names a country: the gateway is set, and no SMS may "
                            + "go anywhere.",
                    "Write the countries, such as [DE, FR].");
        }
        if (text("signet.mail.security").equals("none") && !HERE.contains(text("signet.mail.host"))
                && !text("signet.mail.host").isBlank()) {
            warn("signet.mail.security", "The setting signet.mail.security is none: mails, and a password, travel to "
                    + "another machine in the clear.", "Write starttls or tls.");
        }
    }

    // Who can read the file has its passwords.
    private void readableByAll() {
        for (String secret : secrets()) {
            sources.where(secret).filter(where -> where.contains(":")).ifPresent(where -> {
                Path file = Path.of(where.substring(0, where.lastIndexOf(':')));
                try {
                    if (Files.getPosixFilePermissions(file).contains(PosixFilePermission.OTHERS_READ)) {
                        warn(secret,
                                "The setting " + secret + " stands in a file that everybody on this machine can read.",
                                "Run: chmod o-r " + file + " - or name a file of the secret by a variable.");
                    }
                } catch (IOException | UnsupportedOperationException noModes) {
                    // nothing can be said of it
                }
            });
        }
    }

    private List<String> secrets() {
        List<String> secrets = new ArrayList<>();
        catalog.settings().stream().filter(Setting::isSecret).map(Setting::name).forEach(secrets::add);
        try {
            binder.bind(CLIENTS, Bindable.mapOf(String.class, Object.class))
                    .orElse(Map.of())
                    .keySet()
                    .forEach(client -> secrets.add(CLIENTS + "." + client + ".secret"));
        } catch (BindException foundElsewhere) {
            secrets.add(CLIENTS);
        }
        return secrets;
    }

    private boolean isProxyHere() {
        List<String> proxies = list("signet.trusted-proxies");
        return !proxies.isEmpty() && proxies.stream().allMatch(Warnings::isLoopback);
    }

    private static boolean isLoopback(String range) {
        try {
            return InetAddress.ofLiteral(range.replaceFirst("/.*", "")).isLoopbackAddress();
        } catch (IllegalArgumentException foundElsewhere) {
            return false;
        }
    }

    private static boolean isHere(String url) {
        try {
            String host = URI.create(url).getHost();
            return host != null && (HERE.contains(host) || host.startsWith("127."));
        } catch (IllegalArgumentException foundElsewhere) {
            return true;
        }
    }

    private static boolean isWide(String range) {
        int slash = range.indexOf('/');
        if (slash < 0) {
            return false;
        }
        try {
            int prefix = Integer.parseInt(range.substring(slash + 1));
            return prefix < (InetAddress.ofLiteral(range.substring(0, slash)).getAddress().length == 4
                    ? WIDEST_IPV4
                    : WIDEST_IPV6);
        } catch (IllegalArgumentException foundElsewhere) {
            return false;
        }
    }

    private String text(String name) {
        try {
            return binder.bind(name, Bindable.of(String.class)).orElse("").strip().toLowerCase(Locale.ROOT);
        } catch (BindException foundElsewhere) {
            return "";
        }
    }

    private List<String> list(String name) {
        try {
            return binder.bind(name, Bindable.listOf(String.class))
                    .orElse(List.of())
                    .stream()
                    .map(text -> text.toLowerCase(Locale.ROOT))
                    .toList();
        } catch (BindException foundElsewhere) {
            return List.of("found elsewhere");
        }
    }

    private void warn(String setting, String what, String mend) {
        found.add(new Finding(Finding.Severity.WARNING, sources.where(setting).orElse(""), what, mend));
    }
}
