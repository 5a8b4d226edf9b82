package im.signet.kit.homeserver;

import im.signet.kit.outbound.AddressRange;
import im.signet.protocol.identifier.ServerName;

import java.nio.file.Path;
import java.util.List;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * Which homeservers are spoken to.
 *
 * @param allowAddresses IP addresses and CIDR blocks that may be connected to although they are not globally reachable,
 *            such as {@code 10.0.0.0/8} for a homeserver on the local network; strangers can make this service connect
 *            to any of them over HTTPS, so name as few as possible
 * @param caFile PEM file of certificates that homeservers' certificates may be issued by, besides the authorities that
 *            the Java runtime trusts
 * @param homeservers the only homeservers whose users are served, all when empty: server names, to the letter and with
 *            their port where they have one, and {@code *.example.org} for all names below that one
 * @param deniedHomeservers homeservers whose users are not served, also when the list above names them: written alike,
 *            but in whatever case and on every port unless one is written
 */
@Validated
@ConfigurationProperties("signet.federation")
public record FederationProperties(@DefaultValue List<AddressRange> allowAddresses, @Nullable Path caFile,
        @DefaultValue List<HomeserverPattern> homeservers, @DefaultValue List<HomeserverPattern> deniedHomeservers) {

    /** Returns whether users of that homeserver are served. */
    public boolean serves(ServerName server) {
        return deniedHomeservers.stream().noneMatch(denied -> denied.covers(server))
                && (homeservers.isEmpty() || homeservers.stream().anyMatch(allowed -> allowed.names(server)));
    }
}
