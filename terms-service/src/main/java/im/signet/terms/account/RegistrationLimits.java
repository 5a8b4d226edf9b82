package im.signet.terms.account;

import im.signet.kit.limit.Limit;
import im.signet.kit.limit.Rate;
import im.signet.kit.limit.Refusals;

import java.util.List;

import jakarta.validation.constraints.NotEmpty;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * How often an account may be registered for.
 *
 * @param registrationsPerNetwork requests from one IPv4 address or one IPv6 /64, also those that fail
 * @param registrationsPerAccount tokens that one Matrix user gets
 * @param registrationsPerHomeserver tokens that the users of one homeserver get, whatever its port
 */
@Validated
@ConfigurationProperties("signet.limits")
record RegistrationLimits(@DefaultValue("60 then 60 per 1m") @NotEmpty List<Rate> registrationsPerNetwork,
        @DefaultValue("60 then 60 per 1h") @NotEmpty List<Rate> registrationsPerAccount,
        @DefaultValue("600 then 600 per 1m") @NotEmpty List<Rate> registrationsPerHomeserver) {

    static {
        Refusals.declare("registrations-per-network", "registrations-per-account", "registrations-per-homeserver");
    }

    Limit perNetwork() {
        return new Limit("registrations-per-network", registrationsPerNetwork);
    }

    Limit perAccount() {
        return new Limit("registrations-per-account", registrationsPerAccount);
    }

    Limit perHomeserver() {
        return new Limit("registrations-per-homeserver", registrationsPerHomeserver);
    }
}
