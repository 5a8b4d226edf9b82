package im.signet.kit.holding.remote;

import im.signet.kit.holding.Holdings;
import im.signet.kit.peer.Peer;
import im.signet.kit.settings.UnusableSettingException;
import im.signet.kit.web.ServiceName;

import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.BeanRegistrar;
import org.springframework.beans.factory.BeanRegistry;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.core.env.Environment;

/**
 * One {@link Holdings} for each of {@code signet.introspection.clients} that has a {@code url}: what the terms-service
 * imports that runs apart from them.
 */
public final class RemoteHoldingsRegistrar implements BeanRegistrar {

    private static final String CLIENTS = "signet.introspection.clients";
    // A person waits for a page.
    private static final Duration TIMEOUT = Duration.ofSeconds(5);

    /** A service, as far as it concerns us; the rest of it is checked where it is used. */
    record Client(@Nullable String secret, @Nullable URI url, @Nullable Path caFile) {}

    /** Spring makes one. */
    public RemoteHoldingsRegistrar() {}

    @Override
    public void register(BeanRegistry registry, Environment environment) {
        problems(environment).stream().findFirst().ifPresent(wrong -> {
            throw wrong;
        });
        Map<String, Client> clients = clients(environment);
        clients.forEach((name, client) -> {
            URI url = client.url();
            String secret = client.secret();
            if (url != null && secret != null) {
                registry.registerBean(name + "Holdings", RemoteHoldings.class, spec -> spec.supplier(context -> {
                    try {
                        return new RemoteHoldings(name,
                                new Peer(url, name, secret, Optional.ofNullable(client.caFile()),
                                        TIMEOUT, context.bean(Clock.class)));
                    } catch (IllegalArgumentException unusable) {
                        throw new UnusableSettingException("The setting " + CLIENTS + "." + name
                                + ".ca-file cannot be used: " + unusable.getMessage() + ".",
                                "Name a file with at least one certificate in PEM form.");
                    }
                }));
            }
        });
    }

    /** Returns what is wrong with the clients of a terms-service that runs apart from the others; empty when nothing is. */
    public static List<UnusableSettingException> problems(Environment environment) {
        Map<String, Client> clients = clients(environment);
        List<UnusableSettingException> problems = new ArrayList<>();
        // One that is not asked would keep what its users are told is gone.
        for (ServiceName ours : ServiceName.values()) {
            Client client = clients.get(ours.value());
            if (client != null && client.url() == null) {
                problems.add(new UnusableSettingException(
                        "The setting " + CLIENTS + "." + ours.value() + ".url is missing.",
                        "Give the URL at which this process reaches that service: its users' data is shown and ended there."));
            }
        }
        clients.forEach((name, client) -> {
            URI url = client.url();
            if (url != null && client.secret() != null && (url.getHost() == null
                    || !List.of("http", "https").contains(String.valueOf(url.getScheme())) || url.getUserInfo() != null
                    || url.getQuery() != null || url.getFragment() != null)) {
                problems.add(new UnusableSettingException("The setting " + CLIENTS + "." + name
                        + ".url is not an absolute http or https URL without user, query and fragment.",
                        "Give the URL at which this process reaches it."));
            }
        });
        return problems;
    }

    private static Map<String, Client> clients(Environment environment) {
        return Binder.get(environment).bind(CLIENTS, Bindable.mapOf(String.class, Client.class)).orElseGet(Map::of);
    }
}
