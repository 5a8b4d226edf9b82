package im.signet.identity.validation.sms;

import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.PatternSyntaxException;

import com.google.i18n.phonenumbers.PhoneNumberUtil;
import jakarta.validation.Valid;
import jakarta.validation.constraints.AssertTrue;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.Pattern;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * The gateway that SMS are handed to, an HTTP API. Without a URL none are sent, and requests for them are refused.
 *
 * @param url          what is called for each SMS; no redirect is followed, and the certificate is always checked. Without it
 *                     no SMS is sent, and requests for one get {@code M_SEND_ERROR}
 * @param method       how the gateway is called
 * @param headers      what is sent with each call, such as {@code Authorization}; the {@code Content-Type} says how the
 *                     placeholders are written: JSON (the default) or {@code application/x-www-form-urlencoded}
 * @param body         what is sent, where <code>{to}</code> stands for the digits of the number, country code first and
 *                     without '+', and <code>{text}</code> for the message; in JSON, inside of a string
 * @param success      which answers say that the gateway took the SMS
 * @param countries    where SMS may be sent to, as two-letter codes of ISO 3166; nowhere else, for each SMS costs the
 *                     operator, and some much
 * @param codeLifetime how long a code can be used
 * @param caFile       PEM file of certificates that the gateway's certificate may be issued by, besides the authorities that
 *                     the Java runtime trusts; read once, at the start
 * @param maxQueued    how many SMS may wait to be sent; requests for more of them get {@code M_SEND_ERROR}
 */
@Validated
@ConfigurationProperties("signet.sms")
record SmsProperties(@Nullable URI url, @DefaultValue("post") Method method, @DefaultValue Map<String, String> headers,
        @Nullable String body, @Valid @DefaultValue Success success, @DefaultValue List<String> countries,
        @DefaultValue("10m") @DurationMin(minutes = 1) @DurationMax(hours = 1) Duration codeLifetime,
        @Nullable Path caFile, @DefaultValue("10000") @Min(1) int maxQueued) {

    /** How the gateway is called. */
    enum Method {
        POST, PUT
    }

    /**
     * Which answers say that the gateway took the SMS.
     *
     * @param status the status, or the range of them, with which the gateway says that it took the SMS
     * @param body   a regular expression that is to be found in the answer, for gateways that answer 200 to everything
     */
    record Success(
            @DefaultValue("200-299") @Pattern(regexp = "[1-5]\\d\\d(-[1-5]\\d\\d)?", message = "must be a status such as 202, or a range such as 200-299") String status,
            @Nullable String body) {

        boolean covers(int answered) {
            int first = Integer.parseInt(status.substring(0, 3));
            int last = Integer.parseInt(status.substring(status.length() - 3));
            return first <= answered && answered <= last;
        }

        @AssertTrue(message = "signet.sms.success.body must be a regular expression")
        boolean isBodyRuleReadable() {
            try {
                return body == null || java.util.regex.Pattern.compile(body).flags() >= 0;
            } catch (PatternSyntaxException unreadable) {
                return false;
            }
        }
    }

    @AssertTrue(message = "signet.sms.url must be an absolute http or https URL without user name and fragment")
    boolean isUrlUsable() {
        return url == null || (url.getHost() != null && url.getUserInfo() == null && url.getFragment() == null
                && List.of("http", "https").contains(url.getScheme()));
    }

    @AssertTrue(message = "signet.sms.headers has a Content-Type that is neither JSON nor "
            + "application/x-www-form-urlencoded, or a header that cannot be set")
    boolean isHeadersUsable() {
        if (BodyTemplate.Encoding.of(contentType()).isEmpty()) {
            return false;
        }
        try {
            HttpRequest.Builder request = HttpRequest.newBuilder();
            headers.forEach(request::header);
            return true;
        } catch (IllegalArgumentException refused) {
            return false;
        }
    }

    @AssertTrue(message = "signet.sms.body must be set where signet.sms.url is, have {to} and {text} in it, and be JSON "
            + "where that is its type, with {text} inside of a string")
    boolean isBodyUsable() {
        return url == null || BodyTemplate.Encoding.of(contentType())
                .map(encoding -> body != null && new BodyTemplate(body, encoding).isUsable())
                .orElse(true); // said above
    }

    @AssertTrue(message = "signet.sms.countries must be two-letter codes in upper case (in YAML, Norway is \"NO\" with "
            + "quotes)")
    boolean isCountriesKnown() {
        return PhoneNumberUtil.getInstance().getSupportedRegions().containsAll(countries);
    }

    /** Returns the type of the body. */
    String contentType() {
        return headers.entrySet()
                .stream()
                .filter(header -> header.getKey().equalsIgnoreCase("Content-Type"))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElse("application/json");
    }

    // Headers carry keys, and so may the URL and the body.
    @Override
    public String toString() {
        return "SmsProperties[" + (url == null ? "none" : url.getHost()) + ", " + countries + "]";
    }
}
