package im.signet.identity.lookup;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * How many distinct addresses may be looked up while a pepper is in use: so many at once, and so many more as time goes by,
 * written {@code 50000 then 6 per 1h}. Repeats do not count.
 *
 * @param lookupsPerAccount    distinct addresses that one account can look up while a pepper is in use
 * @param lookupsPerHomeserver distinct addresses that all accounts of one homeserver can look up, whatever its port
 * @param lookupsPerNetwork    distinct addresses that can be looked up from one IPv4 address or one IPv6 /64
 * @param lookupsInAll         distinct addresses that all together can look up
 */
@Validated
@ConfigurationProperties("signet.limits")
record LookupBudgetProperties(@DefaultValue("50000 then 6 per 1h") Allowance lookupsPerAccount,
        @DefaultValue("500000 then 600 per 1h") Allowance lookupsPerHomeserver,
        @DefaultValue("1000000 then 1200 per 1h") Allowance lookupsPerNetwork,
        @DefaultValue("20000000 then 24000 per 1h") Allowance lookupsInAll) {

    /** Returns the budget of one subject of that kind. */
    Allowance of(Subject.Kind kind) {
        return switch (kind) {
            case ACCOUNT -> lookupsPerAccount;
            case HOMESERVER -> lookupsPerHomeserver;
            case NETWORK -> lookupsPerNetwork;
            case EVERYBODY -> lookupsInAll;
        };
    }
}
