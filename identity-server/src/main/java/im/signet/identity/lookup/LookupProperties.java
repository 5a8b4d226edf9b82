package im.signet.identity.lookup;

import java.time.Duration;
import java.util.List;

import jakarta.validation.constraints.AssertTrue;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Positive;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * How lookups behave.
 *
 * @param algorithms     how clients may encode the addresses that they look up: {@code sha256} always, and {@code none} if
 *                       they may send them as they are, which the specification discourages
 * @param pepperLifetime how long clients hash with the same pepper before they are given a new one; the one before is
 *                       accepted for another hour
 * @param maxAddresses   how many addresses one lookup may ask for
 */
@Validated
@ConfigurationProperties("signet.lookup")
record LookupProperties(@DefaultValue("sha256") List<Algorithm> algorithms,
        @DefaultValue("30d") @DurationMin(hours = 1) Duration pepperLifetime,
        @DefaultValue("10000") @Positive @Max(20_000) int maxAddresses) {

    LookupProperties {
        algorithms = algorithms.stream().distinct().toList();
    }

    @AssertTrue(message = "algorithms must list sha256, which every client knows; none may stand beside it")
    boolean isSha256Offered() {
        return algorithms.contains(Algorithm.SHA256);
    }
}
