package im.signet.names.setting;

import im.signet.kit.limit.Limit;
import im.signet.kit.limit.Rate;
import im.signet.kit.limit.Refusals;

import java.util.List;

import jakarta.validation.constraints.NotEmpty;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * How often the nameserver may be asked.
 *
 * @param handleReadsPerNetwork handles and identities read from one IPv4 address or one IPv6 /64
 * @param nameRequestsPerAccount challenges, registrations and changes that one account asks for, also those that fail
 * @param nameOperationsPerKey records that one signing key has accepted
 */
@Validated
@ConfigurationProperties("signet.limits")
public record NamesLimits(@DefaultValue("100 then 5 per 1s") @NotEmpty List<Rate> handleReadsPerNetwork,
        @DefaultValue("60 then 60 per 1h") @NotEmpty List<Rate> nameRequestsPerAccount,
        @DefaultValue({
            "10 then 10 per 1h", "30 then 30 per 1d"}) @NotEmpty List<Rate> nameOperationsPerKey) {

    static {
        Refusals.declare("handle-reads-per-network", "name-requests-per-account", "name-operations-per-key");
    }

    /** Returns the limit on reads. */
    public Limit readsPerNetwork() {
        return new Limit("handle-reads-per-network", handleReadsPerNetwork);
    }

    /** Returns the limit on requests that would write. */
    public Limit requestsPerAccount() {
        return new Limit("name-requests-per-account", nameRequestsPerAccount);
    }

    /** Returns the limit on accepted records. */
    public Limit operationsPerKey() {
        return new Limit("name-operations-per-key", nameOperationsPerKey);
    }
}
