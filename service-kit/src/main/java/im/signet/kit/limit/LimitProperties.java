package im.signet.kit.limit;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * Whether anything is limited; how much stands beside each limit.
 *
 * @param enabled whether anything is limited at all; without limits whoever has an account can have mail and SMS sent without end
 */
@Validated
@ConfigurationProperties("signet.limits")
public record LimitProperties(@DefaultValue("true") boolean enabled) {}
