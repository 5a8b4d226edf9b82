package im.signet.kit.web;

import java.time.Duration;

import jakarta.validation.constraints.AssertTrue;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * How the server leaves.
 *
 * @param drainTime how long it goes on serving after it was told to stop, while it says that it is not ready; a proxy that
 *            asks for that turns to another replica meanwhile, and nobody's request fails
 */
@Validated
@ConfigurationProperties("signet")
record DrainProperties(@DefaultValue("0s") Duration drainTime) {

    private static final Duration LONGEST = Duration.ofMinutes(5);

    @AssertTrue(message = "drain-time must be from 0s to 5m")
    boolean isDrainTimeUsable() {
        return !drainTime.isNegative() && drainTime.compareTo(LONGEST) <= 0;
    }
}
