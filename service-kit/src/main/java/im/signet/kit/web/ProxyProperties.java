package im.signet.kit.web;

import im.signet.kit.outbound.AddressRange;

import java.util.List;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * What stands between this server and its clients.
 *
 * @param trustedProxies IP addresses and CIDR blocks of the reverse proxies whose {@code X-Forwarded-For} is believed, such
 *            as {@code 127.0.0.1}; from anybody else the header is not looked at
 */
@Validated
@ConfigurationProperties("signet")
record ProxyProperties(@DefaultValue List<AddressRange> trustedProxies) {}
