package im.signet.terms.introspection;

import im.signet.kit.limit.Limit;
import im.signet.kit.limit.Rate;
import im.signet.kit.limit.Refusals;

import java.util.List;

import jakarta.validation.constraints.NotEmpty;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * How often introspection may be asked for with a name or secret that is wrong.
 *
 * @param introspectionFailuresPerNetwork requests without a good secret from one IPv4 address or one IPv6 /64
 */
@Validated
@ConfigurationProperties("signet.limits")
record IntrospectionLimits(@DefaultValue("30 then 30 per 1m") @NotEmpty List<Rate> introspectionFailuresPerNetwork) {

    static {
        Refusals.declare("introspection-failures-per-network");
    }

    Limit perNetwork() {
        return new Limit("introspection-failures-per-network", introspectionFailuresPerNetwork);
    }
}
