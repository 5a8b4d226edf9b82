package im.signet.kit.token.remote;

import im.signet.kit.peer.Peer;
import im.signet.kit.token.AccessToken;
import im.signet.kit.token.TokenIntrospection;
import im.signet.kit.web.ServiceName;
import im.signet.protocol.signature.UnpaddedBase64;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Ticker;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks a terms-service in another process. "Active, nothing outstanding" is kept for five seconds, which is how long a token
 * that was ended can still be used here; everything else is asked anew each time, so that nobody is refused who has just
 * accepted. What cannot be asked, or is not believed, is {@link Answer.Unavailable}. Safe for use by many threads.
 */
final class RemoteIntrospection implements TokenIntrospection {

    private static final Logger log = LoggerFactory.getLogger(RemoteIntrospection.class);
    private static final String PATH = "/_signet/terms/introspect";
    private static final String SIGNED = "application/token-introspection+jwt";
    private static final Duration KEPT = Duration.ofSeconds(5);
    private static final int MAX_KEPT = 100_000;
    private static final int MAX_TOKEN = 512;

    private final Peer termsService;
    private final SignedAnswers answers;
    private final Cache<Question, Answer.Active> kept;

    /** Which token, by its hash: what is kept can be shown to nobody. */
    private record Question(String tokenSha256, ServiceName service) {}

    RemoteIntrospection(Peer termsService, SignedAnswers answers, Ticker ticker) {
        this.termsService = termsService;
        this.answers = answers;
        this.kept = Caffeine.newBuilder().expireAfterWrite(KEPT).maximumSize(MAX_KEPT).ticker(ticker).build();
    }

    @Override
    public Answer introspect(AccessToken token, ServiceName service) {
        if (token.value().length() > MAX_TOKEN) {
            return new Answer.Inactive(); // those that are given out are much shorter
        }
        Question question = new Question(UnpaddedBase64.encodeUrl(token.hash()), service);
        Answer.Active known = kept.getIfPresent(question);
        if (known != null) {
            return known;
        }
        Answer answer = ask(token, service);
        if (answer instanceof Answer.Active active && !active.termsOutstanding()) {
            kept.put(question, active);
        }
        return answer;
    }

    private Answer ask(AccessToken token, ServiceName service) {
        String form = "token=" + URLEncoder.encode(token.value(), StandardCharsets.UTF_8) + "&im.signet.service="
                + service.value();
        return switch (termsService.post(PATH, "application/x-www-form-urlencoded", SIGNED, form)) {
            case Peer.Reply.Answered(int status, String body) when status == 200 -> read(body, token, service);
            case Peer.Reply.Answered(int status, _) when status == 401 -> {
                log.error("the terms-service at {} does not know us: compare signet.terms-service.client-id and "
                        + "client-secret with its signet.introspection.clients", termsService);
                yield new Answer.Unavailable();
            }
            case Peer.Reply.Answered(int status, _) -> {
                log.error("the terms-service at {} answered {} to an introspection", termsService, status);
                yield new Answer.Unavailable();
            }
            case Peer.Reply.Unreachable _ -> new Answer.Unavailable();
        };
    }

    private Answer read(String body, AccessToken token, ServiceName service) {
        try {
            return answers.read(body, token, service);
        } catch (SignedAnswers.Unbelievable unbelievable) {
            log.error("an answer of the terms-service at {} is not believed: {}", termsService,
                    unbelievable.getMessage());
            return new Answer.Unavailable();
        }
    }
}
