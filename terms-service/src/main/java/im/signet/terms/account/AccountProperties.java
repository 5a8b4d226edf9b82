package im.signet.terms.account;

import java.time.Duration;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * How accounts behave.
 *
 * @param tokenLifetime how long an access token lives after it was last used
 * @param maxTokens how many access tokens a user can have; one more ends the one that was not used for longest
 */
@Validated
@ConfigurationProperties("signet.account")
record AccountProperties(
        @DefaultValue("90d") @DurationMin(minutes = 1) @DurationMax(days = 36_500) Duration tokenLifetime,
        @DefaultValue("100") @Min(1) @Max(10_000) int maxTokens) {}
