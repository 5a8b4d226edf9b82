package im.signet.identity.lookup;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Positive;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * How lookups behave.
 *
 * @param maxAddresses how many addresses one lookup may ask for
 */
@Validated
@ConfigurationProperties("signet.lookup")
record LookupProperties(@DefaultValue("10000") @Positive @Max(20_000) int maxAddresses) {}
