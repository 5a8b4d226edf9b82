package im.signet.client;

import im.signet.client.transport.Response;
import im.signet.protocol.Parsed;
import im.signet.protocol.json.JsonObject;
import im.signet.protocol.json.StrictJson;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads what a server answered, which may be anything: a page of a gateway, an attack, or what the specification says. */
final class AnswerReader {
    private static final Pattern ERRCODE = Pattern.compile("[A-Za-z0-9_.]{1,100}");
    private static final Pattern SECONDS = Pattern.compile("[0-9]{1,9}");

    private static final Pattern MAX_AGE = Pattern.compile("(?:^|[\\s,])max-age=([0-9]{1,9})(?:$|[\\s,])");

    private static final Set<String> UNKNOWN_ACCOUNT = Set.of("M_UNKNOWN_TOKEN", "M_MISSING_TOKEN");

    private AnswerReader() {}

    /** As whom a request was sent. */
    enum Asker {
        /** As somebody. */
        NOBODY,
        /** By the token of a session at an identity server. */
        SESSION,
        /** By the token of an account at a homeserver. */
        ACCOUNT
    }

    /** Returns what {@code response} says to {@code asker}. */
    static Answer read(Response response, Asker asker, StrictJson.Limits limits) {
        int status = response.status();
        Parsed<JsonObject> body = StrictJson.parseObject(response.body(), limits);
        if (status >= 200 && status < 300) {
            return body instanceof Parsed.Ok<JsonObject> ok
                    ? new Answer.Ok(ok.value(), maxAge(response))
                    : malformed("the answer is not a JSON object: " + ((Parsed.Refused<JsonObject>) body).reason());
        }
        if (status >= 300 && status < 400) {
            return malformed("the server answered with a redirect (" + status + "); redirects are not followed");
        }
        if (status < 400 || status > 599) {
            return malformed("the server answered with the status " + status + ", which means nothing here");
        }
        return error(response, body.toOptional().orElse(JsonObject.of()), asker);
    }

    private static Answer error(Response response, JsonObject body, Asker asker) {
        int status = response.status();
        Optional<String> errcode = either(body, "errcode", "code").filter(code -> ERRCODE.matcher(code).matches());
        String message = ShownText.of(either(body, "error", "detail").orElse(""));
        if (status == 429 || errcode.filter("M_LIMIT_EXCEEDED"::equals).isPresent()) {
            return new Answer.Broken(new Failure.Limited(retryAfter(response, body)));
        }
        if (status == 401 && asker == Asker.SESSION) {
            return new Answer.Broken(new Failure.SignedOut(message));
        }
        if (status == 401 && asker == Asker.ACCOUNT && errcode.filter(UNKNOWN_ACCOUNT::contains).isPresent()) {
            boolean isSoft = body.bool("soft_logout").orElse(false);
            return new Answer.Broken(new Failure.HomeserverSignedOut(isSoft, message));
        }
        if (errcode.isPresent()) {
            return new Answer.Refusal(status, errcode.get(), message, body);
        }
        if (status == 413) {
            return new Answer.Refusal(status, "M_TOO_LARGE", "", body);
        }
        if (status >= 502 && status <= 504) {
            return new Answer.Broken(new Failure.Unreachable("a gateway answered in the server's place: " + status));
        }
        return new Answer.Broken(
                new Failure.Malformed("the server answered with the status " + status + " and no error code"), status);
    }

    private static Optional<String> either(JsonObject body, String matrix, String problem) {
        Optional<String> text = body.string(matrix);
        return text.isPresent() ? text : body.string(problem);
    }

    /** Returns for how long the server lets its answer be kept; zero when it does not say so. */
    private static Duration maxAge(Response response) {
        Matcher matcher = MAX_AGE.matcher(response.header("Cache-Control").orElse(""));
        return matcher.find() ? Duration.ofSeconds(Long.parseLong(matcher.group(1))) : Duration.ZERO;
    }

    /** Returns how long to wait: from the header, which the specification prefers, else from the body. */
    private static Optional<Duration> retryAfter(Response response, JsonObject body) {
        Optional<Duration> fromHeader = response.header("Retry-After")
                .map(String::trim)
                .flatMap(
                        text -> SECONDS.matcher(text).matches()
                                ? Optional.of(Duration.ofSeconds(Long.parseLong(text)))
                                : untilDate(text, response.header("Date")));
        return fromHeader.isPresent()
                ? fromHeader
                : body.integer("retry_after_ms").filter(ms -> ms >= 0).map(Duration::ofMillis);
    }

    /** Returns the time from one HTTP date to another. Both are the server's, so that its clock need not be right. */
    private static Optional<Duration> untilDate(String date, Optional<String> now) {
        return now.flatMap(AnswerReader::instant)
                .flatMap(from -> instant(date).map(to -> Duration.between(from, to)))
                .filter(wait -> !wait.isNegative());
    }

    private static Optional<Instant> instant(String httpDate) {
        try {
            return Optional.of(Instant.from(DateTimeFormatter.RFC_1123_DATE_TIME.parse(httpDate.trim())));
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    private static Answer malformed(String reason) {
        return new Answer.Broken(new Failure.Malformed(reason));
    }
}
