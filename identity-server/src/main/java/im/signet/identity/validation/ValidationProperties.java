package im.signet.identity.validation;

import java.time.Duration;
import java.util.List;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Positive;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * How validation sessions behave.
 *
 * @param confirm         what opening the mailed link does: {@code page} shows a page whose button confirms, {@code link}
 *                        confirms at once, as the specification's letter has it; with {@code link}, a mail scanner that
 *                        follows links validates a stranger's session for its own user's address
 * @param sessionLifetime how long after it was begun or validated a session can still be used
 * @param maxAttempts     wrong tokens after which a session is closed
 * @param nextLinkHosts   hosts that a page may send people on to when a client asks for it with {@code next_link}; those
 *                        of other hosts are not followed
 */
@Validated
@ConfigurationProperties("signet.validation")
record ValidationProperties(@DefaultValue("page") Confirm confirm,
        @DefaultValue("24h") @DurationMin(minutes = 1) Duration sessionLifetime,
        @DefaultValue("5") @Positive @Max(100) int maxAttempts, @DefaultValue List<String> nextLinkHosts) {

    /** What opening the mailed link does. */
    enum Confirm {
        PAGE, LINK
    }
}
