package im.signet.kit.limit;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import io.github.bucket4j.Bandwidth;
import org.springframework.boot.convert.DurationStyle;

/**
 * How much of something may be done: so much at once, and then more as time goes by. Written {@code 5 then 1 per 5m}; what
 * comes back is spread over the time, so that {@code 60 then 60 per 1m} gives one back each second.
 */
public final class Rate {

    private static final Pattern FORM = Pattern
            .compile("([1-9][0-9]{0,5}) then ([1-9][0-9]{0,5}) per ([1-9][0-9]{0,5}[smhd])");

    private final String text;
    private final Bandwidth bandwidth;

    private Rate(String text, Bandwidth bandwidth) {
        this.text = text;
        this.bandwidth = bandwidth;
    }

    /**
     * Returns the rate that the text names. Settings are bound by this method.
     *
     * @throws IllegalArgumentException when the text names none
     */
    public static Rate valueOf(String text) {
        Matcher form = FORM.matcher(text);
        if (!form.matches()) {
            throw new IllegalArgumentException(
                    "not a rate such as '5 then 1 per 5m', with numbers up to 999999 and s, m, h or d");
        }
        Duration period = DurationStyle.SIMPLE.parse(form.group(3));
        return new Rate(text, Bandwidth.builder()
                .capacity(Long.parseLong(form.group(1)))
                .refillGreedy(Long.parseLong(form.group(2)), period)
                .build());
    }

    Bandwidth bandwidth() {
        return bandwidth;
    }

    /** Returns the rate as it was written. */
    @Override
    public String toString() {
        return text;
    }
}
