package im.signet.terms.overview;

import im.signet.kit.limit.Limit;
import im.signet.kit.limit.Rate;
import im.signet.kit.limit.Refusals;
import im.signet.protocol.identifier.UserId;

import java.util.List;

import jakarta.validation.constraints.NotEmpty;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * How often links are given out.
 *
 * @param overviewsPerAccount     links to the overview that one account can ask for
 * @param confirmationsPerAccount links to confirm an ending that one account can have sent
 */
@Validated
@ConfigurationProperties("signet.limits")
record OverviewLimits(@DefaultValue("10 then 1 per 1m") @NotEmpty List<Rate> overviewsPerAccount,
        @DefaultValue("3 then 1 per 15m") @NotEmpty List<Rate> confirmationsPerAccount) {

    static {
        Refusals.declare("overviews-per-account", "confirmations-per-account");
    }

    Limit.Claim overview(UserId user) {
        return new Limit("overviews-per-account", overviewsPerAccount).by(user.value());
    }

    Limit.Claim confirmation(UserId user) {
        return new Limit("confirmations-per-account", confirmationsPerAccount).by(user.value());
    }
}
