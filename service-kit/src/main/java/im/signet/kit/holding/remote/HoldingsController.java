package im.signet.kit.holding.remote;

import im.signet.kit.holding.ConfirmationLink;
import im.signet.kit.holding.Ending;
import im.signet.kit.holding.Holding;
import im.signet.kit.holding.Holdings;
import im.signet.kit.log.RequestId;
import im.signet.kit.page.Audience;
import im.signet.kit.peer.PeerCredentials;
import im.signet.kit.token.remote.TermsService;
import im.signet.kit.web.OpenToAll;
import im.signet.kit.web.Params;
import im.signet.protocol.Parsed;
import im.signet.protocol.error.ErrorCode;
import im.signet.protocol.identifier.UserId;
import im.signet.protocol.json.JsonArray;
import im.signet.protocol.json.JsonObject;

import java.net.URI;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

import jakarta.servlet.http.HttpServletRequest;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

/// `POST /_signet/holdings/...`: the terms-service, in another process, asks what this service keeps of a user, and has
/// it ended. It proves itself by the secret that both know.
@RestController
final class HoldingsController {

    static final String OF = "/_signet/holdings/of";
    static final String SEND = "/_signet/holdings/send";
    static final String END = "/_signet/holdings/end";

    private static final int MAX_ID = 256;
    private static final int MAX_URL = 2048;
    private static final long MAX_LIFE_MS = Duration.ofDays(7).toMillis();

    private final Holdings holdings;
    private final TermsService termsService;

    HoldingsController(Holdings holdings, TermsService termsService) {
        this.holdings = holdings;
        this.termsService = termsService;
    }

    @OpenToAll
    @PostMapping(OF)
    JsonObject of(HttpServletRequest request, Params params) {
        authenticate(request);
        return JsonObject.builder()
                .put("holdings",
                        JsonArray.of(holdings.of(user(params)).stream().map(HoldingsController::described).toList()))
                .build();
    }

    private static JsonObject described(Holding holding) {
        return JsonObject.builder()
                .put("id", holding.id())
                .put("kind", holding.kind())
                .put("shown", holding.shown())
                .put("reachable", holding.reachable())
                .put("since_ts", holding.since().toEpochMilli())
                .build();
    }

    @OpenToAll
    @PostMapping(SEND)
    JsonObject send(HttpServletRequest request, Params params) {
        authenticate(request);
        ConfirmationLink link = new ConfirmationLink(params.parsed("url", MAX_URL, this::link), ending(params),
                Duration.ofMillis(params.integer("life_ms", 1, MAX_LIFE_MS)),
                new Audience(Locale.forLanguageTag(params.string("language", 35)), params.optionalString("brand", 64)));
        return JsonObject.builder()
                .put("sent", holdings.send(user(params), params.string("id", MAX_ID), link))
                .build();
    }

    // What goes out under our name leads to our own pages.
    private Parsed<URI> link(String url) {
        return url.startsWith(termsService.issuer() + "/")
                ? Parsed.ok(URI.create(url))
                : Parsed.refused("a link leads to the terms-service's own pages");
    }

    @OpenToAll
    @PostMapping(END)
    JsonObject end(HttpServletRequest request, Params params) {
        authenticate(request);
        holdings.end(user(params), ending(params), params.parsed("before", 64, HoldingsController::instant));
        return JsonObject.of();
    }

    private static UserId user(Params params) {
        return params.parsed("user", 255, UserId::parse);
    }

    private static Ending ending(Params params) {
        return params.parsed("ending", 16, HoldingsController::ending);
    }

    private static Parsed<Ending> ending(String word) {
        Optional<Ending> ending = Arrays.stream(Ending.values())
                .filter(one -> one.name().toLowerCase(Locale.ROOT).equals(word))
                .findFirst();
        return ending.map(Parsed::ok).orElseGet(() -> Parsed.refused("an ending is withdrawn or erased"));
    }

    private static Parsed<Instant> instant(String text) {
        try {
            return Parsed.ok(Instant.parse(text));
        } catch (DateTimeException noInstant) {
            return Parsed.refused("an instant is written as 2026-11-21T12:00:00Z");
        }
    }

    private void authenticate(HttpServletRequest request) {
        if (PeerCredentials.of(request).filter(termsService::knows).isEmpty()) {
            throw ErrorCode.M_UNAUTHORIZED.because("this is for the terms-service");
        }
        RequestId.adopt(request);
    }
}
