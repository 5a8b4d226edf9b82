package im.signet.identity.lookup;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Positive;
import jakarta.validation.constraints.PositiveOrZero;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * How many distinct addresses may be looked up while a pepper is in use: some at once, and some more for each hour. Repeats
 * do not count.
 *
 * @param accountBurst        how many an account may look up at once
 * @param accountPerHour      how many more an account may look up each hour
 * @param homeserverBurst     how many all accounts of a homeserver may look up at once
 * @param homeserverPerHour   how many more all accounts of a homeserver may look up each hour
 * @param addressBlockBurst   how many may be looked up at once from an IPv4 address or an IPv6 /64
 * @param addressBlockPerHour how many more may be looked up each hour from an IPv4 address or an IPv6 /64
 * @param everybodyBurst      how many everybody together may look up at once
 * @param everybodyPerHour    how many more everybody together may look up each hour
 */
@Validated
@ConfigurationProperties("signet.limits.lookup")
record LookupBudgetProperties(@DefaultValue("50000") @Positive @Max(MAX) long accountBurst,
        @DefaultValue("6") @PositiveOrZero @Max(MAX) long accountPerHour,
        @DefaultValue("500000") @Positive @Max(MAX) long homeserverBurst,
        @DefaultValue("600") @PositiveOrZero @Max(MAX) long homeserverPerHour,
        @DefaultValue("1000000") @Positive @Max(MAX) long addressBlockBurst,
        @DefaultValue("1200") @PositiveOrZero @Max(MAX) long addressBlockPerHour,
        @DefaultValue("20000000") @Positive @Max(MAX) long everybodyBurst,
        @DefaultValue("24000") @PositiveOrZero @Max(MAX) long everybodyPerHour) {

    // More than there are addresses, and far from where the sketch ends.
    private static final long MAX = 1_000_000_000_000L;

    /** Returns the budget of one subject of that kind. */
    Allowance of(Subject.Kind kind) {
        return switch (kind) {
            case ACCOUNT -> new Allowance(accountBurst, accountPerHour);
            case HOMESERVER -> new Allowance(homeserverBurst, homeserverPerHour);
            case ADDRESS_BLOCK -> new Allowance(addressBlockBurst, addressBlockPerHour);
            case EVERYBODY -> new Allowance(everybodyBurst, everybodyPerHour);
        };
    }
}
